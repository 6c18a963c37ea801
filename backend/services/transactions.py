"""Transactions of savings products: pages with a running balance and the balance by day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from backend.models.contracts import SavingsProduct
from backend.models.self_added_accounts import SelfAddedAccount
from backend.money import Money
from backend.paging import Page, clamp, decode_cursor
from backend.services.contracts import find_contract
from backend.services.self_added_accounts import find_self_added_account
from backend.services.transaction_filter import TransactionFilter, condition_of
from backend.services.transaction_queries import (
    OF_THE_HOUSE,
    SELF_ADDED,
    MoneyAccount,
    queries_of,
)
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy

_ZERO = Decimal("0.00")

# Of ids: movements of the house's accounts, and of those that customers added.
KINDS = ("Transaction", "SelfAddedTransaction")

Place = tuple[date, date, int, int]
PLACE_KINDS = (date, date, int, int)


class ListedTransaction(Value):
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
    is_self_added: bool


class BalancePoint(Value):
    """The balance at the end of a day."""

    day: date
    balance: Money


def kind_of(transaction: ListedTransaction) -> str:
    """Return the kind of a movement's id: it tells in which table the movement lies."""
    of_house, self_added = KINDS
    return self_added if transaction.is_self_added else of_house


async def list_transactions(
    session: AsyncSession,
    *,
    account: MoneyAccount,
    wanted: TransactionFilter,
    first: int,
    after: str | None = None,
) -> Page[ListedTransaction]:
    """Return a page of an account's movements, by value date, newest first (F64, F65, F9).

    `account` is visible to who asks, or their own addition. The balance after an entry is the true
    one, whatever the filter leaves out: counted back from the newest statement's balance and what
    was booked after that statement's day. While no statement has named a balance, an account is
    taken to have begun with nothing: its balance is the sum of its booked entries. What customers
    add begins anywhere: balances are only known where its statements tell them (decision 0035).
    """
    queries = queries_of(account)
    condition = condition_of(wanted, queries.model)
    place = None if after is None else decode_cursor(after, *PLACE_KINDS)
    first = clamp(first)
    rows = await fetch_rows(
        session, account=account, condition=condition, place=place, most=first + 1
    )
    counting = queries.count_and_late
    if condition is not None:
        matches = func.count(case((condition, queries.model.id)))
        counting = select(matches, queries.sum_if(queries.is_late)).where(queries.of_account)
    total, late = (await session.execute(counting, _balance_values(account))).one()
    listed = await _with_balances(
        session, account, rows[:first], late=late, is_top=condition is None and place is None
    )
    return Page(listed, len(rows) > first, total, lambda row: row.place)


async def find_transaction(
    session: AsyncSession, *, customer_id: int, transaction_id: int, today: date, policy: Policy
) -> ListedTransaction | None:
    """Return a movement by id if its account is visible to the customer (F40); else None."""
    account_id = await session.scalar(OF_THE_HOUSE.account_of, {"id": transaction_id})
    if account_id is None:
        return None
    account = await find_contract(
        session, customer_id=customer_id, contract_id=account_id, today=today, policy=policy
    )
    if not isinstance(account, SavingsProduct):
        return None
    return await _one(session, account, transaction_id)


async def find_self_added_transaction(
    session: AsyncSession, *, customer_id: int, transaction_id: int
) -> ListedTransaction | None:
    """Return a movement by id if the customer added its account (F9); else None."""
    account_id = await session.scalar(SELF_ADDED.account_of, {"id": transaction_id})
    account = await find_self_added_account(
        session, customer_id=customer_id, account_id=account_id or 0
    )
    return None if account is None else await _one(session, account, transaction_id)


async def _one(
    session: AsyncSession, account: MoneyAccount, transaction_id: int
) -> ListedTransaction | None:
    queries = queries_of(account)
    rows = await fetch_rows(
        session, account=account, condition=queries.model.id == transaction_id, most=1
    )
    late = (await session.execute(queries.count_and_late, _balance_values(account))).one()[1]
    listed = await _with_balances(session, account, rows, late=late, is_top=False)
    return listed[0] if listed else None


