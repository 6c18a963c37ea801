"""Accounts with other banks that customers added: found, named and removed (F9)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from backend import database
from backend.errors import FieldProblem, InvalidInputError, NotFoundError
from backend.models.self_added_accounts import (
    SelfAddedAccount,
    SelfAddedStatement,
    SelfAddedTransaction,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.self_added_documents import SelfAddedHouse
    from backend.services.sessions import Viewer

LONGEST_LABEL = 80

_LISTED = (
    select(SelfAddedAccount)
    .where(SelfAddedAccount.customer_id == bindparam("customer_id"))
    .order_by(SelfAddedAccount.id)
)
_ONE = _LISTED.where(SelfAddedAccount.id == bindparam("id"))

_BEFORE = (
    select(SelfAddedTransaction.id)
    .where(
        SelfAddedTransaction.added_account_id == bindparam("account_id"),
        SelfAddedTransaction.value_date < bindparam("known_from"),
    )
    .limit(1)
)


async def list_self_added_accounts(
    session: AsyncSession, *, customer_id: int
) -> Sequence[SelfAddedAccount]:
    """Return the accounts that the customer added, in that order."""
    return (await session.scalars(_LISTED, {"customer_id": customer_id})).all()


async def find_self_added_account(
    session: AsyncSession, *, customer_id: int, account_id: int
) -> SelfAddedAccount | None:
    """Return a self-added account of the customer by id; else None."""
    values = {"customer_id": customer_id, "id": account_id}
    return (await session.scalars(_ONE, values)).one_or_none()


async def has_unknown_balances(session: AsyncSession, *, account: SelfAddedAccount) -> bool:
    """Tell whether there are movements of which no statement tells the balance (decision 0035)."""
    values = {"account_id": account.id, "known_from": account.balance_from or date.max}
    return await session.scalar(_BEFORE, values) is not None


async def name_self_added_account(
    house: SelfAddedHouse, *, viewer: Viewer, account_id: int, label: str
) -> SelfAddedAccount:
    """Give a self-added account the customer's own name; an empty one takes it back (F9).

    Raises:
        NotFoundError: the viewer added no such account.
        InvalidInputError: longer than 80 characters, or with signs that nobody sees.
    """
    told = label.strip()
    if len(told) > LONGEST_LABEL:
        raise InvalidInputError(FieldProblem(("label",), "field.too_long"))
    if not told.isprintable():
        raise InvalidInputError(FieldProblem(("label",), "field.not_printable"))
    async with database.writing(house.sessions) as session:
        named = await session.scalars(
            update(SelfAddedAccount)
            .where(
                SelfAddedAccount.id == account_id,
                SelfAddedAccount.customer_id == viewer.customer_id,
            )
            .values(label=told or None, updated_at=house.clock.now())
            .returning(SelfAddedAccount)
            .execution_options(synchronize_session=False)
        )
        account = named.one_or_none()
    if account is None:
        raise NotFoundError
    return account


async def remove_self_added_account(
    house: SelfAddedHouse, *, viewer: Viewer, account_id: int
) -> None:
    """Remove a self-added account with all that its files said (F9).

    Raises:
        NotFoundError: the viewer added no such account.
    """
    async with database.writing(house.sessions) as session:
        account = await find_self_added_account(
            session, customer_id=viewer.customer_id, account_id=account_id
        )
        if account is None:
            raise NotFoundError
        for model in (SelfAddedTransaction, SelfAddedStatement):
            await session.execute(
                delete(model)
                .where(model.added_account_id == account_id)
                .execution_options(synchronize_session=False)
            )
        await session.execute(
            delete(SelfAddedAccount)
            .where(SelfAddedAccount.id == account_id)
            .execution_options(synchronize_session=False)
        )
