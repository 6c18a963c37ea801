"""The step of a deletion that empties the main database: everything in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import delete, or_, select, update

from backend import database
from backend.models.contracts import Contract
from backend.models.customers import Customer, CustomerNumber, FormerCustomer
from backend.models.deletions import AccountDeletion, AppliedDeletion
from backend.models.imports import ImportFinding
from backend.models.institutions import Institution
from backend.models.recoveries import Recovery
from backend.models.registrations import Registration
from backend.models.user_accounts import UserAccount
from backend.services.attempts import forget_attempts_of
from backend.services.customer_rows import delete_rows, find_objects, find_own_contracts
from backend.services.deletion_work import LockedRecords, open_work, seal_work
from backend.services.outbox import forget_messages_to
from backend.services.retention_rules import lock_rows
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.retained_records import RetainedKind
    from backend.services.deletion_work import DeletingHouse, DeletionWork
    from backend.services.retained_records import Retained

# Shorter numbers stand in findings by chance.
_TELLING = 5


class Customers(Value):
    """The rows of one person, and every uid under which there may be keys."""

    ids: Sequence[int]
    uids: Sequence[str]


async def load_customers(session: AsyncSession, customer_uid: str) -> Customers:
    """Return whom a uid stands for; without ids if they are gone already."""
    ids = (await session.scalars(select(Customer.id).where(Customer.uid == customer_uid))).all()
    former = await session.scalars(
        select(FormerCustomer.uid)
        .where(FormerCustomer.customer_id.in_(ids))
        .order_by(FormerCustomer.id)
    )
    return Customers(ids, former.all())


async def delete_everything(
    house: DeletingHouse, deletion: AccountDeletion, *, number: int
) -> DeletionWork | None:
    """Delete all rows of the customer, lock what the law keeps, and return what is left to do.

    Done before, nothing is deleted again; None if the whole deletion has ended meanwhile.

    Raises:
        NotAllLockedError: a document came in at the last moment; repeat.
    """
    async with database.writing(house.sessions) as session:
        row = await session.scalar(
            select(AccountDeletion)
            .where(AccountDeletion.id == deletion.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            return None
        work = await open_work(house.sealer, row.customer_uid, row.work)
        if row.rows_deleted_at is not None:
            return work
        customers = await load_customers(session, row.customer_uid)
        if customers.ids:
            work = await _delete(session, house, customers, work)
        row.work = await seal_work(house.sealer, row.customer_uid, work)
        row.rows_deleted_at = house.clock.now()
        await note_applied(session, number)
        return work


async def note_applied(session: AsyncSession, number: int) -> None:
    """Write how far this database follows the journal."""
    known = await session.scalar(select(AppliedDeletion.number))
    if known is None:
        session.add(AppliedDeletion(id=1, number=number))
        await session.flush()
    elif known < number:
        await session.execute(update(AppliedDeletion).values(number=number))


async def _delete(
    session: AsyncSession, house: DeletingHouse, customers: Customers, work: DeletionWork
) -> DeletionWork:
    ids = customers.ids
    retained = await lock_rows(session, house, ids)
    objects = await find_objects(session, ids)
    contacts = await _contacts(session, customers, work)
    await _forget_findings(session, ids)
    for asked in (Registration, Recovery):  # by somebody who was not signed in
        await session.execute(delete(asked).where(asked.email_address.in_(contacts)))
    await _forget_attempts(session, ids)
    counts = await delete_rows(session, ids)
    await forget_messages_to(session, house.sealer, contacts=contacts, customer_ids=ids)
    return replace(
        work,
        counts=counts,
        retained=[*work.retained, *await summarise(session, retained)],
        object_keys=[one.object_key for one in objects],
        key_owners=sorted({*customers.uids, *(one.key_owner for one in objects)}),
    )


async def summarise(session: AsyncSession, retained: Iterable[Retained]) -> Sequence[LockedRecords]:
    """Say of each kind and institution until when the last record stays locked."""
    last: dict[tuple[RetainedKind, int | None], date] = {}
    for one in retained:
        key = (one.kind, one.institution_id)
        last[key] = max(one.until, last.get(key, one.until))
    rows = await session.execute(select(Institution.id, Institution.name))
    names = {row.id: row.name for row in rows}
    return [
        LockedRecords(kind, None if institution_id is None else names[institution_id], until)
        for (kind, institution_id), until in sorted(
            last.items(), key=lambda item: (item[0][0].value, item[0][1] or 0)
        )
    ]


async def _contacts(
    session: AsyncSession, customers: Customers, work: DeletionWork
) -> frozenset[str]:
    """Everything by which an outbox message can name the customer."""
    accounts = await session.execute(
        select(UserAccount.email_address, UserAccount.phone_number).where(
            UserAccount.customer_id.in_(customers.ids)
        )
    )
    uids = await session.scalars(select(Customer.uid).where(Customer.id.in_(customers.ids)))
    named = {text for row in accounts for text in row} | {*uids, *customers.uids}
    return frozenset(named | ({work.addressee.email_address} if work.addressee else set()))


async def _forget_attempts(session: AsyncSession, customer_ids: Collection[int]) -> None:
    """Delete what was counted against the account: SQLite gives its id to somebody else."""
    accounts = await session.scalars(
        select(UserAccount.id).where(UserAccount.customer_id.in_(customer_ids))
    )
    await forget_attempts_of(session, [str(account_id) for account_id in accounts])


async def _forget_findings(session: AsyncSession, customer_ids: Collection[int]) -> None:
    """Delete findings of imports that name the customer's numbers."""
    contract_ids = await find_own_contracts(session, customer_ids)
    contracts = await session.scalars(select(Contract).where(Contract.id.in_(contract_ids)))
    numbers = {text for row in contracts for text in (row.number, getattr(row, "iban", None))}
    numbers |= set(
        await session.scalars(
            select(CustomerNumber.number).where(CustomerNumber.customer_id.in_(customer_ids))
        )
    )
    telling = sorted(text for text in numbers if text and len(text) >= _TELLING)
    for text in telling:
        await session.execute(
            delete(ImportFinding).where(
                or_(
                    ImportFinding.record.contains(text, autoescape=True),
                    ImportFinding.reason.contains(text, autoescape=True),
                )
            )
        )
