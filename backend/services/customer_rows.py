"""Which rows of which tables belong to a customer, worked out from the foreign keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import and_, delete, exists, or_, select, update

from backend.models.contracts import Contract, Partner, PartyRole
from backend.models.customers import Customer
from backend.models.tables import Base

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Column, ColumnElement, CursorResult, Table
    from sqlalchemy.ext.asyncio import AsyncSession

_CUSTOMER = cast("Table", Customer.__table__)
_CONTRACT = cast("Table", Contract.__table__)
_PARTNER = cast("Table", Partner.__table__)
_HOLDERS = (PartyRole.POLICYHOLDER, PartyRole.ACCOUNT_HOLDER)


class StoredObject(NamedTuple):
    """An object's key in the store, and under whose keyset it was encrypted."""

    object_key: str
    key_owner: str


async def find_own_contracts(session: AsyncSession, customer_ids: Collection[int]) -> list[int]:
    """Return the contracts in which customers are named and that no other customer holds.

    They go with them: the core system keeps the book. A contract with another holder stays, whether
    or not that one has a user account.
    """
    named = and_(_PARTNER.c.contract_id == _CONTRACT.c.id, _PARTNER.c.customer_id.is_not(None))
    is_theirs = _PARTNER.c.customer_id.in_(customer_ids)
    statement = select(_CONTRACT.c.id).where(
        _CONTRACT.c.id.in_(select(_PARTNER.c.contract_id).where(is_theirs)),
        ~exists().where(named, ~is_theirs, _PARTNER.c.role.in_(_HOLDERS)),
    )
    return list(await session.scalars(statement))


def rows_of(
    customer_ids: Collection[int], contract_ids: Collection[int]
) -> dict[Table, ColumnElement[bool]]:
    """Return the condition of every table under which a row is these customers'; parents first.

    A table belongs to customers if its foreign keys lead to them, however many steps away: a new
    table needs no entry here. A reference to a contract that may be empty (a document's) does not
    make a row the contract's.
    """
    found: dict[Table, ColumnElement[bool]] = {_CUSTOMER: _CUSTOMER.c.id.in_(customer_ids)}
    for table in Base.metadata.sorted_tables:
        if table is _CONTRACT:
            found[table] = _CONTRACT.c.id.in_(contract_ids)
        elif table is not _CUSTOMER:
            ways = [
                column.in_(select(parent.c.id).where(found[parent]))
                for column, parent in _owners_of(table)
                if parent in found
            ]
            if ways:
                found[table] = or_(*ways)
    return found


async def find_objects(session: AsyncSession, customer_ids: Collection[int]) -> list[StoredObject]:
    """Return what lies in the object store for customers, whichever table names it."""
    found: list[StoredObject] = []
    rows = rows_of(customer_ids, await find_own_contracts(session, customer_ids))
    for table, is_theirs in rows.items():
        if "object_key" in table.c:
            named = table.c.object_key.is_not(None)
            columns = (table.c.object_key, table.c.key_owner)
            stored = await session.execute(select(*columns).where(is_theirs, named))
            found += [StoredObject(*row) for row in stored]
    return found


async def delete_rows(session: AsyncSession, customer_ids: Collection[int]) -> dict[str, int]:
    """Delete everything that belongs to customers and return how many rows of which table went.

    Of contracts that stay only their parties go; the next feed may bring those again, hence the
    hash of what the last one said is forgotten.
    """
    rows = rows_of(customer_ids, await find_own_contracts(session, customer_ids))
    await _let_go_of_contracts(session, rows[_CONTRACT])
    await session.execute(
        update(_CONTRACT)
        .where(_CONTRACT.c.id.in_(select(_PARTNER.c.contract_id).where(rows[_PARTNER])))
        .values(source_digest=None)
    )
    counts: dict[str, int] = {}
    for table in reversed(rows):
        result = await session.execute(delete(table).where(rows[table]))
        counts[table.name] = cast("CursorResult[object]", result).rowcount
    return counts


async def _let_go_of_contracts(session: AsyncSession, goes: ColumnElement[bool]) -> None:
    """Empty references of others to contracts that go."""
    going = select(_CONTRACT.c.id).where(goes)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if _is_loose(column):
                await session.execute(
                    update(table).where(column.in_(going)).values({column.name: None})
                )


def _owners_of(table: Table) -> list[tuple[Column[Any], Table]]:
    return [
        (column, key.column.table)
        for column in table.columns
        for key in column.foreign_keys
        if not _is_loose(column)
    ]


def _is_loose(column: Column[Any]) -> bool:
    """Tell whether a column names a contract and may as well name none."""
    names_contract = any(key.column.table is _CONTRACT for key in column.foreign_keys)
    return bool(column.nullable) and names_contract
