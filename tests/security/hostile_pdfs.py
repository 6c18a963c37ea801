"""PDFs that act, hide, explode or are broken, each with the reason for which it is refused."""

from __future__ import annotations

import io
import zlib

import pikepdf

from backend.inspection.refusals import UploadRefusal as R

Files = dict[str, tuple[str, bytes, R]]
PDF = "application/pdf"
_JS = "/S /JavaScript /JS (app.alert\\(1\\))"


def pdf(catalog: str = "", page: str = "", *objects: bytes | str, pages: int = 1) -> bytes:
    """Return a PDF: object 1 is its catalog, 2 the tree of pages, 3 the first page; then others."""
    kids = " ".join("3 0 R" for _ in range(pages))
    bodies: list[bytes | str] = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {page} >>",
        *objects,
    ]
    made = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        content = body.encode("latin-1") if isinstance(body, str) else body
        made += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(bodies) + 1
    return (
        made
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
        ).encode()
    )


def stream(content: bytes, entries: str = "") -> bytes:
    """Return a stream object."""
    head = f"<< /Length {len(content)} {entries} >>\nstream\n".encode()
    return head + content + b"\nendstream"


def _annotation(entries: str) -> bytes:
    return pdf("", "/Annots [4 0 R]", f"<< /Type /Annot /Rect [0 0 9 9] {entries} >>")


def _link(action: str) -> bytes:
    return _annotation(f"/Subtype /Link /A << {action} >>")


def _zeros(megabytes: int) -> bytes:
    """Compress one megabyte and repeat it: compressing all of them takes seconds."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    sums = (megabytes << 20) % 65521 << 16 | 1
    return b"\x78\xda" + megabyte * megabytes + packer.flush() + sums.to_bytes(4, "big")


def _encrypted(user: str, owner: str, **permissions: bool) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as plain:
        allowed = pikepdf.Permissions(**permissions)
        plain.save(made, encryption=pikepdf.Encryption(user=user, owner=owner, allow=allowed))
    return made.getvalue()


def _in_object_stream() -> bytes:
    """Hide an action where a search through the bytes does not find it."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(f"/OpenAction << {_JS} >>"))) as plain:
        plain.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in made.getvalue()
    return made.getvalue()


_CONTENT = "/Contents 4 0 R"
_HUGE = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 1"
_FLATE = "/Filter /FlateDecode"
_HTML = b"<html><script>alert(1)</script></html>"

