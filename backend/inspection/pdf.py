"""PDFs: every object is looked at; what acts, hides or explodes is refused, the rest rewritten."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from backend.inspection.pdf_invoices import CARRYING_KEYS, carries_invoice
from backend.inspection.pdf_streams import StreamBudget
from backend.inspection.refusals import FileRefusedError, UploadRefusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikepdf import Pdf

    from backend.inspection.rules import InspectionRules

_FORBIDDEN_KEYS = {
    **dict.fromkeys(
        ("/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/RichMediaSettings"),
        UploadRefusal.ACTIVE_CONTENT,
    ),
    # Pages made by a program of Adobe's only (dynamic XFA).
    "/NeedsRendering": UploadRefusal.ACTIVE_CONTENT,
    **dict.fromkeys(("/EF", "/EmbeddedFiles"), UploadRefusal.EMBEDDED_FILE),
}
# What an action may do: lead within the document, or to a page of the web when it is pressed.
_FORBIDDEN_ACTIONS = {
    "/ECMAScript",
    "/GoTo3DView",
    "/GoToE",
    "/GoToR",
    "/Hide",
    "/ImportData",
    "/JavaScript",
    "/Launch",
    "/Movie",
    "/Rendition",
    "/RichMediaExecute",
    "/SetState",
    "/Sound",
    "/SubmitForm",
    "/Thread",
}
_FORBIDDEN_KINDS = {
    **{
        f"/{name}": UploadRefusal.ACTIVE_CONTENT
        for name in ("RichMedia", "Screen", "Movie", "Sound", "3D", "U3D", "PRC", "PS")
    },
    "/FileAttachment": UploadRefusal.EMBEDDED_FILE,
}
_LINKS = (b"http://", b"https://", b"mailto:", b"tel:")
_DEEPEST = 64


def load_pdf_library() -> None:
    """Load it while files can still be opened."""
    import pikepdf  # noqa: PLC0415

    # Encrypting once opens the system's source of random numbers, which decrypting needs, too.
    once = pikepdf.Encryption(user="", owner="")
    pikepdf.new().save(io.BytesIO(), encryption=once)


def remake_pdf(content: bytes, rules: InspectionRules) -> bytes:
    """Return the PDF as it was understood here, without metadata and what nothing refers to.

    Raises:
        FileRefusedError: damaged, encrypted, active, carrying files, or too much of anything.
    """
    import pikepdf  # noqa: PLC0415  # loaded in the inspecting process only

    try:
        pdf = pikepdf.open(io.BytesIO(content), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise FileRefusedError(UploadRefusal.ENCRYPTED) from error
    with pdf:
        if pdf.is_encrypted:
            raise FileRefusedError(UploadRefusal.ENCRYPTED)
        if len(pdf.objects) > rules.most_objects or len(pdf.pages) > rules.most_pages:
            raise FileRefusedError(UploadRefusal.TOO_COMPLEX)
        if not pdf.pages:
            raise FileRefusedError(UploadRefusal.EMPTY)
        _require_harmless(pdf, rules)
        if rules.is_of_photos:
            _require_photos(pdf)
        for owner, key in ((pdf.trailer, "/Info"), (pdf.Root, "/Metadata")):
            if key in owner:
                del owner[key]
        made = io.BytesIO()
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return made.getvalue()


def _require_harmless(pdf: Pdf, rules: InspectionRules) -> None:
    from pikepdf import Dictionary, Stream  # noqa: PLC0415  # as above

    budget = StreamBudget(rules)
    allowed: frozenset[str] = frozenset()
    if rules.may_carry_invoice and carries_invoice(pdf, _parts_of(pdf)):
        allowed = CARRYING_KEYS
    if "/OpenAction" in pdf.Root:
        _require_destination(pdf.Root["/OpenAction"])
    for part in _parts_of(pdf):
        if isinstance(part, Stream):
            budget.spend(part)
        if isinstance(part, Dictionary | Stream):
            _require_harmless_dictionary(part, allowed)


def _require_photos(pdf: Pdf) -> None:
    """Each page has a picture, and nothing in the file could write a letter (F56)."""
    from pikepdf import Dictionary, Stream  # noqa: PLC0415  # as above

    has_fonts = any(
        isinstance(part, Dictionary | Stream)
        and ("/Font" in part or _name(part, "/Type") == "/Font")
        for part in _parts_of(pdf)
    )
    if has_fonts or not all(page.images for page in pdf.pages):
        raise FileRefusedError(UploadRefusal.NOT_OF_PHOTOS)


def _parts_of(pdf: Pdf) -> Iterator[Any]:
    """Yield every object and all that lies directly in it; what is referred to comes by itself."""
    from pikepdf import Array, Dictionary, Object, Stream  # noqa: PLC0415  # as above

    for root in (*pdf.objects, pdf.trailer):
        waiting: list[tuple[Any, int]] = [(root, 0)]
        while waiting:
            part, depth = waiting.pop()
            if depth > _DEEPEST:
                raise FileRefusedError(UploadRefusal.TOO_COMPLEX)
            yield part
            if isinstance(part, Array):
                inner: list[Any] = list(part)
            elif isinstance(part, Dictionary | Stream):
                inner = [value for _, value in part.items()]
            else:
                continue
            waiting += [
                (one, depth + 1) for one in inner if isinstance(one, Object) and not one.is_indirect
            ]


def _require_harmless_dictionary(part: Any, allowed: frozenset[str]) -> None:
    for key in part.keys():  # noqa: SIM118  # its __iter__ yields no keys
        if key in _FORBIDDEN_KEYS and key not in allowed:
            raise FileRefusedError(_FORBIDDEN_KEYS[key])
    kind = _name(part, "/Subtype")
    if kind in _FORBIDDEN_KINDS:
        raise FileRefusedError(_FORBIDDEN_KINDS[kind])
    if _name(part, "/Type") == "/EmbeddedFile" and not allowed:
        raise FileRefusedError(UploadRefusal.EMBEDDED_FILE)
    action = _name(part, "/S")
    if action in _FORBIDDEN_ACTIONS:
        raise FileRefusedError(UploadRefusal.ACTIVE_CONTENT)
    if action == "/URI":
        address = bytes(part["/URI"]) if "/URI" in part else b""
        if not address.lower().startswith(_LINKS):
            raise FileRefusedError(UploadRefusal.ACTIVE_CONTENT)


def _require_destination(action: Any) -> None:
    """What happens on opening may only be that a page is shown."""
    from pikepdf import Dictionary  # noqa: PLC0415  # as above

    leads_on = isinstance(action, Dictionary)
    if leads_on and _name(action, "/S") != "/GoTo":
        raise FileRefusedError(UploadRefusal.ACTIVE_CONTENT)


def _name(part: Any, key: str) -> str:
    from pikepdf import Name  # noqa: PLC0415  # as above

    value = part.get(key)
    return str(value) if isinstance(value, Name) else ""
