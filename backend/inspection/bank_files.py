"""Files of other banks (camt, MT940, CSV; in a ZIP, too) as JSON lines of what they say (F9)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from backend.inspection.kinds import refuse_empty_and_malware
from backend.inspection.refusals import FileRefusedError, UploadRefusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from backend.feeds.bank_records import BankEvent
    from backend.feeds.findings import FeedError
    from backend.inspection.rules import InspectionRules

    Reader = Callable[[BinaryIO], Iterator[BankEvent]]

MOST_FINDINGS = 200
# Stands for the account in an export that names none: its customer has to.
UNNAMED = "-"
# Encodings that camt files come in beside UTF-8: the parser loads each when it first meets it.
_ENCODINGS = ("ISO-8859-1", "ISO-8859-15", "windows-1252", "UTF-16")
_TINY_CAMT = (
    '<?xml version="1.0" encoding="{encoding}"?><Document><BkToCstmrStmt><Stmt><Id>1</Id>'
    '<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">1.00</Amt>'
    "<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-02</Dt></BookgDt>"
    "<ValDt><Dt>2026-01-02</Dt></ValDt></Ntry></Stmt></BkToCstmrStmt></Document>"
)
_TINY_MT940 = (
    b":20:X\r\n:25:12030000/202051\r\n:28C:1/1\r\n:60F:C260101EUR1,00\r\n"
    b":61:2601020102C1,00NTRFNONREF\r\n:86:166?00X?20SVWZ+X?32Y\r\n:62F:C260102EUR2,00\r\n-\r\n"
)
_TINY_CSV = (
    b"Auftragskonto;Buchungstag;Valutadatum;Verwendungszweck;Betrag;Waehrung\r\n"
    b"DE02120300000000202051;02.01.26;02.01.26;X;1,00;EUR\r\n"
)


def load_bank_readers() -> None:
    """Load the readers and what they load at work, while files can still be opened."""
    from backend.feeds import bank_csv, bank_jsonl, detect, lines  # noqa: PLC0415  # as above

    del bank_csv, bank_jsonl, detect
    lines.decode(b"f\x81r")
    for _ in _files_in(_tiny_archive(), 1):
        pass
    readers = _readers()
    for encoding in _ENCODINGS:
        _exhaust(readers["camt"], _TINY_CAMT.format(encoding=encoding).encode(encoding))
    _exhaust(readers["mt940"], _TINY_MT940)
    _exhaust(readers["csv"], _TINY_CSV)


def _tiny_archive() -> bytes:
    from zipfile import ZIP_DEFLATED, ZipFile  # noqa: PLC0415  # as above

    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("x", b"x")
    return stream.getvalue()


def remake_bank_file(content: bytes, rules: InspectionRules) -> bytes:
    """Return what a bank file says, as lines of `feeds.bank_jsonl`.

    Half a file is none: one that breaks off is refused, so that nobody takes a part of a statement
    for all of it. Entries that can't be read are findings in the lines, those that are listed. Of a
    ZIP archive, which banks deliver camt in, each file has to be one of a bank.

    Raises:
        FileRefusedError: no bank file, nothing usable in it, broken off, or more than allowed.
    """
    from backend.feeds.findings import FeedError  # noqa: PLC0415  # in the inspecting process only

    refuse_empty_and_malware(content)
    making = _Making(rules)
    is_met = False
    try:
        for file in _files_in(content, rules.most_bytes):
            is_met = True
            read = _reader_of(file)
            if read is None:
                raise FileRefusedError(UploadRefusal.NO_BANK_FILE)
            for event in read(io.BytesIO(file)):
                making.take(event)
    except FeedError as error:
        raise FileRefusedError(_refusal_of(error, making)) from error
    if not is_met:
        raise FileRefusedError(UploadRefusal.NO_BANK_FILE)
    if not making.entries and not making.has_balance:
        raise FileRefusedError(UploadRefusal.NO_ENTRIES)
    return bytes(making.lines)


def _files_in(content: bytes, most_bytes: int) -> Iterator[bytes]:
    """Yield the file itself, or those in an archive, together as large as one by itself may be."""
    from backend.feeds.archives import is_archive, open_archive  # noqa: PLC0415  # as above

    if not is_archive(content):
        yield content
        return
    with open_archive(io.BytesIO(content)) as archive:
        for member in archive.members:
            with archive.open(member) as stream:
                file = stream.read(most_bytes + 1)
            most_bytes -= len(file)
            if most_bytes < 0:
                raise FileRefusedError(UploadRefusal.TOO_COMPLEX)
            refuse_empty_and_malware(file)
            yield file


class _Making:
    """The lines of one file, as long as there are not too many."""

    def __init__(self, rules: InspectionRules) -> None:
        self.lines = bytearray()
        self.statements = self.entries = 0
        self.has_balance = False
        self._findings = 0
        self._most_entries = rules.most_entries or 0
        self._most_bytes = rules.most_bytes

    def take(self, event: BankEvent) -> None:
        from backend.feeds.bank_jsonl import to_line  # noqa: PLC0415  # as above
        from backend.feeds.bank_records import Entry, Statement, StatementEnd  # noqa: PLC0415
        from backend.feeds.findings import Finding  # noqa: PLC0415

        match event:
            case Finding():
                self._findings += 1
                if self._findings > MOST_FINDINGS:
                    return
            case Statement():
                self.statements += 1
            case Entry():
                self.entries += 1
            case StatementEnd():
                self.has_balance = self.has_balance or event.statement.closing is not None
        self.lines += to_line(event)
        if self.entries > self._most_entries or len(self.lines) > self._most_bytes:
            raise FileRefusedError(UploadRefusal.TOO_MANY_ENTRIES)


def _reader_of(content: bytes) -> Reader | None:
    from backend.feeds.detect import detect  # noqa: PLC0415  # as above

    found = detect(content)
    return None if found is None else _readers().get(found.value)


def _readers() -> dict[str, Reader]:
    from backend.feeds.camt import read_camt  # noqa: PLC0415  # as above
    from backend.feeds.mt940 import read_mt940  # noqa: PLC0415

    return {"camt": read_camt, "mt940": read_mt940, "csv": _read_csv}


def _read_csv(stream: BinaryIO) -> Iterator[BankEvent]:
    """Read an export; one that names no account gets the one that stands for that."""
    from backend.feeds.bank_csv import HEADER_FIELD, read_bank_csv  # noqa: PLC0415  # as above
    from backend.feeds.bank_records import AccountIdentification  # noqa: PLC0415
    from backend.feeds.findings import FeedError  # noqa: PLC0415

    try:
        yield from read_bank_csv(stream)
    except FeedError as error:
        if error.finding.field != HEADER_FIELD:
            raise
        stream.seek(0)
        yield from read_bank_csv(stream, account=AccountIdentification(None, UNNAMED))


def _refusal_of(error: FeedError, making: _Making) -> UploadRefusal:
    match error.finding.field:
        case "DOCTYPE":
            return UploadRefusal.ACTIVE_CONTENT
        case "XML" | "ZIP":
            return UploadRefusal.DAMAGED
        case "header":  # columns of no export that is read
            return UploadRefusal.NO_BANK_FILE
    return UploadRefusal.DAMAGED if making.statements else UploadRefusal.UNUSABLE_STATEMENT


def _exhaust(read: Reader, content: bytes) -> None:
    for _ in read(io.BytesIO(content)):
        pass
