"""A package of a GDV file: what stands between a 0001 and its 9999."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from backend.feeds.findings import Finding
from backend.feeds.gdv.records import Contract, Header, Trailer
from backend.feeds.gdv.tables import HEADER, TRAILER, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.feeds.gdv.layout import Report
    from backend.feeds.gdv.records import ContractFragment

_FIRST_VERSION: Final = 95
# Foreign record types come in any number; the report needs no more of them than this.
_MOST_TYPES: Final = 200


class Package:
    """Header, counts and oddities of a package while its records pass by."""

    __slots__ = (
        "_contracts",
        "_fragments",
        "_header",
        "_header_line",
        "_header_records",
        "_short",
        "_unused",
        "_versions",
        "is_opened",
        "records",
    )

    def __init__(self) -> None:
        self.is_opened = False
        self.records = 0
        self._header: dict[str, object] = {}
        self._header_line = 0
        self._header_records = 0
        self._versions: dict[str, str] = {}
        self._contracts = 0
        self._fragments = 0
        self._short = (0, 0, 0)
        self._unused: dict[str, int] = {}

    def add_header(self, text: str, line: int, report: Report) -> None:
        """Takes one part of the 0001."""
        self.records += 1
        self._header_records += 1
        if not self._header_line:
            self._header_line = line
            self._header = HEADER.read(text, line, report)
        for index, record in enumerate(VERSIONS.get(text[255].replace(" ", "1"), ())):
            start = _FIRST_VERSION + 3 * index
            version = text[start : start + 3].strip()
            if version:
                self._versions[record] = version

    def header(self) -> Header | None:
        """The header once it is complete; None for records without a 0001."""
        if not self._header_line:
            return None
        values = self._header
        build = cast("Callable[..., Header]", Header)
        texts = {name: values.get(name, "") for name in ("insurer_number", "sender")}
        texts |= {name: values.get(name, "") for name in ("addressee", "agency")}
        dates = {name: values.get(name) for name in ("period_from", "period_to")}
        versions = MappingProxyType(self._versions)
        return build(line=self._header_line, versions=versions, **texts, **dates)

    def count(self, item: Contract | ContractFragment) -> None:
        """Counts what was made of the records."""
        if isinstance(item, Contract):
            self._contracts += 1
        else:
            self._fragments += 1

    def count_unused(self, kind: str) -> None:
        """Counts a record of which nothing was read."""
        known = kind if kind in self._unused or len(self._unused) < _MOST_TYPES else "other"
        self._unused[known] = self._unused.get(known, 0) + 1

    def note_short(self, line: int, length: int) -> None:
        """Remembers a record of less than 256 characters."""
        first, first_length, count = self._short
        self._short = (first or line, first_length or length, count + 1)

    def end(self, text: str | None, line: int, report: Report) -> Trailer:
        """The end of the package; ``text`` is the 9999, if there is one."""
        short_line, short_length, count = self._short
        if count:
            reason = f"has {short_length} of 256 characters, like {count} record(s) of the package"
            report(Finding(short_line, None, "Satzlänge", reason))
        declared: int | None = None
        if text is None:
            report(Finding(line, "9999", "Satzart", "the package ends without 9999"))
        else:
            self.records += 1
            declared = cast("int | None", TRAILER.read(text, line, _ignore).get("declared"))
            self._check(declared, line, report)
        return Trailer(
            line=None if text is None else line,
            declared=declared,
            records=self.records,
            contracts=self._contracts,
            fragments=self._fragments,
            unused=MappingProxyType(self._unused),
        )

    def _check(self, declared: int | None, line: int, report: Report) -> None:
        # The handbook leaves open whether header and trailer count; both are in use.
        between = self.records - self._header_records - 1
        if declared not in {self.records, between}:
            said = "no number" if declared is None else str(declared)
            reason = f"says {said}, the package has {self.records} records"
            report(Finding(line, "9999", "Anzahl der Sätze", reason))


def _ignore(_finding: Finding) -> None:
    return None
