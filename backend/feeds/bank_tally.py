"""Counts a statement while it streams by: entry keys, sums and whether it reconciles."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from backend.feeds.bank_keys import OccurrenceCounter, content_digest, digest, statement_identity
from backend.feeds.bank_records import Entry, StatementEnd
from backend.feeds.findings import Finding, UnusableRecordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from backend.feeds.bank_records import BankEvent, EntryDetail, Statement

MAX_AMOUNT = Decimal(10) ** 15


@dataclass(slots=True)
class EntryDraft:
    """An entry as a reader puts it together, before it gets its key."""

    value_date: date
    booking_date: date
    amount: Decimal
    currency: str
    line: int | None = None
    is_pending: bool = False
    is_reversal: bool = False
    entry_reference: str | None = None
    account_servicer_reference: str | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    creditor_id: str | None = None
    counterparty_name: str | None = None
    counterparty_iban: str | None = None
    counterparty_iban_is_valid: bool = False
    counterparty_bic: str | None = None
    remittance_information: str | None = None
    bank_transaction_code: str | None = None
    booking_text: str | None = None
    details: tuple[EntryDetail, ...] = ()
    detail_count: int = 0


class FileTally:
    """What has to be known across the statements of one file."""

    def __init__(self) -> None:
        self._occurrences = OccurrenceCounter()
        self._statements: set[bytes] = set()
        self.statement_count = 0

    def open(self, statement: Statement, record: str) -> StatementTally:
        """Start counting a statement; `record` names it in findings."""
        identity = statement_identity(statement)
        self.statement_count += 1
        is_repeated = False
        if identity is not None:
            known = digest(statement.kind, statement.account.key, identity)
            is_repeated = known in self._statements
            self._statements.add(known)
        # Without an identity equal entries of two statements can only be told apart by counting on.
        counter = self._occurrences if identity is None else OccurrenceCounter()
        return StatementTally(statement, identity, counter, record, is_repeated=is_repeated)


class StatementTally:
    """Numbers the entries of one statement, gives them keys and closes the books."""

    def __init__(
        self,
        statement: Statement,
        identity: str | None,
        counter: OccurrenceCounter,
        record: str,
        *,
        is_repeated: bool,
    ) -> None:
        self.record = record
        self.rejected_count = 0
        self._statement = statement
        self._account_key = statement.account.key
        self._identity = identity
        self._counter = counter
        self._is_repeated = is_repeated
        self._entries = self._pending = self._repeated = 0
        self._total = Decimal(0)
        self._currencies: set[str] = set()

    def entry(self, draft: EntryDraft) -> Entry:
        """Return the finished entry and count it; an absurd amount makes it unusable."""
        if abs(draft.amount) >= MAX_AMOUNT:
            raise UnusableRecordError("amount", "an amount beyond any real booking")
        content = content_digest(
            self._account_key,
            value_date=draft.value_date,
            booking_date=draft.booking_date,
            amount=draft.amount,
            currency=draft.currency,
            end_to_end_id=draft.end_to_end_id,
            remittance_information=draft.remittance_information,
        )
        key = self._key(draft, content)
        self._entries += 1
        if draft.is_pending:
            self._pending += 1
        else:
            self._total += draft.amount
            self._currencies.add(draft.currency)
        return _finished(draft, self._entries, key.hex(), content.hex())

    def _key(self, draft: EntryDraft, content: bytes) -> bytes:
        reference = draft.account_servicer_reference or draft.entry_reference
        # Without a statement a reference is not unique enough: banks start them anew.
        if reference is None or self._identity is None:
            base = digest(self._account_key, self._identity, "content", content)
            return digest(base, self._counter.next(base))
        base = digest(self._account_key, self._identity, "reference", reference)
        occurrence = self._counter.next(base)
        if self._counter.next(base, also=content):
            self._repeated += 1
        return digest(base, occurrence)

    def end(self, statement: Statement | None = None) -> Iterator[BankEvent]:
        """Yield the findings on the whole statement, then its end.

        `statement` replaces the head where balances came after the entries.
        """
        final = statement or self._statement
        reconciles, problem = self._reconcile(final)
        if problem is not None:
            yield Finding(final.line, self.record, "balance", problem)
        if self._repeated:
            yield self._finding(
                "reference", f"{self._repeated} entries repeat reference and content of another"
            )
        if self._is_repeated:
            yield self._finding("statement id", "this statement stands in the file more than once")
        yield StatementEnd(
            statement=final,
            entry_count=self._entries,
            pending_count=self._pending,
            rejected_count=self.rejected_count,
            booked_total=self._total,
            reconciles=reconciles,
        )

    def _finding(self, field: str, reason: str) -> Finding:
        return Finding(self._statement.line, self.record, field, reason)

    def _reconcile(self, statement: Statement) -> tuple[bool | None, str | None]:
        opening, closing = statement.opening, statement.closing
        if not statement.kind.is_balanced:
            return None, None
        if opening is None or closing is None:
            missing = "opening" if opening is None else "closing"
            return None, f"no {missing} balance, so the statement can't be reconciled"
        currencies = self._currencies | {opening.currency or "", closing.currency or ""}
        if len(currencies) > 1:
            names = ", ".join(sorted(currencies))
            return False, f"does not reconcile: balances and entries mix currencies ({names})"
        difference = closing.amount - opening.amount - self._total
        if not difference:
            return True, None
        return False, f"does not reconcile: closing - opening - entries = {difference}"


def _finished(draft: EntryDraft, sequence: int, key: str, content_key: str) -> Entry:
    return Entry(
        sequence,
        draft.line,
        draft.value_date,
        draft.booking_date,
        draft.amount,
        draft.currency,
        draft.is_pending,
        draft.is_reversal,
        key,
        content_key,
        draft.entry_reference,
        draft.account_servicer_reference,
        draft.end_to_end_id,
        draft.mandate_id,
        draft.creditor_id,
        draft.counterparty_name,
        draft.counterparty_iban,
        draft.counterparty_iban_is_valid,
        draft.counterparty_bic,
        draft.remittance_information,
        draft.bank_transaction_code,
        draft.booking_text,
        draft.details,
        draft.detail_count,
    )
