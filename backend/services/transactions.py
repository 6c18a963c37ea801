"""Transactions of savings products: pages with a running balance and the balance by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, func, select, tuple_

from backend.models.contracts import SavingsProduct
from backend.models.tables import Amount
from backend.models.transactions import Transaction
from backend.money import Money
from backend.paging import Page, clamp, decode_cursor
from backend.services.contracts import find_contract
from backend.services.transaction_filter import TransactionFilter, condition_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy

_ZERO = Decimal("0.00")

Place = tuple[date, date, int, int]
PLACE_KINDS = (date, date, int, int)


@dataclass(frozen=True, slots=True)
class ListedTransaction:
    """A movement and where it left the account.

    A pending one has neither booking date nor balance: it enters no balance until it is booked.
    """

    id: int
    value_date: date
    booking_date: date | None
    amount: Money
    balance_after: Money | None
    counterparty_name: str | None
    counterparty_iban: str | None
    remittance_information: str
    is_pending: bool
    is_reversal: bool
    place: Place


@dataclass(frozen=True, slots=True)
class BalancePoint:
    """The balance at the end of a day."""

    day: date
    balance: Money


_ORDER = (
    Transaction.value_date,
    Transaction.booking_date,
    Transaction.sequence,
    Transaction.id,
)
_PLACE = tuple(bindparam(f"after_{column.key}", type_=column.type) for column in _ORDER)
_OF_ACCOUNT = Transaction.contract_id == bindparam("account_id")
_IS_BOOKED = Transaction.is_pending.is_(False)
# The balance of the newest statement holds everything that was booked until its day.
_IS_LATE = and_(_IS_BOOKED, Transaction.booking_date > bindparam("balance_holds_until"))

_ROWS = (
    select(
        *_ORDER,
        Transaction.amount,
        Transaction.currency,
        Transaction.counterparty_name,
        Transaction.counterparty_iban,
        Transaction.remittance_information,
        Transaction.is_pending,
        Transaction.is_reversal,
    )
    .where(_OF_ACCOUNT)
    .order_by(*(column.desc() for column in _ORDER))
    .limit(bindparam("most"))
)
_ROWS_AFTER = _ROWS.where(tuple_(*_ORDER) < tuple_(*_PLACE))


def _sum_if(condition: ColumnElement[bool]) -> ColumnElement[Decimal]:
    return func.coalesce(func.sum(case((condition, Transaction.amount))), 0, type_=Amount())


_COUNT_AND_LATE = select(func.count(Transaction.id), _sum_if(_IS_LATE)).where(_OF_ACCOUNT)

_RUNNING = (
    select(
        Transaction.id,
        func.sum(case((_IS_BOOKED, Transaction.amount), else_=0))
        .over(order_by=[column.desc() for column in _ORDER])
        .label("sum_until"),
    )
    .where(_OF_ACCOUNT, Transaction.value_date >= bindparam("last_value_date"))
    .subquery()
)
_SUMS_UNTIL = select(_RUNNING.c.id, func.coalesce(_RUNNING.c.sum_until, 0, type_=Amount())).where(
    _RUNNING.c.id.in_(bindparam("ids", expanding=True))
)

_DAYS = (
    select(Transaction.value_date, func.sum(Transaction.amount), _sum_if(_IS_LATE))
    .where(_OF_ACCOUNT, _IS_BOOKED)
    .group_by(Transaction.value_date)
    .order_by(Transaction.value_date)
)

_BOOKED_SUMS = (
    select(Transaction.contract_id, func.sum(Transaction.amount))
    .where(Transaction.contract_id.in_(bindparam("account_ids", expanding=True)), _IS_BOOKED)
    .group_by(Transaction.contract_id)
)

_ACCOUNT_OF = select(Transaction.contract_id).where(Transaction.id == bindparam("id"))


async def list_transactions(
    session: AsyncSession,
    *,
    account: SavingsProduct,
    wanted: TransactionFilter,
    first: int,
    after: str | None = None,
) -> Page[ListedTransaction]:
    """Return a page of an account's movements, by value date, newest first (F64, F65).

    `account` was found by the visibility predicate. The balance after an entry is the true one,
    whatever the filter leaves out: counted back from the newest statement's balance and what was
    booked after that statement's day. While no statement has named a balance, an account is
    taken to have begun with nothing: its balance is the sum of its booked entries.
    """
    condition = condition_of(wanted)
    place = None if after is None else decode_cursor(after, *PLACE_KINDS)
    first = clamp(first)
    rows = await fetch_rows(
        session, account_id=account.id, condition=condition, place=place, most=first + 1
    )
    counting = _COUNT_AND_LATE
    if condition is not None:
        matches = func.count(case((condition, Transaction.id)))
        counting = select(matches, _sum_if(_IS_LATE)).where(_OF_ACCOUNT)
    total, late = (await session.execute(counting, _balance_values(account))).one()
    listed = await _with_balances(
        session, account, rows[:first], late=late, is_top=condition is None and place is None
    )
    return Page(listed, len(rows) > first, total, lambda row: row.place)


async def find_transaction(
    session: AsyncSession, *, customer_id: int, transaction_id: int, today: date, policy: Policy
) -> ListedTransaction | None:
    """Return a movement by id if its account is visible to the customer (F40); else None."""
    account_id = await session.scalar(_ACCOUNT_OF, {"id": transaction_id})
    if account_id is None:
        return None
    account = await find_contract(
        session, customer_id=customer_id, contract_id=account_id, today=today, policy=policy
    )
    if not isinstance(account, SavingsProduct):
        return None
    rows = await fetch_rows(
        session, account_id=account_id, condition=Transaction.id == transaction_id, most=1
    )
    late = (await session.execute(_COUNT_AND_LATE, _balance_values(account))).one()[1]
    listed = await _with_balances(session, account, rows, late=late, is_top=False)
    return listed[0] if listed else None


async def fetch_rows(
    session: AsyncSession,
    *,
    account_id: int,
    condition: ColumnElement[bool] | None = None,
    place: Sequence[object] | None = None,
    most: int,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return up to `most` movements in order, those after `place` if one is given."""
    statement = _ROWS if place is None else _ROWS_AFTER
    values: dict[str, object] = {"account_id": account_id, "most": most}
    if place is not None:
        values |= {part.key: value for part, value in zip(_PLACE, place, strict=True)}
    if condition is not None:
        statement = statement.where(condition)
    return (await session.execute(statement, values)).all()