ACTIVE: Files = {
    "script on opening": (PDF, pdf(f"/OpenAction << {_JS} >>"), R.ACTIVE_CONTENT),
    "script in the names": (
        PDF,
        pdf("/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", "", f"<< {_JS} >>"),
        R.ACTIVE_CONTENT,
    ),
    "script on closing": (PDF, pdf(f"/AA << /WC << {_JS} >> >>"), R.ACTIVE_CONTENT),
    "script when a page shows": (PDF, pdf("", f"/AA << /O << {_JS} >> >>"), R.ACTIVE_CONTENT),
    "script under a link": (PDF, _link(_JS), R.ACTIVE_CONTENT),
    "script after a link": (
        PDF,
        _link(f"/S /URI /URI (https://a.example) /Next << {_JS} >>"),
        R.ACTIVE_CONTENT,
    ),
    "script in a list of next actions": (
        PDF,
        _link(f"/S /GoTo /D [3 0 R /Fit] /Next [<< /S /GoTo /D [3 0 R /Fit] >> << {_JS} >>]"),
        R.ACTIVE_CONTENT,
    ),
    "script with escaped names": (
        PDF,
        pdf("/OpenAction << /S /#4aava#53cript /#4aS (1) >>"),
        R.ACTIVE_CONTENT,
    ),
    "script that nothing refers to": (PDF, pdf("", "", f"<< {_JS} >>"), R.ACTIVE_CONTENT),
    "script in a stream": (
        PDF,
        pdf("/OpenAction << /S /JavaScript /JS 4 0 R >>", "", stream(b"app.alert(1)")),
        R.ACTIVE_CONTENT,
    ),
    "script in an object stream": (PDF, _in_object_stream(), R.ACTIVE_CONTENT),
    "script in an outline": (
        PDF,
        pdf("/Outlines << /First << /Title (x) /A 4 0 R >> >>", "", f"<< {_JS} >>"),
        R.ACTIVE_CONTENT,
    ),
    "script of a field": (
        PDF,
        pdf("/AcroForm << /Fields [4 0 R] >>", "", f"<< /T (a) /AA << /K << {_JS} >> >> >>"),
        R.ACTIVE_CONTENT,
    ),
    "launch of a program": (
        PDF,
        pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"),
        R.ACTIVE_CONTENT,
    ),
    "launch under a link": (
        PDF,
        _link("/S /Launch /Win << /F (cmd.exe) /P (/c calc) >>"),
        R.ACTIVE_CONTENT,
    ),
    "web page on opening": (
        PDF,
        pdf("/OpenAction << /S /URI /URI (https://evil.example) >>"),
        R.ACTIVE_CONTENT,
    ),
    "link to a script": (PDF, _link("/S /URI /URI (javascript:alert\\(1\\))"), R.ACTIVE_CONTENT),
    "link to a file": (PDF, _link("/S /URI /URI (file:///etc/passwd)"), R.ACTIVE_CONTENT),
    "link to a share": (PDF, _link("/S /URI /URI (\\\\\\\\evil\\\\share)"), R.ACTIVE_CONTENT),
    "link to data": (PDF, _link("/S /URI /URI (data:text/html,x)"), R.ACTIVE_CONTENT),
    "link without an address": (PDF, _link("/S /URI"), R.ACTIVE_CONTENT),
    "form that sends itself": (PDF, _link("/S /SubmitForm /F (http://evil)"), R.ACTIVE_CONTENT),
    "import of data": (PDF, _link("/S /ImportData /F (x.fdf)"), R.ACTIVE_CONTENT),
    "jump into another file": (
        PDF,
        _link("/S /GoToR /F (\\\\\\\\evil\\\\x.pdf)"),
        R.ACTIVE_CONTENT,
    ),
    "jump into an attachment": (PDF, _link("/S /GoToE /T << /R /C >>"), R.ACTIVE_CONTENT),
    "rendition": (PDF, _link("/S /Rendition /OP 0"), R.ACTIVE_CONTENT),
    "film as an action": (PDF, _link("/S /Movie"), R.ACTIVE_CONTENT),
    "sound as an action": (PDF, _link("/S /Sound"), R.ACTIVE_CONTENT),
    "hidden fields": (PDF, _link("/S /Hide /T (a)"), R.ACTIVE_CONTENT),
    "XFA form": (
        PDF,
        pdf("/AcroForm << /XFA [(template) 4 0 R] >>", "", stream(b"<xdp/>")),
        R.ACTIVE_CONTENT,
    ),
    "pages made by XFA": (PDF, pdf("/NeedsRendering true"), R.ACTIVE_CONTENT),
    "rich media": (PDF, _annotation("/Subtype /RichMedia"), R.ACTIVE_CONTENT),
    "screen": (PDF, _annotation("/Subtype /Screen"), R.ACTIVE_CONTENT),
    "film": (PDF, _annotation("/Subtype /Movie"), R.ACTIVE_CONTENT),
    "three dimensions": (PDF, _annotation("/Subtype /3D"), R.ACTIVE_CONTENT),
    "PostScript": (
        PDF,
        pdf("", "", stream(b"quit", "/Type /XObject /Subtype /PS")),
        R.ACTIVE_CONTENT,
    ),
    "data in another file": (
        PDF,
        pdf("", _CONTENT, stream(b"", "/F (/etc/passwd)")),
        R.ACTIVE_CONTENT,
    ),
}