async def fetch_rows(
    session: AsyncSession,
    *,
    account: MoneyAccount,
    condition: ColumnElement[bool] | None = None,
    place: Sequence[object] | None = None,
    most: int,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return up to `most` movements in order, those after `place` if one is given."""
    queries = queries_of(account)
    statement = queries.rows if place is None else queries.rows_after
    values: dict[str, object] = {"account_id": account.id, "most": most}
    if place is not None:
        values |= {part.key: value for part, value in zip(queries.place, place, strict=True)}
    if condition is not None:
        statement = statement.where(condition)
    return (await session.execute(statement, values)).all()


async def list_balance_points(
    session: AsyncSession,
    *,
    account: MoneyAccount,
    from_date: date | None = None,
    to_date: date | None = None,
) -> list[BalancePoint]:
    """Return the balance at the end of each value date with a booked entry, oldest first.

    The period is half-open; the balances are those of `list_transactions`, and so are the days for
    which none is known.
    """
    known_from = _balances_from(account)
    days = (await session.execute(queries_of(account).days, _balance_values(account))).all()
    late = sum((row[2] for row in days), _ZERO)
    before_all = (account.balance or _ZERO) + late - sum((row[1] for row in days), _ZERO)
    balances = accumulate((row[1] for row in days), initial=before_all)
    next(balances)
    return [
        BalancePoint(row[0], Money(balance, account.shown_currency))
        for row, balance in zip(days, balances, strict=True)
        if known_from <= row[0]
        and (from_date is None or from_date <= row[0])
        and (to_date is None or row[0] < to_date)
    ]


async def load_booked_sums_of(
    session: AsyncSession, account_ids: Sequence[int]
) -> Mapping[int, Decimal]:
    """Return the sum of the booked entries by account: its balance while no statement names one."""
    rows = await session.execute(OF_THE_HOUSE.booked_sums, {"account_ids": list(account_ids)})
    return dict(rows.all())


def _balances_from(account: MoneyAccount) -> date:
    """Return the day from which on balances are known; `date.max` where none is."""
    if not isinstance(account, SelfAddedAccount):
        return date.min
    return account.balance_from or date.max


def _balance_values(account: MoneyAccount) -> dict[str, object]:
    is_known = account.balance is not None
    holds_until = (account.balance_on or date.max) if is_known else date.min
    return {"account_id": account.id, "balance_holds_until": holds_until}


async def _with_balances(
    session: AsyncSession,
    account: MoneyAccount,
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
        sums_until = dict((await session.execute(queries_of(account).sums_until, values)).all())
    newest = (account.balance or _ZERO) + late
    known_from = _balances_from(account)
    return [
        _listed(
            row,
            newest - sums_until[row.id] + row.amount,
            is_balance_known=not row.is_pending and known_from <= row.value_date,
            is_self_added=isinstance(account, SelfAddedAccount),
        )
        for row in rows
    ]


def _listed(
    row: Row[*tuple[Any, ...]],
    balance_after: Decimal,
    *,
    is_balance_known: bool,
    is_self_added: bool,
) -> ListedTransaction:
    return ListedTransaction(
        id=row.id,
        value_date=row.value_date,
        booking_date=None if row.is_pending else row.booking_date,
        amount=Money(row.amount, row.currency),
        balance_after=Money(balance_after, row.currency) if is_balance_known else None,
        counterparty_name=row.counterparty_name,
        counterparty_iban=row.counterparty_iban,
        remittance_information=row.remittance_information,
        is_pending=row.is_pending,
        is_reversal=row.is_reversal,
        place=(row.value_date, row.booking_date, row.sequence, row.id),
        is_self_added=is_self_added,
    )