async def list_balance_points(
    session: AsyncSession,
    *,
    account: SavingsProduct,
    from_date: date | None = None,
    to_date: date | None = None,
) -> list[BalancePoint]:
    """Return the balance at the end of each value date with a booked entry, oldest first.

    The period is half-open; the balances are those of `list_transactions`.
    """
    days = (await session.execute(_DAYS, _balance_values(account))).all()
    late = sum((row[2] for row in days), _ZERO)
    before_all = (account.balance or _ZERO) + late - sum((row[1] for row in days), _ZERO)
    balances = accumulate((row[1] for row in days), initial=before_all)
    next(balances)
    return [
        BalancePoint(row[0], Money(balance, account.shown_currency))
        for row, balance in zip(days, balances, strict=True)
        if (from_date is None or from_date <= row[0]) and (to_date is None or row[0] < to_date)
    ]


async def load_booked_sums_of(
    session: AsyncSession, account_ids: Sequence[int]
) -> Mapping[int, Decimal]:
    """Return the sum of the booked entries by account: its balance while no statement names one."""
    rows = await session.execute(_BOOKED_SUMS, {"account_ids": list(account_ids)})
    return dict(rows.all())


def _balance_values(account: SavingsProduct) -> dict[str, object]:
    is_known = account.balance is not None
    holds_until = (account.balance_on or date.max) if is_known else date.min
    return {"account_id": account.id, "balance_holds_until": holds_until}


async def _with_balances(
    session: AsyncSession,
    account: SavingsProduct,
    rows: Sequence[Row[*tuple[Any, ...]]],
    *,
    late: Decimal,
    is_top: bool,
) -> list[ListedTransaction]:
    """Give rows their balance; rows from the top on need no further query."""
    if not rows:
        return []
    booked = (_ZERO if row.is_pending else row.amount for row in rows)
    sums_until = dict(zip((row.id for row in rows), accumulate(booked), strict=True))
    if not is_top:
        values = {
            "account_id": account.id,
            "last_value_date": rows[-1].value_date,
            "ids": list(sums_until),
        }
        sums_until = dict((await session.execute(_SUMS_UNTIL, values)).all())
    newest = (account.balance or _ZERO) + late
    return [_listed(row, newest - sums_until[row.id] + row.amount) for row in rows]


def _listed(row: Row[*tuple[Any, ...]], balance_after: Decimal) -> ListedTransaction:
    return ListedTransaction(
        id=row.id,
        value_date=row.value_date,
        booking_date=None if row.is_pending else row.booking_date,
        amount=Money(row.amount, row.currency),
        balance_after=None if row.is_pending else Money(balance_after, row.currency),
        counterparty_name=row.counterparty_name,
        counterparty_iban=row.counterparty_iban,
        remittance_information=row.remittance_information,
        is_pending=row.is_pending,
        is_reversal=row.is_reversal,
        place=(row.value_date, row.booking_date, row.sequence, row.id),
    )
