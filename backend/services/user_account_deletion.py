"""Deleting a user account and everything the portal holds about its customer (F5-F8, M6).

A deletion is decided in one transaction with what caused it; from then on nobody signs in. The
worker takes it to its end in steps that may each be repeated after a crash: the journal's entry
first, then the rows, then keys and objects, then the certificate.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from backend import database
from backend.erasure import wipe_deleted
from backend.errors import NotFoundError
from backend.models.customers import Customer
from backend.models.deletions import AccountDeletion, DeletionReason
from backend.models.sign_in import Challenge, UserSession
from backend.models.user_accounts import Passkey, UserAccount
from backend.services import deletion_certificates, devices
from backend.services.audit import append_audit
from backend.services.deletion_rows import delete_everything, load_customers
from backend.services.deletion_work import Addressee, DeletionWork, seal_work
from backend.services.outbox import nudge_worker_after_commit
from backend.services.retention_rules import lock_documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.deletion_work import DeletingHouse, LockedRecords, OpeningHouse

BATCH = 20
_log = logging.getLogger(__name__)


async def begin_deletion(
    session: AsyncSession,
    house: OpeningHouse,
    *,
    customer_id: int,
    reason: DeletionReason,
    actor: str,
    locked: Sequence[LockedRecords] = (),
) -> Addressee:
    """Decide that a user account goes, in the transaction of what decides it.

    `locked` is what the caller keeps for the law; the certificate tells it. The decision ends every
    session and every way to sign in at once; the address is free for a new registration (F8). The
    rest is done by the worker. Returns who gets the certificate.

    Raises:
        NotFoundError: the customer has no user account, or its deletion has begun.
    """
    found = (
        await session.execute(
            select(UserAccount, Customer)
            .join(Customer, Customer.id == UserAccount.customer_id)
            .where(Customer.id == customer_id)
            .with_for_update()
        )
    ).one_or_none()
    if found is None or await _has_begun(session, found[1].uid):
        raise NotFoundError
    account, customer = found
    addressee = Addressee(customer.display_name, account.email_address, account.locale)
    await write_deletion(
        session, house, customer.uid, reason, DeletionWork(addressee, retained=locked)
    )
    await _lock_out(session, house, account, customer.uid)
    await append_audit(
        session,
        actor=actor,
        action="user_account.deletion_begun",
        subject=customer.uid,
        detail={"reason": reason.value},
        clock=house.clock,
    )
    return addressee


async def write_deletion(
    session: AsyncSession,
    house: OpeningHouse,
    customer_uid: str,
    reason: DeletionReason,
    work: DeletionWork,
) -> None:
    """Write down what the worker has to do."""
    session.add(
        AccountDeletion(
            customer_uid=customer_uid,
            reason=reason,
            work=await seal_work(house.outbox.sealer, customer_uid, work),
            begun_at=house.clock.now(),
        )
    )
    await session.flush()
    nudge_worker_after_commit(session, house.outbox)


async def finish_deletions(house: DeletingHouse) -> int:
    """Take the deletions that were decided to their end; return how many ended.

    One that fails stays for the next time and holds up no other; the first failure is raised.
    """
    async with database.reading(house.sessions) as session:
        waiting = (
            await session.scalars(select(AccountDeletion).order_by(AccountDeletion.id).limit(BATCH))
        ).all()
    failures = []
    for deletion in waiting:
        try:
            await _finish(house, deletion)
        except Exception as error:  # noqa: BLE001  # the others go on
            _log.warning("deletion_failed", extra={"customer": deletion.customer_uid})
            failures.append(error)
    if failures:
        raise failures[0]
    return len(waiting)


async def _finish(house: DeletingHouse, deletion: AccountDeletion) -> None:
    """Take one to its end. Each step may be repeated; the row goes with the last that matters."""
    uid = deletion.customer_uid
    async with database.reading(house.sessions) as session:
        customers = await load_customers(session, uid)
    entry = await house.journal.begin(uid, deletion.begun_at)
    for former in customers.uids:
        await house.journal.begin(former, deletion.begun_at)
    if customers.ids:
        await lock_documents(house, customers.ids)
    work = await delete_everything(house, deletion, number=entry.number)
    if work is None:
        return  # somebody else has just finished it
    uids = sorted({uid, *work.key_owners})
    for owner in uids:
        await house.keys.destroy(owner)
    for key in work.object_keys:
        await house.objects.delete(key)
    await wipe_deleted(house.sessions, work.tables)
    await _conclude(house, deletion, work, number=entry.number, is_news=entry.finished_at is None)
    for owner in uids:
        await house.journal.finish(owner, house.clock.now())


async def _conclude(
    house: DeletingHouse,
    deletion: AccountDeletion,
    work: DeletionWork,
    *,
    number: int,
    is_news: bool,
) -> None:
    """Forget the deletion and send its certificate, in one transaction: one mail, not two.

    What a backup brought back was certified before.
    """
    async with database.writing(house.sessions) as session:
        gone = await session.scalar(
            delete(AccountDeletion)
            .where(AccountDeletion.id == deletion.id)
            .returning(AccountDeletion.id)
            .execution_options(synchronize_session=False)
        )
        if gone is None:
            return
        await append_audit(
            session,
            actor=house.actor,
            action="user_account.deleted",
            subject=deletion.customer_uid,
            detail={"journal": number, "locked": len(work.retained)},
            clock=house.clock,
        )
        if work.addressee is not None and is_news:
            await deletion_certificates.send(session, house, work, number=number)


async def _lock_out(
    session: AsyncSession, house: OpeningHouse, account: UserAccount, customer_uid: str
) -> None:
    """End every session and every way to sign in."""
    await session.execute(delete(Passkey).where(Passkey.user_account_id == account.id))
    await devices.lock_every_device(session, user_account_id=account.id, clock=house.clock)
    await session.execute(delete(Challenge).where(Challenge.user_account_id == account.id))
    await session.execute(
        update(UserSession)
        .where(UserSession.user_account_id == account.id, UserSession.ended_at.is_(None))
        .values(ended_at=house.clock.now())
        .execution_options(synchronize_session=False)
    )
    # No password has this hash, and nobody has this address.
    account.password_hash = "-"  # noqa: S105
    account.email_address = f"deleted-{customer_uid}"
    account.version += 1
    await session.flush()


async def _has_begun(session: AsyncSession, customer_uid: str) -> bool:
    statement = select(AccountDeletion.id).where(AccountDeletion.customer_uid == customer_uid)
    return await session.scalar(statement) is not None


async def list_unfinished(session: AsyncSession) -> Sequence[AccountDeletion]:
    """Return the deletions under way, oldest first."""
    return (await session.scalars(select(AccountDeletion).order_by(AccountDeletion.id))).all()
