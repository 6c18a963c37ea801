"""The one file that a PDF may carry where e-invoices are taken: its own invoice in XML (X9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.inspection.invoices import INVOICE_NAMES, MOST_BYTES, require_invoice
from backend.inspection.pdf_streams import decoded_at_most
from backend.inspection.refusals import FileRefusedError, UploadRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikepdf import Pdf

# What only a PDF with its one invoice may have.
CARRYING_KEYS = frozenset({"/EF", "/EmbeddedFiles"})


def carries_invoice(pdf: Pdf, parts: Iterable[Any]) -> bool:
    """Whether a PDF carries its invoice, the only file in it; False if it carries nothing.

    Raises:
        FileRefusedError: another file, another name, or no invoice.
    """
    from pikepdf import Dictionary, Stream  # noqa: PLC0415  # in the inspecting process only

    files: dict[tuple[int, int], Any] = {}
    specifications = []
    for part in parts:
        if isinstance(part, Stream) and part.get("/Type") == "/EmbeddedFile":
            files[part.objgen] = part
        elif isinstance(part, Dictionary) and "/EF" in part:
            specifications.append(part)
            files |= {one.objgen: one for _, one in part["/EF"].items()}
    if not files and not specifications and not _is_named(pdf):
        return False
    if len(files) != 1 or not all(_is_invoice(one) for one in specifications):
        raise FileRefusedError(UploadRefusal.EMBEDDED_FILE)
    [file] = files.values()
    if not specifications or "/Collection" in pdf.Root or not isinstance(file, Stream):
        raise FileRefusedError(UploadRefusal.EMBEDDED_FILE)
    require_invoice(decoded_at_most(file, MOST_BYTES))
    return True


def _is_named(pdf: Pdf) -> bool:
    return "/Names" in pdf.Root and "/EmbeddedFiles" in pdf.Root["/Names"]


def _is_invoice(specification: Any) -> bool:
    names = [str(specification[key]) for key in ("/F", "/UF") if key in specification]
    if not names or "/RF" in specification:  # related files: more than one
        return False
    return all(name.lower() in INVOICE_NAMES for name in names)
