"""The reader of GDV files: bytes in, headers, contracts, findings and trailers out, streaming."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, cast

from backend.feeds.gdv.assembly import ContractRecords
from backend.feeds.gdv.layout import RECORD_LENGTH
from backend.feeds.gdv.lines import read_lines
from backend.feeds.gdv.packages import Package
from backend.feeds.gdv.records import Contract, ContractFragment, Header, Trailer
from backend.feeds.records import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Item = Header | Contract | ContractFragment | Trailer | Finding

_HEADER: Final = "0001"
_TRAILER: Final = "9999"
_CONTRACT_RECORDS: Final = frozenset({"0100", "0200", "0210", "0211", "0220", "0221", "0230"})


def read(stream: BinaryIO) -> Iterator[Item]:
    """Reads a GDV file (VU-Vermittler, releases up to 2023) in constant memory; never raises.

    Yields per package a ``Header``, then each ``Contract`` as soon as its records end, and a
    ``Trailer``; ``Finding`` for everything unusual stands before what it concerns. Records of
    which a contract can't be made come as ``ContractFragment``.

    A contract is rejected without contract number, without a 0200 or without a readable start; a
    0100 whose role can't be read and a repeated part are left out of their contract. All other
    broken fields are left empty and reported. Errors of the stream itself do propagate.
    """
    reader = _Reader()
    out = reader.out
    for number, text, length in read_lines(stream, out.append):
        reader.take(number, text, length)
        if out:
            yield from out
            out.clear()
    reader.finish()
    yield from out


class _Reader:
    """Tells packages and contracts apart, record by record; results gather in ``out``."""

    def __init__(self) -> None:
        self.out: list[Item] = []
        self._report: Callable[[Finding], None] = self.out.append
        self._package: Package | None = None
        self._contract: ContractRecords | None = None
        self._rubbish = (0, 0)
        self._line = 0

    def take(self, line: int, text: str, length: int) -> None:
        """One line of the file."""
        self._line = line
        kind = text[:4]
        contract = self._contract
        if (
            contract is not None
            and text[4:32] == contract.prefix
            and kind in _CONTRACT_RECORDS
            and length == RECORD_LENGTH
        ):
            # The common case: one more record of the open contract.
            package = cast("Package", self._package)
            package.records += 1
            if not contract.add(kind, text, line, length, self._report):
                package.count_unused(f"{kind}.{text[10:13]}")
            return
        if not (kind.isascii() and kind.isdecimal()):
            first, count = self._rubbish
            self._rubbish = (first or line, count + 1)
            if contract is not None:
                contract.prefix = ""
            return
        if self._rubbish[1]:
            self._report_rubbish()
        if kind == _HEADER:
            self._take_header(text, line)
        elif kind == _TRAILER:
            self._take_trailer(text, line)
        else:
            self._take_record(kind, text, line, length)

    def finish(self) -> None:
        """The end of the file."""
        self._report_rubbish()
        if self._line == 0:
            self.out.append(Finding(0, _HEADER, "Satzart", "the file is empty", rejects=True))
        self._close_package()

    def _take_header(self, text: str, line: int) -> None:
        package = self._package
        if package is None or package.is_opened or text[255] in " 1":
            self._close_package()
            self._package = package = Package()
        package.add_header(text, line, self._report)

    def _take_trailer(self, text: str, line: int) -> None:
        if self._package is None:
            reason = "no package is open: there is no 0001"
            self._report(Finding(line, _TRAILER, "Satzart", reason))
            return
        self._open_package(line)
        self._close_contract()
        self.out.append(self._package.end(text, line, self._report))
        self._package = None

    def _take_record(self, kind: str, text: str, line: int, length: int) -> None:
        package = self._open_package(line)
        package.records += 1
        if length < RECORD_LENGTH:
            package.note_short(line, length)
        if kind not in _CONTRACT_RECORDS:
            package.count_unused(kind)
            return
        key = text[4:9] + text[13:30]
        contract = self._contract
        if contract is None or contract.key != key or contract.is_another(kind, text):
            self._close_contract()
            if not text[13:30].strip():
                reason = "is blank"
                field = "Versicherungsschein-Nummer"
                self._report(Finding(line, kind, field, reason, rejects=True))
                return
            self._contract = contract = ContractRecords(key, text, line)
        contract.prefix = text[4:32]
        if not contract.add(kind, text, line, length, self._report):
            package.count_unused(f"{kind}.{text[10:13]}")

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
        if self._contract is None:
            return
        built = self._contract.build(self._report)
        self._contract = None
        if built is not None:
            self.out.append(built)
            cast("Package", self._package).count(built)

    def _close_package(self) -> None:
        if self._package is None:
            return
        self._open_package(self._line)
        self._close_contract()
        self.out.append(self._package.end(None, self._line, self._report))
        self._package = None

    def _report_rubbish(self) -> None:
        line, count = self._rubbish
        if count:
            reason = f"{count} line(s) from here on are no GDV records"
            self._report(Finding(line, "", "Satzart", reason, rejects=True))
        self._rubbish = (0, 0)