CARRYING: Files = {
    "attachment": (
        PDF,
        pdf(
            "/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
            "",
            "<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>",
            stream(b"MZ", "/Type /EmbeddedFile"),
        ),
        R.EMBEDDED_FILE,
    ),
    "attachment on a page": (
        PDF,
        _annotation("/Subtype /FileAttachment /FS << /F (a) >>"),
        R.EMBEDDED_FILE,
    ),
    "attachment without a name": (
        PDF,
        pdf("", "", stream(b"MZ", "/Type /EmbeddedFile")),
        R.EMBEDDED_FILE,
    ),
    "header behind junk": (PDF, b"junk\n" + pdf(), R.HIDDEN_CONTENT),
    "header behind a picture": (PDF, b"GIF89a" + bytes(90) + pdf(), R.HIDDEN_CONTENT),
    "web page behind the end": (PDF, pdf() + _HTML, R.HIDDEN_CONTENT),
    "archive behind the end": (PDF, pdf() + b"PK\x03\x04" + bytes(40), R.HIDDEN_CONTENT),
    "archive around the end": (
        PDF,
        pdf("", "", stream(b"PK\x03\x04 PK\x05\x06" + bytes(16))),
        R.HIDDEN_CONTENT,
    ),
    "password": (PDF, _encrypted("secret", "secret"), R.ENCRYPTED),
    "restrictions without a password": (
        PDF,
        _encrypted("", "owner", extract=False, print_highres=False),
        R.ENCRYPTED,
    ),
}

TOO_MUCH: Files = {
    "bomb": (PDF, pdf("", _CONTENT, stream(_zeros(600), _FLATE)), R.TOO_COMPLEX),
    "bomb in a bomb": (
        PDF,
        pdf(
            "",
            _CONTENT,
            stream(zlib.compress(_zeros(600), 9), "/Filter [/FlateDecode /FlateDecode]"),
        ),
        R.TOO_COMPLEX,
    ),
    "many bombs": (
        PDF,
        pdf("", _CONTENT, *[stream(_zeros(150), _FLATE) for _ in range(4)]),
        R.TOO_COMPLEX,
    ),
    "chain of filters": (
        PDF,
        pdf("", _CONTENT, stream(b"", f"/Filter [{'/ASCIIHexDecode ' * 9}]")),
        R.TOO_COMPLEX,
    ),
    "too many pages": (PDF, pdf(pages=201), R.TOO_COMPLEX),
    "too many objects": (PDF, pdf("", "", *["null"] * 50_000), R.TOO_COMPLEX),
    "deep nesting": (PDF, pdf("", "", "[" * 100 + "]" * 100), R.TOO_COMPLEX),
    "picture of billions of pixels": (
        PDF,
        pdf("", "", stream(b"\0", f"{_HUGE} /Width 60000 /Height 60000")),
        R.TOO_MANY_PIXELS,
    ),
}

BROKEN: Files = {
    "header only": (PDF, b"%PDF-1.7\n", R.DAMAGED),
    "header and end": (PDF, b"%PDF-1.7\n%%EOF\n", R.DAMAGED),
    "cut off": (PDF, pdf()[:-40], R.DAMAGED),
    "cut in the middle": (PDF, pdf()[:150], R.DAMAGED),
    "table of objects leads astray": (
        PDF,
        pdf().replace(b"startxref\n", b"startxref\n9"),
        R.DAMAGED,
    ),
    "compressed nonsense": (PDF, pdf("", _CONTENT, stream(b"nonsense", _FLATE)), R.DAMAGED),
    "no pages": (PDF, pdf(pages=0), R.EMPTY),
    "no catalog": (PDF, pdf().replace(b"/Root 1 0 R", b"/Root 9 0 R"), R.DAMAGED),
}

PDFS: Files = {
    f"pdf: {name}": one
    for group in (ACTIVE, CARRYING, TOO_MUCH, BROKEN)
    for name, one in group.items()
}
