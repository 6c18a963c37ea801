"""A PDF may carry its own invoice and nothing else, and an invoice in XML carries no harm (X9)."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from msgspec.structs import replace

from backend.adapters.inspector_process import InspectorProcess
from backend.inspection.refusals import UploadRefusal as R
from backend.inspection.rules import XML
from tests.adapters.chunks import chunked, collect
from tests.claiming import CII, UBL, carrying
from tests.samples import SAMPLES, WITHOUT_SAMPLES
from tests.security.hostile_pdfs import pdf, stream
from tests.security.test_hostile_files import rules

_FACTUR_X = "factur-x.xml"
_DOCTYPE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_BOMB = b'<!DOCTYPE a [<!ENTITY x "' + b"a" * 1000 + b'"><!ENTITY y "' + b"&x;" * 1000 + b'">]>'
_SCRIPT = b'<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'
_CARRIER = b"<x:EmbeddedDocumentBinaryObject xmlns:x='urn:oasis:names:specification:ubl:c'/>"


def _within(content: bytes, extra: bytes) -> bytes:
    """Write something as the last child of the root."""
    at = content.rindex(b"</")
    return content[:at] + extra + content[at:]


def _before(content: bytes, extra: bytes) -> bytes:
    declaration, _, rest = content.partition(b"?>")
    return declaration + b"?>" + extra + rest


HOSTILE_XML = {
    "external entity": (_before(CII, _DOCTYPE), R.ACTIVE_CONTENT),
    "billion laughs": (_before(UBL, _BOMB), R.ACTIVE_CONTENT),
    "style sheet": (_before(CII, b'<?xml-stylesheet href="a.xsl"?>'), R.ACTIVE_CONTENT),
    "script": (_within(CII, _SCRIPT), R.HIDDEN_CONTENT),
    "file inside": (_within(UBL, _CARRIER), R.EMBEDDED_FILE),
    "other root": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
                   R.TYPE_NOT_ALLOWED),
    "cut": (CII[:-4], R.DAMAGED),
    "two documents": (CII + CII, R.DAMAGED),
    "too deep": (_within(CII, b"<ram:a>" * 50 + b"</ram:a>" * 50), R.TOO_COMPLEX),
    "too many": (_within(CII, b"<ram:a/>" * 50_001), R.TOO_COMPLEX),
    "too large": (_within(CII, b" " * 2_000_001), R.TOO_COMPLEX),
}  # fmt: skip


async def _inspect(content: bytes, *, carries: bool = True) -> tuple[R | None, str, bytes]:
    taken = replace(rules(), accepted=(*rules().accepted, XML), may_carry_invoice=carries)
    async with InspectorProcess().inspect(chunked(content), taken) as inspected:
        return inspected.refusal, inspected.media_type, await collect(inspected.content)


@pytest.mark.parametrize("invoice", [CII, UBL, b"\xef\xbb\xbf" + CII])
async def test_X9_an_invoice_in_xml_comes_through_as_it_is(invoice: bytes) -> None:
    assert await _inspect(invoice) == (None, XML, invoice)


@pytest.mark.skipif(SAMPLES is None, reason=WITHOUT_SAMPLES)
@pytest.mark.parametrize("name", ["factur-x-en16931.xml", "zugferd-basic.xml"])
async def test_X9_real_invoices_are_taken(name: str) -> None:
    assert SAMPLES is not None
    content = (SAMPLES / "invoice-xml" / name).read_bytes()
    assert (await _inspect(content))[:2] == (None, XML)


@pytest.mark.parametrize(("content", "refusal"), HOSTILE_XML.values(), ids=list(HOSTILE_XML))
async def test_X9_no_hostile_invoice_comes_through(content: bytes, refusal: R) -> None:
    assert await _inspect(content) == (refusal, "", b"")
    # Within a PDF neither.
    assert (await _inspect(carrying((_FACTUR_X, content))))[0] is refusal


@pytest.mark.parametrize("name", [_FACTUR_X, "ZUGFeRD-invoice.xml", "xrechnung.xml"])
async def test_X9_a_pdf_keeps_the_one_invoice_that_it_carries(name: str) -> None:
    refusal, _, made = await _inspect(carrying((name, CII)))
    assert refusal is None
    with pikepdf.open(io.BytesIO(made)) as remade:
        assert {key: one.get_file().read_bytes() for key, one in remade.attachments.items()} == {
            name: CII
        }


def _filespec(entries: str, name: str = _FACTUR_X) -> str:
    return f"<< /Type /Filespec /F ({name}) /UF ({name}) {entries} >>"


_NAMED = "/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>"
_FILE = stream(CII, "/Type /EmbeddedFile")
_OTHERS = {
    "two files": carrying((_FACTUR_X, CII), ("note.txt", b"hello")),
    "two invoices": carrying((_FACTUR_X, CII), ("xrechnung.xml", UBL)),
    "another name": carrying(("rechnung.xml", CII)),
    "a name for each reader": pdf(
        _NAMED, "", "<< /Type /Filespec /F (factur-x.xml) /UF (a.exe) /EF << /F 5 0 R >> >>", _FILE
    ),
    "a file that nothing names": pdf("", "", _FILE),
    "related files": pdf(
        _NAMED, "", _filespec("/EF << /F 5 0 R >> /RF << /F [(a) 6 0 R] >>"), _FILE, stream(b"x")
    ),
    "a portfolio": pdf(
        f"{_NAMED} /Collection << /View /D >>", "", _filespec("/EF << /F 5 0 R >>"), _FILE
    ),
    "no file under the name": pdf(_NAMED, "", _filespec("/EF << /F null >>")),
    "attached to a page": pdf(
        _NAMED,
        "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS 4 0 R >>]",
        _filespec("/EF << /F 5 0 R >>"),
        _FILE,
    ),
    "encoded twice": pdf(
        _NAMED,
        "",
        _filespec("/EF << /F 5 0 R >>"),
        stream(
            zlib.compress(zlib.compress(CII)),
            "/Type /EmbeddedFile /Filter [/FlateDecode /FlateDecode]",
        ),
    ),
}


@pytest.mark.parametrize("content", _OTHERS.values(), ids=list(_OTHERS))
async def test_X9_every_other_file_in_a_pdf_is_refused(content: bytes) -> None:
    assert (await _inspect(content))[0] in {R.EMBEDDED_FILE, R.DAMAGED}


async def test_X9_the_invoice_is_refused_where_policy_takes_none() -> None:
    assert (await _inspect(carrying((_FACTUR_X, CII)), carries=False))[0] is R.EMBEDDED_FILE


async def test_X9_a_bomb_that_calls_itself_an_invoice_is_refused() -> None:
    bomb = stream(zlib.compress(bytes(50_000_000), 9), "/Type /EmbeddedFile /Filter /FlateDecode")
    content = pdf(_NAMED, "", _filespec("/EF << /F 5 0 R >>"), bomb)
    assert (await _inspect(content))[0] is R.TOO_COMPLEX
