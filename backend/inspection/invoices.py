"""E-invoices: well-formed CII or UBL and nothing else, read without ever following anything."""

from __future__ import annotations

from xml.parsers import expat

from backend.inspection.refusals import FileRefusedError, UploadRefusal

# By what the file is called within a PDF; case does not count.
INVOICE_NAMES = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"})
MOST_BYTES = 2_000_000
_ROOTS = frozenset(
    {
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100 CrossIndustryInvoice",
        "urn:ferd:CrossIndustryDocument:invoice:1p0 CrossIndustryDocument",
        "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 Invoice",
    }
)
# Elements of other vocabularies might act where the invoice is opened.
_VOCABULARIES = (
    "urn:un:unece:uncefact:",
    "urn:ferd:CrossIndustryDocument:",
    "urn:oasis:names:specification:ubl:",
)
# Both can carry a whole file as text.
_CARRIERS = frozenset({"AttachmentBinaryObject", "EmbeddedDocumentBinaryObject"})
_DEEPEST = 40
_MOST_ELEMENTS = 50_000


def require_invoice(content: bytes) -> None:
    """Refuse whatever is no invoice in XML.

    Raises:
        FileRefusedError: damaged, another vocabulary, with a DTD or a file inside, too much.
    """
    if len(content) > MOST_BYTES:
        raise FileRefusedError(UploadRefusal.TOO_COMPLEX)
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)  # that was all of it
    except expat.ExpatError as error:
        raise FileRefusedError(UploadRefusal.DAMAGED) from error


class _Reader:
    """Looks at each element as it comes and keeps none."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = _refuse_active
        self.parser.ProcessingInstructionHandler = _refuse_active
        self._depth = 0
        self._elements = 0

    def _begin(self, name: str, _attributes: object) -> None:
        if self._elements == 0 and name not in _ROOTS:
            raise FileRefusedError(UploadRefusal.TYPE_NOT_ALLOWED)
        if not name.startswith(_VOCABULARIES):
            raise FileRefusedError(UploadRefusal.HIDDEN_CONTENT)
        if name.rpartition(" ")[2] in _CARRIERS:
            raise FileRefusedError(UploadRefusal.EMBEDDED_FILE)
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise FileRefusedError(UploadRefusal.TOO_COMPLEX)

    def _end(self, _name: str) -> None:
        self._depth -= 1


def _refuse_active(*_told: object) -> None:
    """Entities may explode or reach out, and a style sheet may act: an invoice needs neither."""
    raise FileRefusedError(UploadRefusal.ACTIVE_CONTENT)
