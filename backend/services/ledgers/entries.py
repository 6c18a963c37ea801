"""Entries of a statement into transactions: many at once, no entry twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, or_, select

from backend.feeds.bank_keys import OccurrenceCounter, digest
from backend.feeds.bank_records import StatementKind
from backend.feeds.findings import Finding
from backend.services.ledgers.amounts import is_storable
from backend.services.ledgers.overlaps import Overlaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import Entry, Statement
    from backend.services.ledgers import KnownAccount, Ledger, LedgerReport, Values


class EntryWriter:
    """Writes the entries of one statement.

    Known are entries with the key of one that is there (`feeds.bank_keys`). Provisional are entries
    of interim messages (camt.052, camt.054, MT942) and pending ones. They carry a key of their
    content, without the statement: a bank repeats them in every report of a day. They give way to
    the booked entry: by content or reference when it comes, and at the latest when a statement
    reaches their day. Once one has, they count as known.

    Where a ledger is not complete, rows of a CSV export are provisional, too, and a statement
    reaches its own days only: what another format says about those is known, as is what another
    statement of this format says alike.
    """

    def __init__(
        self,
        ledger: Ledger,
        report: LedgerReport,
        account: KnownAccount,
        statement: Statement,
        statement_id: int | None,
    ) -> None:
        self.account = account
        self._ledger = ledger
        self._columns = ledger.movements.c
        self._report = report
        self._statement = statement
        self._statement_id = statement_id
        self._closes_on = statement.closing.on if statement.closing else None
        self._occurrences = OccurrenceCounter()
        self._overlaps = Overlaps(ledger, account.id, statement, statement_id)
        self._rows: dict[str, Values] = {}
        self._content_keys: dict[str, str] = {}
        self._references: dict[str, str | None] = {}

    def add(self, entry: Entry) -> None:
        """Gather an entry, unless it is known or can't be stored."""
        if not is_storable(entry.amount):
            reason = "has more decimals or digits than any real booking"
            record = f"entry {entry.sequence}"
            self._report.note_in_feed(Finding(entry.line, record, "amount", reason, rejects=True))
            return
        is_provisional = self._statement.is_interim or entry.is_pending or self._is_export()
        if (is_provisional and self._is_covered(entry)) or self._is_listed_elsewhere(entry):
            self._report.duplicates += 1
            return
        key = self._provisional_key(entry) if self._statement.is_interim else entry.key
        if key in self._rows:
            self._report.duplicates += 1
            return
        self._rows[key] = self._row(entry, key, is_provisional=is_provisional)
        self._content_keys[key] = entry.content_key
        self._references[key] = _reference(entry)

    async def flush(self, session: AsyncSession) -> None:
        """Write what was gathered and is not there yet."""
        if not self._rows:
            return
        rows = await session.execute(
            select(self._columns.entry_key, self._columns.is_pending).where(
                self._ledger.movements_of(self.account.id),
                self._columns.entry_key.in_(list(self._rows)),
            )
        )
        known = {row[0]: row[1] for row in rows}
        # What was pending in the last report may be booked in this one.
        new = [
            row
            for key, row in self._rows.items()
            if key not in known or (known[key] and not row["is_pending"])
        ]
        if not self._ledger.is_complete:
            listed = await self._overlaps.find(session, new)
            new = [row for row in new if row["entry_key"] not in listed]
        self._report.duplicates += len(self._rows) - len(new)
        self._report.accepted += len(new)
        if new:
            await self._replace_provisional(
                session, new, [key for key in self._rows if key in known]
            )
            await session.execute(insert(self._ledger.movements), new)
        self._rows.clear()
        self._content_keys.clear()
        self._references.clear()

    def _is_export(self) -> bool:
        return self._statement.kind is StatementKind.CSV and not self._ledger.is_complete

    def _is_listed_elsewhere(self, entry: Entry) -> bool:
        return not entry.is_pending and any(
            period.kind != self._statement.kind.value
            and period.first <= entry.booking_date <= period.last
            for period in self.account.periods
        )

    def _is_covered(self, entry: Entry) -> bool:
        if not self._ledger.is_complete and not entry.is_pending:
            return False
        balance_on = self.account.balance_on
        day = entry.booking_date
        # What a later report still calls pending was not booked before, whatever its value date.
        if entry.is_pending and self._statement.created_on is not None:
            day = max(day, self._statement.created_on)
        if balance_on is None or day > balance_on:
            return False
        # A statement may list what is still pending on its own day.
        is_newest = self._closes_on is not None and self._closes_on >= balance_on
        return self._statement.is_interim or not is_newest

    def _provisional_key(self, entry: Entry) -> str:
        base = digest("provisional", entry.content_key, _reference(entry))
        return digest(base, self._occurrences.next(base)).hex()

    def _row(self, entry: Entry, key: str, *, is_provisional: bool) -> Values:
        return {
            self._ledger.owner: self.account.id,
            "statement_id": self._statement_id,
            "entry_key": key,
            "content_key": entry.content_key if is_provisional else None,
            "bank_reference": _reference(entry) if is_provisional else None,
            "value_date": entry.value_date,
            "booking_date": entry.booking_date,
            "sequence": entry.sequence,
            "amount": entry.amount,
            "currency": entry.currency,
            "is_pending": entry.is_pending,
            "is_reversal": entry.is_reversal,
            "counterparty_name": entry.counterparty_name,
            "counterparty_iban": entry.counterparty_iban,
            "counterparty_iban_is_valid": entry.counterparty_iban_is_valid,
            "end_to_end_id": entry.end_to_end_id,
            "mandate_reference": entry.mandate_id,
            "creditor_identifier": entry.creditor_id,
            "booking_text": entry.booking_text,
            "remittance_information": entry.remittance_information or "",
        }

    async def _replace_provisional(
        self, session: AsyncSession, new: Sequence[Values], replaced_keys: Sequence[str]
    ) -> None:
        """Delete what the new entries stand for, one for one."""
        same_key = {row["entry_key"] for row in new}.intersection(replaced_keys)
        if same_key:
            await session.execute(
                delete(self._ledger.movements).where(
                    self._ledger.movements_of(self.account.id),
                    self._columns.entry_key.in_(same_key),
                )
            )
        booked = [row for row in new if not row["is_pending"] and row["entry_key"] not in same_key]
        candidates = await self._candidates(session, booked) if booked else []
        gone: set[int] = set()
        for row in booked:
            partner = next(
                (one for one in candidates if one.id not in gone and self._is_partner(one, row)),
                None,
            )
            if partner is not None:
                gone.add(partner.id)
        if gone:
            await session.execute(delete(self._ledger.movements).where(self._columns.id.in_(gone)))

    async def _candidates(self, session: AsyncSession, booked: Sequence[Values]) -> Sequence[Any]:
        keys = {self._content_keys[row["entry_key"]] for row in booked}
        references = {self._references[row["entry_key"]] for row in booked} - {None}
        payments = {row["end_to_end_id"] for row in booked} - {None}
        meets = or_(
            self._columns.content_key.in_(keys),
            self._columns.bank_reference.in_(references),
            self._columns.end_to_end_id.in_(payments),
        )
        # Booked interim entries are told apart by their own keys; only pending ones give way.
        is_open: ColumnElement[bool] = self._columns.is_pending.is_(True)
        if not self._statement.is_interim:
            is_open = or_(is_open, self._columns.content_key.in_(keys))
        rows = await session.execute(
            select(
                self._columns.id,
                self._columns.content_key,
                self._columns.bank_reference,
                self._columns.end_to_end_id,
                self._columns.amount,
            )
            .where(
                self._ledger.movements_of(self.account.id),
                self._columns.content_key.is_not(None),
                is_open,
                meets,
            )
            .order_by(self._columns.id)
        )
        return rows.all()

    def _is_partner(self, candidate: Any, row: Values) -> bool:
        key = row["entry_key"]
        if candidate.content_key == self._content_keys[key]:
            return True
        reference = self._references[key]
        if reference is not None and candidate.bank_reference == reference:
            return True
        payment = row["end_to_end_id"]
        is_same = payment is not None and candidate.end_to_end_id == payment
        return is_same and bool(candidate.amount == row["amount"])


def _reference(entry: Entry) -> str | None:
    return entry.account_servicer_reference or entry.entry_reference
