"""Which transactions a customer asks for, as a condition for the database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from sqlalchemy import and_, false, or_

from backend.folding import contains, search_term
from backend.models.transactions import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import ColumnElement

_SMALLEST_STEP = Decimal("0.0001")
# What the column of amounts can hold, and any real sum.
_LARGEST_AMOUNT = Decimal(900_000_000_000_000)


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """Conditions that add up; the period is half-open and asks for value dates (F65).

    `search` looks in counterparty and remittance text. A period or range that ends before it
    begins, or a bound that is not a number, leaves nothing.
    """

    from_date: date | None = None
    to_date: date | None = None
    search: str | None = None
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None


def condition_of(wanted: TransactionFilter) -> ColumnElement[bool] | None:
    """Return a filter as one condition; None if it asks for everything."""
    conditions = list(_conditions_of(wanted))
    return and_(*conditions) if conditions else None


def _conditions_of(wanted: TransactionFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.from_date is not None:
        yield Transaction.value_date >= wanted.from_date
    if wanted.to_date is not None:
        yield Transaction.value_date < wanted.to_date
    if term := search_term(wanted.search):
        yield or_(
            contains(Transaction.counterparty_name, term),
            contains(Transaction.remittance_information, term),
        )
    bounds = (wanted.min_amount, wanted.max_amount)
    if any(bound is not None and bound.is_nan() for bound in bounds):
        yield false()
        return
    if wanted.min_amount is not None:
        yield Transaction.amount >= _storable(wanted.min_amount, ROUND_CEILING)
    if wanted.max_amount is not None:
        yield Transaction.amount <= _storable(wanted.max_amount, ROUND_FLOOR)


def _storable(bound: Decimal, rounding: str) -> Decimal:
    within = max(-_LARGEST_AMOUNT, min(bound, _LARGEST_AMOUNT))
    return within.quantize(_SMALLEST_STEP, rounding=rounding)
