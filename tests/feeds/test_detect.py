"""Formats are told from content: every sample, traps, and names that lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend.feeds.detect import HEAD_BYTES, FeedFormat, detect

if TYPE_CHECKING:
    from pathlib import Path

GDV = b"0001" + b"12345" + b"Musterland".ljust(61) + b"0101202631122026" + b" " * 170 + b"\r\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", None),
        (b"\n\n", None),
        (b"hello\n", None),
        (b"%PDF-1.7\n", None),
        (GDV, FeedFormat.GDV),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">', FeedFormat.CAMT),
        (b"\xef\xbb\xbf<?xml?><D><BkToCstmrStmt>", FeedFormat.CAMT),
        ('<?xml encoding="UTF-16"?><x:BkToCstmrAcctRpt>'.encode("utf-16"), FeedFormat.CAMT),
        (b'<xs:schema xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">', None),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">', None),
        (b":20:STARTUMS\r\n:25:1\r\n", FeedFormat.MT940),
        (b"\r\n:20:STARTUMS\r\n", FeedFormat.MT940),
        (b"{1:F01INGBNL2AXXXX00001}\r\n", FeedFormat.MT940),
        (b":86:091\n-", FeedFormat.MT940),
        (b'"Auftragskonto";"Buchungstag";"Valutadatum"', None),
        (b"a;b;c;d\n1;2;3;4\n", FeedFormat.CSV),
        (
            b"Buchungstag,Wertstellung,Umsatzart,Buchungstext,Betrag,W\xe4hrung,Auftraggeberkonto\n",
            FeedFormat.CSV,
        ),
        (b'\n[ {"id": "1", "sha256": "ab"', FeedFormat.MANIFEST),
        (b'[{"form": "F-1", "title": {"de": ""}, "sha256": "ab"', FeedFormat.FORMS),
        (b'[{"form": "F-1", "withdrawn": true}]', FeedFormat.FORMS),
        (b"[]\n", FeedFormat.MANIFEST),
        (b'[{"resourceType": "Bundle"}]', None),
        (b'{"iban": "DE1", "product": "CALL_MONEY", "holders": []}\n', FeedFormat.ACCOUNTS),
        (b'{"submission": "5f", "outcome": "CONFIRMED"}\n', FeedFormat.ACKNOWLEDGEMENTS),
        (b'{"resourceType": "Bundle", "id": "1"}\n', None),
    ],
)
def test_content_tells_the_format(head: bytes, expected: FeedFormat | None) -> None:
    assert detect(head, "file.bin") is expected


def test_name_that_lies_changes_nothing() -> None:
    assert detect(GDV, "statement.xml") is FeedFormat.GDV
    assert detect(b":20:X\n:25:1\n", "list.csv") is FeedFormat.MT940


def test_format_names_are_those_of_the_command_line() -> None:
    assert {member.value for member in FeedFormat} == {
        "gdv",
        "camt",
        "mt940",
        "csv",
        "manifest",
        "accounts",
        "acknowledgements",
        "claims",
        "forms",
    }


FOLDERS = {
    "camt": FeedFormat.CAMT,
    "csv": FeedFormat.CSV,
    "fhir-vsdm": None,
    "gdv": FeedFormat.GDV,
    "images": None,
    "invoice-xml": None,
    "iso20022-xsd": None,
    "mt940": FeedFormat.MT940,
    "pdf": None,
}
# Licences and specifications beside the samples; ten lines of digits are no MT940.
OF_NO_FORMAT = {"invalid_statement.sta", "VUVM2018.xml", "VUVM2023.xml", "fields-2023-selected.md"}


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_every_sample_is_told_from_its_first_bytes(folder: str, samples: Path) -> None:
    files = [path for path in (samples / folder).rglob("*") if path.is_file()]
    assert files
    for path in files:
        is_sample = not path.name.startswith("LICENSE") and path.name not in OF_NO_FORMAT
        with path.open("rb") as stream:
            found = detect(stream.read(HEAD_BYTES), "sample")
        assert (path.name, found) == (path.name, FOLDERS[folder] if is_sample else None)
