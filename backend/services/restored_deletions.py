"""Deleting again whom a restored backup brought back, by the journal that no backup undoes (M6)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.models.customers import Customer
from backend.models.deletions import AccountDeletion, AppliedDeletion, DeletionReason
from backend.services.audit import append_audit
from backend.services.deletion_rows import note_applied
from backend.services.deletion_work import DeletionWork
from backend.services.user_account_deletion import finish_deletions, write_deletion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.proof_ports import JournalledDeletion
    from backend.services.deletion_work import DeletingHouse

_BATCH = 500
_log = logging.getLogger(__name__)


async def reapply_deletions(house: DeletingHouse, *, from_the_beginning: bool = False) -> int:
    """Delete everybody in the journal whom the main database still, or again, has; return how many.

    Looks at the entries since the newest that this database knows of, or at all. Somebody a feed
    brought back since has another uid and is left alone. Nobody gets a second certificate.
    """
    number = 0 if from_the_beginning else await _applied(house)
    if number > await house.journal.last_number():
        # Then keys may be back as well: nothing here can mend that.
        _log.error("deletion_journal_is_older_than_the_database")
        number = 0
    found = 0
    while entries := await house.journal.list_after(number, limit=_BATCH):
        found += await _take_up(house, entries)
        number = entries[-1].number
    if found:
        while await finish_deletions(house):
            pass
    return found


async def _applied(house: DeletingHouse) -> int:
    async with database.reading(house.sessions) as session:
        return await session.scalar(select(AppliedDeletion.number)) or 0


async def _take_up(house: DeletingHouse, entries: Sequence[JournalledDeletion]) -> int:
    """Write a deletion for everybody of these entries who is there."""
    uids = [entry.customer_uid for entry in entries]
    async with database.writing(house.sessions) as session:
        there = await session.scalars(select(Customer.uid).where(Customer.uid.in_(uids)))
        under_way = await session.scalars(
            select(AccountDeletion.customer_uid).where(AccountDeletion.customer_uid.in_(uids))
        )
        begun = set(under_way)
        back = sorted(set(there) - begun)
        for uid in back:
            await write_deletion(session, house, uid, DeletionReason.RESTORED, DeletionWork(None))
            await append_audit(
                session,
                actor=house.actor,
                action="user_account.deletion_reapplied",
                subject=uid,
                detail={},
                clock=house.clock,
            )
        await note_applied(session, entries[-1].number)
        at_work = {*back, *begun}
    for entry in entries:
        # Whoever finished it died before the journal said so.
        if entry.finished_at is None and entry.customer_uid not in at_work:
            await house.journal.finish(entry.customer_uid, house.clock.now())
    return len(back)
