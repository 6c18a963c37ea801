"""The reader of GDV files: bytes in, headers, contracts, findings and trailers out, streaming."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, cast

from backend.feeds.findings import Finding
from backend.feeds.gdv.assembly import ContractRecords
from backend.feeds.gdv.gathering import MOST_RECORDS, Gathering, Record, split_versions
from backend.feeds.gdv.layout import RECORD_LENGTH
from backend.feeds.gdv.lines import read_lines
from backend.feeds.gdv.packages import Package
from backend.feeds.gdv.records import Contract, ContractFragment, Header, Trailer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Item = Header | Contract | ContractFragment | Trailer | Finding

_HEADER: Final = "0001"
_TRAILER: Final = "9999"
_CONTRACT_RECORDS: Final = frozenset({"0100", "0200", "0210", "0211", "0220", "0221", "0230"})


def read(stream: BinaryIO) -> Iterator[Item]:
    """Reads a GDV file (VU-Vermittler, releases up to 2023) in bounded memory; never raises.

    Yields per package a ``Header``, each ``Contract`` as soon as its records end (one that lacks
    partner, 0200 or details at the end of the package, as its records may stand further on), and a
    ``Trailer``; ``Finding`` for everything unusual stands before what it concerns. Records of
    which a contract can't be made come as ``ContractFragment``.

    A contract is rejected without contract number, without a 0200 or without a readable start; a
    0100 whose role can't be read and a repeated part are left out of their contract. All other
    broken fields are left empty and reported. Errors of the stream itself do propagate.
    """
    reader = _Reader()
    out = reader.out
    for number, text, length in read_lines(stream, out.append):
        ending = reader.take(number, text, length)
        if ending is not None:
            yield from ending
        if out:
            yield from out
            out.clear()
    yield from reader.finish()


class _Reader:
    """Tells packages and contracts apart, record by record; results gather in ``out``."""

    def __init__(self) -> None:
        self.out: list[Item] = []
        self._report: Callable[[Finding], None] = self.out.append
        self._package: Package | None = None
        self._gathering = Gathering()
        self._key = ""
        # What the next record of the open contract most likely has after its record type.
        self._prefix = ""
        self._records: list[Record] = []
        self._rubbish = (0, 0)
        self._line = 0

    def take(self, line: int, text: str, length: int) -> Iterator[Item] | None:
        """One line of the file; returns what has to be consumed first where more comes out."""
        self._line = line
        kind = text[:4]
        if (
            text[4:32] == self._prefix
            and kind in _CONTRACT_RECORDS
            and length == RECORD_LENGTH
            and len(self._records) <= MOST_RECORDS
        ):
            # The common case: one more record of the open contract.
            cast("Package", self._package).records += 1
            self._records.append((line, text, length))
            return None
        if not (kind.isascii() and kind.isdecimal()):
            first, count = self._rubbish
            self._rubbish = (first or line, count + 1)
            self._prefix = ""
            return None
        if self._rubbish[1]:
            self._report_rubbish()
        if kind == _HEADER:
            return self._take_header(text, line)
        if kind == _TRAILER:
            return self._take_trailer(text, line)
        return self._take_record(kind, text, line, length)

    def finish(self) -> Iterator[Item]:
        """The end of the file."""
        self._report_rubbish()
        if self._line == 0:
            self._report(Finding(None, _HEADER, "Satzart", "the file is empty", rejects=True))
        yield from self._close_package()

    def _take_header(self, text: str, line: int) -> Iterator[Item]:
        package = self._package
        if package is None or package.is_opened or text[255] in " 1":
            yield from self._close_package()
            self._package = package = Package()
        package.add_header(text, line, self._report)

    def _take_trailer(self, text: str, line: int) -> Iterator[Item]:
        if self._package is None:
            reason = "no package is open: there is no 0001"
            self._report(Finding(line, _TRAILER, "Satzart", reason))
            return
        yield from self._close_package(text)

    def _take_record(self, kind: str, text: str, line: int, length: int) -> Iterator[Item] | None:
        package = self._open_package(line)
        package.records += 1
        if length < RECORD_LENGTH:
            package.note_short(line, length)
        if kind not in _CONTRACT_RECORDS:
            package.count_unused(kind)
            return None
        key = text[4:9] + text[13:30]
        if key != self._key:
            self._close_contract()
            if not text[13:30].strip():
                reason = "is blank"
                field = "Versicherungsschein-Nummer"
                self._report(Finding(line, kind, field, reason, rejects=True))
                return None
            self._key = key
        self._prefix = text[4:32]
        self._records.append((line, text, length))
        if max(self._gathering.count, len(self._records)) <= MOST_RECORDS:
            return None
        return self._release_early(line)

    def _open_package(self, line: int) -> Package:
        """The package a record belongs to; its header is complete now."""
        package = self._package
        if package is None:
            self._package = package = Package()
            reason = "no 0001 before this record"
            self._report(Finding(line, _HEADER, "Satzart", reason))
        if not package.is_opened:
            package.is_opened = True
            header = package.header()
            if header is not None:
                self.out.append(header)
        return package

    def _close_contract(self) -> None:
        """Another contract follows: build this one, unless it has to wait for more records."""
        if self._records:
            complete = self._gathering.complete(self._key, self._records)
            if complete is not None:
                self._build(complete)
        self._key = self._prefix = ""
        self._records = []

    def _build(self, records: list[Record]) -> None:
        package = cast("Package", self._package)
        for version in split_versions(records):
            first_line, first_text, _ = version[0]
            contract = ContractRecords(first_text, first_line)
            add, report = contract.add, self._report
            for line, text, length in version:
                kind = text[:4]
                if not add(kind, text, line, length, report):
                    package.count_unused(f"{kind}.{text[10:13]}")
            built = contract.build(report)
            if built is not None:
                self.out.append(built)
                package.count(built)

    def _release(self) -> Iterator[Item]:
        """Build what waits, one contract in memory at a time."""
        for records in self._gathering.release():
            self._build(records)
            yield from self.out
            self.out.clear()

    def _release_early(self, line: int) -> Iterator[Item]:
        if self._gathering.is_scattered:
            reason = (
                f"more than {MOST_RECORDS:,} records are not in the order of their contracts;"
                " what follows is not put together with what came so far"
            )
            self._report(Finding(line, None, "Satzart", reason))
        if len(self._records) > MOST_RECORDS:
            self._close_contract()
        return self._release()

    def _close_package(self, trailer: str | None = None) -> Iterator[Item]:
        if self._package is not None:
            package = self._open_package(self._line)
            self._close_contract()
            yield from self.out
            self.out.clear()
            yield from self._release()
            self.out.append(package.end(trailer, self._line, self._report))
        yield from self.out
        self.out.clear()
        self._package = None
        self._gathering = Gathering()

    def _report_rubbish(self) -> None:
        line, count = self._rubbish
        if count:
            reason = f"{count} line(s) from here on are no GDV records"
            self._report(Finding(line, None, "Satzart", reason, rejects=True))
        self._rubbish = (0, 0)
