"""Which transactions a customer asks for, as a condition for the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from backend.folding import contains, search_term
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from sqlalchemy import ColumnElement

    from backend.models.transactions import Movement


class TransactionFilter(Value):
    """Conditions that add up; the period is half-open and asks for value dates (F65).

    `search` looks in counterparty and remittance text. Amounts have at most four decimals. A
    period or range that ends before it begins leaves nothing.
    """

    from_date: date | None = None
    to_date: date | None = None
    search: str | None = None
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None


def condition_of(wanted: TransactionFilter, model: type[Movement]) -> ColumnElement[bool] | None:
    """Return a filter as one condition on a table; None if it asks for everything."""
    conditions = list(_conditions_of(wanted, model))
    return and_(*conditions) if conditions else None


def _conditions_of(
    wanted: TransactionFilter, model: type[Movement]
) -> Iterator[ColumnElement[bool]]:
    if wanted.from_date is not None:
        yield model.value_date >= wanted.from_date
    if wanted.to_date is not None:
        yield model.value_date < wanted.to_date
    if term := search_term(wanted.search):
        yield or_(
            contains(model.counterparty_name, term),
            contains(model.remittance_information, term),
        )
    if wanted.min_amount is not None:
        yield model.amount >= wanted.min_amount
    if wanted.max_amount is not None:
        yield model.amount <= wanted.max_amount
