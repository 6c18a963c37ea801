"""One contract, put together from its records 0100 to 0230 as they pass by."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from backend.feeds.findings import Finding
from backend.feeds.gdv.partners import PartnerRecords, add_partner, build_partners
from backend.feeds.gdv.records import Contract, ContractFragment
from backend.feeds.gdv.tables import CONTRACT
from backend.feeds.gdv.tables_lines import GENERAL, line_of_business
from backend.feeds.gdv.tables_motor import MOTOR
from backend.feeds.records import PartialDate

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.feeds.gdv.details import Details
    from backend.feeds.gdv.entries import Entry, LineOfBusiness, RecordType
    from backend.feeds.gdv.layout import Report

_START: Final = "Vertragsbeginn"
_CONTENT: Final = 42

_Found = tuple["LineOfBusiness", "RecordType", str]
_types: dict[str, _Found | None] = {}


def _record_type(kind: str, sparte: str) -> _Found | None:
    """Line of business, record type and Sparte of the details; None if nothing is read of it."""
    if not (sparte.isascii() and sparte.isdecimal()):
        return None
    line = line_of_business(sparte)
    record_type = line and line.record_types.get(kind + ("000" if line is GENERAL else sparte))
    result = None
    if line and record_type:
        result = (line, record_type, "050" if line is MOTOR else sparte)
    _types[kind + sparte] = result
    return result


class _Section:
    """The details of one line of business while its records arrive."""

    __slots__ = ("head_parts", "items", "line", "sparte", "values")

    def __init__(self, line: LineOfBusiness, sparte: str) -> None:
        self.line = line
        self.sparte = sparte
        self.values: dict[str, Any] = {"line_of_business": sparte}
        self.items: dict[str, list[tuple[Callable[..., object], dict[str, Any]]]] = {}
        self.head_parts: set[str] = set()

    def add(self, entry: Entry, text: str, line: int, report: Report) -> bool:
        """Whether the record gave anything."""
        values = entry.layout.read(text, line, report)
        if entry.item is None:
            self.values.update(values)
            return bool(values)
        if values.keys() <= entry.key_names:
            return False
        values.update(entry.constants)
        items = self.items.setdefault(entry.slot, [])
        if not entry.opens:
            for _, known in reversed(items):
                if all(known.get(name) == values.get(name) for name in entry.key):
                    known.update(values)
                    return True
        items.append((entry.item, values))
        return True

    def has_content(self) -> bool:
        """Whether it says more than its line of business."""
        return len(self.values) > 1 or bool(self.items)

    def build(self) -> Details:
        """The details with their lists."""
        lists = {
            slot: tuple(make(**values) for make, values in items)
            for slot, items in self.items.items()
        }
        return self.line.details(**self.values, **lists)


class ContractRecords:
    """One version of a contract while its records are read."""

    __slots__ = (
        "_general",
        "_general_lines",
        "_partners",
        "_sections",
        "_text",
        "line",
    )

    def __init__(self, text: str, line: int) -> None:
        self.line = line
        self._text = text
        self._general: dict[str, Any] = {}
        self._general_lines: dict[str, int] = {}
        self._partners: list[PartnerRecords] = []
        self._sections: list[_Section] = []

    def add(self, kind: str, text: str, line: int, length: int, report: Report) -> bool:
        """Takes a record; whether anything was read of it."""
        if kind == "0100":
            add_partner(self._partners, text, line, length, report)
            return True
        if kind == "0200":
            self._add_general(text, line, report)
            return True
        try:
            found = _types[kind + text[10:13]]
        except KeyError:
            found = _record_type(kind, text[10:13])
        return found is not None and self._add_details(found, kind, text, line, report)

    def _add_general(self, text: str, line: int, report: Report) -> None:
        part = text[255] if text[255] != " " else "1"
        if part not in CONTRACT or part in self._general_lines:
            reason = "repeats a part" if part in CONTRACT else "is no part of this record type"
            report(Finding(line, "0200", "Satznummer", reason, rejects=True))
            return
        self._general_lines[part] = line
        if part == "1":
            self._text = text

        def report_others(finding: Finding) -> None:
            # An unreadable start is reported once, as what rejects the contract.
            if finding.field != _START:
                report(finding)

        self._general.update(CONTRACT[part].read(text, line, report_others))

    def _add_details(
        self,
        found: _Found,
        kind: str,
        text: str,
        line: int,
        report: Report,
    ) -> bool:
        business, record_type, sparte = found
        part = record_type.part(text)
        entries = record_type.parts.get("1" if part == " " else part)
        if entries is None:
            return False
        is_read = False
        for entry in entries:
            section = self._section(business, sparte, entry, kind, part)
            is_read |= section.add(entry, text, line, report)
        if not is_read and not text[_CONTENT:].strip():
            record = f"{kind}.{text[10:13]}"
            report(Finding(line, record, "Satznummer", "the record is empty", rejects=True))
        return True

    def _section(
        self, business: LineOfBusiness, sparte: str, entry: Entry, kind: str, part: str
    ) -> _Section:
        """The open section of this line of business; a repeated 0210 opens the next one."""
        for section in reversed(self._sections):
            if section.line is business and section.sparte == sparte:
                if entry.item is not None:
                    return section
                if kind + part not in section.head_parts:
                    break
        else:
            section = _Section(business, sparte)
            self._sections.append(section)
        if entry.item is None:
            section.head_parts.add(kind + part)
        return section

    def build(self, report: Report) -> Contract | ContractFragment | None:
        """The contract, or what is usable without it; None if that is nothing.

        A contract is rejected without a 0200 part 1 or without a start date that has a year: the
        rule of visibility (F40) needs it. Every other field is only reported.
        """
        values = self._general
        start = values.get("start")
        partners = build_partners(
            self._partners,
            values.get("customer_number", ""),
            values.get("customer_number_at_agency", ""),
            report,
        )
        sections = [section for section in self._sections if section.has_content() or start]
        details = tuple(section.build() for section in sections)
        insurer, number = self._text[4:9].strip(), self._text[13:30].strip()
        if isinstance(start, PartialDate) and start.year is not None:
            self._check(start, partners, report)
            if not values.get("premium"):
                _premium_of_details(values, details)
            return Contract(
                line=self._general_lines["1"],
                insurer_number=insurer,
                number=number,
                line_of_business=self._text[10:13].strip(),
                sequence=self._text[30:32].strip(),
                agency=self._text[32:42].strip(),
                is_bundle=self._text[9] == "1",
                partners=partners,
                details=details,
                **values,
            )
        self._reject(report)
        if not partners and not details:
            return None
        return ContractFragment(self.line, insurer, number, partners, details)

    def _reject(self, report: Report) -> None:
        if "1" in self._general_lines:
            line, field, reason = self._general_lines["1"], _START, "is no date with a year"
        else:
            line, field, reason = self.line, "Satzart", "the contract has no 0200 here"
        report(Finding(line, "0200", field, reason, rejects=True))

    def _check(self, start: PartialDate, partners: tuple[object, ...], report: Report) -> None:
        values, line = self._general, self._general_lines["1"]
        currency = values.get("currency", "")
        if currency and not (currency.isascii() and currency.isalpha() and currency.isupper()):
            del values["currency"]
            report(Finding(line, "0200", "Währungsschlüssel", "is no ISO 4217 code"))
        end = values.get("end")
        if isinstance(end, PartialDate) and _is_before(end, start):
            report(Finding(line, "0200", "Vertragsablauf", "is before Vertragsbeginn"))
        if not partners:
            report(Finding(line, "0200", "Satzart", "the contract has no partner (0100)"))


def _is_before(end: PartialDate, start: PartialDate) -> bool:
    last, first = end.latest(), start.earliest()
    return last is not None and first is not None and last < first


def _premium_of_details(values: dict[str, Any], details: tuple[Details, ...]) -> None:
    total = sum((part.premium for part in details if part.premium), Decimal())
    if total:
        values["premium"] = total
