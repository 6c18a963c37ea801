"""All that a customer added by hand: counted, and deleted with one command (F10, F11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, delete, func, select, union_all

from backend import database
from backend.models.self_added_accounts import (
    SelfAddedAccount,
    SelfAddedStatement,
    SelfAddedTransaction,
)
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.models.uploads import Upload, UploadPurpose
from backend.services.self_added_contracts import lock_customer
from backend.services.self_added_documents import drop_objects
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import CompoundSelect, Select, Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.tables import Base
    from backend.services.self_added_documents import SelfAddedHouse
    from backend.services.sessions import Viewer

_WHOSE = bindparam("customer_id", type_=SelfAddedContract.customer_id.type)
_CONTRACTS = select(SelfAddedContract.id).where(SelfAddedContract.customer_id == _WHOSE)
_DOCUMENTS = select(SelfAddedDocument.id).where(SelfAddedDocument.added_contract_id.in_(_CONTRACTS))
_ACCOUNTS = select(SelfAddedAccount.id).where(SelfAddedAccount.customer_id == _WHOSE)
_STATEMENTS = select(SelfAddedStatement.id).where(
    SelfAddedStatement.added_account_id.in_(_ACCOUNTS)
)
_TRANSACTIONS = select(SelfAddedTransaction.id).where(
    SelfAddedTransaction.added_account_id.in_(_ACCOUNTS)
)
_COUNTS = select(
    *(
        select(func.count()).select_from(chosen.subquery()).scalar_subquery()
        for chosen in (_CONTRACTS, _DOCUMENTS, _ACCOUNTS, _TRANSACTIONS)
    )
)
# Sent, but not used yet.
_UPLOADS = select(Upload.id).where(
    Upload.customer_id == _WHOSE,
    Upload.purpose.in_([UploadPurpose.SELF_ADDED_CONTRACT, UploadPurpose.ACCOUNT_STATEMENT]),
)
_OBJECT_KEYS: CompoundSelect[str] = union_all(
    select(SelfAddedDocument.object_key).where(SelfAddedDocument.id.in_(_DOCUMENTS)),
    select(Upload.object_key).where(Upload.id.in_(_UPLOADS), Upload.object_key.is_not(None)),
)
# Children first.
_GOES: Sequence[tuple[type[Base], Select[int]]] = (
    (SelfAddedDocument, _DOCUMENTS),
    (SelfAddedContract, _CONTRACTS),
    (SelfAddedTransaction, _TRANSACTIONS),
    (SelfAddedStatement, _STATEMENTS),
    (SelfAddedAccount, _ACCOUNTS),
    (Upload, _UPLOADS),
)


class SelfAddedData(Value):
    """How much a customer added by hand; none of it is the house's."""

    customer_id: int
    contract_count: int
    document_count: int
    account_count: int
    transaction_count: int


async def count_self_added(session: AsyncSession, *, customer_id: int) -> SelfAddedData:
    """Return how much a customer added: what "Daten löschen" would delete."""
    row = (await session.execute(_COUNTS, {"customer_id": customer_id})).one()
    return SelfAddedData(customer_id, *row)


async def delete_self_added_data(house: SelfAddedHouse, *, viewer: Viewer) -> SelfAddedData:
    """Delete exactly what the viewer added by hand, ciphertext included (F10).

    The user account, delivery channels, consents and the contracts of the house are not touched
    (F11): no table of theirs is named here. Deleting nothing is no failure.
    """
    values = {"customer_id": viewer.customer_id}
    async with database.writing(house.sessions) as session:
        await lock_customer(session, viewer.customer_id)
        object_keys = (await session.scalars(_OBJECT_KEYS, values)).all()
        for model, chosen in _GOES:
            table = cast("Table", model.__table__)
            await session.execute(delete(table).where(table.c.id.in_(chosen)), values)
        left = await count_self_added(session, customer_id=viewer.customer_id)
    await drop_objects(house, object_keys)
    return left
