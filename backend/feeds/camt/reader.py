"""Walks a camt file and hands out statements, entries, findings and statement ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from backend.feeds.bank_tally import FileTally
from backend.feeds.camt.entry import (
    MAX_DETAILS,
    DetailBuffer,
    is_for_information_only,
    read_entry,
)
from backend.feeds.camt.head import (
    is_page,
    opening_and_closing,
    read_balance,
    read_fields,
    read_head,
)
from backend.feeds.camt.xml import (
    STATEMENT_TAGS,
    first,
    flatten,
    local_name,
    read_events,
    release,
)
from backend.feeds.findings import FeedError, Finding, UnusableRecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.feeds.bank_records import BankEvent, Statement
    from backend.feeds.bank_tally import StatementTally
    from backend.feeds.camt.head import CodedBalance
    from backend.feeds.camt.xml import Element

MAX_BALANCES = 1_000
DATE_PATHS = ("ValDt/Dt", "ValDt/DtTm", "ValDt", "BookgDt/Dt", "BookgDt/DtTm", "BookgDt")


def read_camt(stream: BinaryIO) -> Iterator[BankEvent]:
    """Yield per statement: Statement, its entries and findings, StatementEnd.

    Memory stays constant however many entries there are. An entry that can't be read is a
    Finding and is left out (the statement then doesn't reconcile, which is a Finding too);
    a statement without an account is a Finding with all its entries. FeedError where the XML
    ends, and for a file without any usable statement: that is never an empty success.
    """
    tally = FileTally()
    reader: StatementReader | None = None
    number = 0
    for event, element in read_events(stream):
        name = local_name(element)
        if name in STATEMENT_TAGS:
            if reader is None and event == "start" and _is_statement(element):
                number += 1
                reader = StatementReader(element, number, tally)
            elif reader is not None and event == "end" and element is reader.element:
                yield from reader.end()
                reader = None
                release(element, name)
        elif reader is not None and event == "end":
            yield from reader.take(name, element)
    if tally.statement_count == 0:
        found = (
            f"none of {number} statements is usable" if number else "there is no statement in it"
        )
        raise FeedError(found, line=1, field="/".join(STATEMENT_TAGS), rejects=not number)


def _is_statement(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and local_name(parent).startswith("BkToCstmr")


class StatementReader:
    """Collects one statement while its elements end one after another."""

    def __init__(self, element: Element, number: int, tally: FileTally) -> None:
        self.element = element
        self._record = f"statement {number}"
        self._file = tally
        self._tally: StatementTally | None = None
        self._statement: Statement | None = None
        self._is_refused = self._is_page = False
        self._balances: list[CodedBalance] = []
        self._details = DetailBuffer()
        self._entry_number = 0
        self._findings: list[Finding] = []

    def take(self, name: str, element: Element) -> Iterator[BankEvent]:
        """Take over a balance, a payment or an entry that has ended, and free it."""
        match name:
            case "TxDtls":
                self._details.add(element)
                release(element, name)
            case "Bal" if element.getparent() is self.element:
                self._balance(element)
                release(element, name)
            case "Ntry" if element.getparent() is self.element:
                if self._statement is None and not self._is_refused:
                    yield from self._open()
                yield from self._entry(element)
                release(element, name)

    def end(self) -> Iterator[BankEvent]:
        """Close the statement."""
        if self._statement is None and not self._is_refused:
            yield from self._open()
        if self._tally is None or self._statement is None:
            return
        opening, closing = opening_and_closing(self._balances, is_page=self._is_page)
        final = self._statement
        if (opening, closing) != (final.opening, final.closing):
            final = replace(final, opening=opening, closing=closing)
        yield from self._findings
        yield from self._tally.end(final)

    def _balance(self, element: Element) -> None:
        if len(self._balances) + len(self._findings) >= MAX_BALANCES:
            raise FeedError(
                "more than 1,000 balances",
                line=element.sourceline,
                record=self._record,
                field="Bal",
            )
        try:
            self._balances.append(read_balance(element))
        except UnusableRecordError as error:
            self._findings.append(self._finding(element, self._record, error))

    def _open(self) -> Iterator[BankEvent]:
        try:
            fields = read_fields(self.element)
            self._is_page = is_page(fields)
            self._statement = read_head(self.element, fields, self._balances)
        except UnusableRecordError as error:
            self._is_refused = True
            yield from self._findings
            yield self._finding(self.element, self._record, error)
            return
        self._tally = self._file.open(self._statement, self._record)
        yield self._statement
        yield from self._findings
        self._findings.clear()

    def _entry(self, element: Element) -> Iterator[BankEvent]:
        details, count = self._details.take()
        self._entry_number += 1
        if self._tally is None or self._statement is None:
            return
        record = f"{self._record}, entry {self._entry_number}"
        fields = flatten(element)
        if is_for_information_only(fields):
            self._tally.rejected_count += 1
            reason = "for information only, not booked"
            yield Finding(element.sourceline, record, "Ntry/Sts", reason, rejects=True)
            return
        try:
            draft = read_entry(fields, details, count, self._statement)
            draft.line = element.sourceline
            entry = self._tally.entry(draft)
        except UnusableRecordError as error:
            self._tally.rejected_count += 1
            yield self._finding(element, record, error)
            return
        if first(fields, *DATE_PATHS) is None:
            reason = "the entry has no date, the statement's is taken"
            yield Finding(element.sourceline, record, "Ntry/ValDt", reason)
        if count > MAX_DETAILS:
            reason = f"{count} payments in one entry, the first {MAX_DETAILS} are kept"
            yield Finding(element.sourceline, record, "Ntry/NtryDtls", reason)
        yield entry

    @staticmethod
    def _finding(element: Element, record: str, error: UnusableRecordError) -> Finding:
        return Finding(element.sourceline, record, error.field, error.reason, rejects=True)
