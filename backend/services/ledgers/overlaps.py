"""Entries that another statement of the same format lists, too, as its days overlap."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import RowMapping
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import Statement
    from backend.services.ledgers import Ledger, Values


class Overlaps:
    """What an account's other statements list of the days of this one.

    Where customers choose the days of a statement, two of them overlap as they like; their entries
    have keys of their own statement and meet by what they say. Statements that follow each other,
    by balance or by number, don't overlap: equal payments on the day they share are two.
    """

    def __init__(
        self, ledger: Ledger, account_id: int, statement: Statement, statement_id: int | None
    ) -> None:
        self._ledger = ledger
        self._account_id = account_id
        self._statement = statement
        self._statement_id = statement_id
        self._met: Counter[Hashable] = Counter()

    async def find(self, session: AsyncSession, rows: Sequence[Values]) -> set[str]:
        """Return the keys of rows that are listed already; each listed entry is met once."""
        booked = [row for row in rows if not row["is_pending"]]
        has_balances = self._statement.opening is not None and self._statement.closing is not None
        if not booked or not has_balances or not self._statement.kind.is_balanced:
            return set()
        listed = await self._listed(session, booked)
        known: set[str] = set()
        for row in booked:
            said = _said(row)
            if self._met[said] < listed[said]:
                self._met[said] += 1
                known.add(row["entry_key"])
        return known

    async def _listed(self, session: AsyncSession, booked: Sequence[Values]) -> Counter[Hashable]:
        movements, statements = self._ledger.movements.c, self._ledger.statements.c
        days = [row["booking_date"] for row in booked]
        rows = await session.execute(
            select(
                movements.value_date,
                movements.booking_date,
                movements.amount,
                movements.currency,
                movements.end_to_end_id,
                movements.remittance_information,
                statements.sequence_number,
                statements.from_date,
                statements.to_date,
                statements.opening_balance,
                statements.closing_balance,
            )
            .join(self._ledger.statements, movements.statement_id == statements.id)
            .where(
                self._ledger.movements_of(self._account_id),
                movements.is_pending.is_(False),
                movements.booking_date.between(min(days), max(days)),
                statements.kind == self._statement.kind.value,
                statements.id != self._statement_id,
                statements.closing_balance.is_not(None),
            )
        )
        return Counter(_said(row) for row in rows.mappings() if not self._follows(row))

    def _follows(self, other: RowMapping) -> bool:
        """Tell whether one of the two statements goes on where the other ended."""
        own = self._statement
        if None not in {own.sequence_number, other["sequence_number"]}:
            return bool(own.sequence_number != other["sequence_number"])
        opening, closing = own.opening, own.closing
        is_after = (
            opening is not None
            and other["closing_balance"] == opening.amount
            and _is_in_order(other["to_date"], opening.on)
        )
        is_before = (
            closing is not None
            and other["opening_balance"] == closing.amount
            and _is_in_order(closing.on, other["from_date"])
        )
        return is_after or is_before


def _is_in_order(earlier: date | None, later: date | None) -> bool:
    return earlier is None or later is None or earlier <= later


def _said(row: Mapping[Any, Any]) -> Hashable:
    return (
        row["value_date"],
        row["booking_date"],
        row["amount"],
        row["currency"],
        row["end_to_end_id"],
        "".join(row["remittance_information"].split()),
    )
