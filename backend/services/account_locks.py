"""Locking a user account at once ("Sofort sperren"), telling the way back, unlocking (F72)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, or_, select, update

from backend import database
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import Passkey, UserAccount
from backend.services import challenges, devices, outbox, user_sessions
from backend.services.account_changes import change_account
from backend.services.approvals import close_approvals_of, load_account_version
from backend.services.passwords import NOBODYS_HASH
from backend.services.security_events import list_events, record_event
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

_SHOWN_EVENTS = 10
# Whoever keeps knocking at a locked account must not fill its mailbox.
_TELL_EVERY = timedelta(hours=12)
_MOST_AT_ONCE = 100


class UserAccountLocked(Value):
    """Nothing signs in any more; what happened before, for the customer to look at."""

    locked_at: datetime
    security_events: Sequence[SecurityEvent]


async def lock_user_account(
    session: AsyncSession, house: SignInHouse, *, viewer: Viewer
) -> UserAccountLocked:
    """Lock the viewer's account at once, without any approval (F72): a phone may be stolen.

    Every session ends, devices are locked, passkeys removed, the password has no holder, and what
    was begun (approvals, TANs, links) comes to nothing. Contracts and data stay as they are.
    """
    # Whoever signs in or approves at this moment waits, or is waited for.
    await load_account_version(session, viewer.id)
    now = house.clock.now()
    await change_account(session, viewer.id, locked_at=now, password_hash=NOBODYS_HASH)
    await devices.lock_every_device(session, user_account_id=viewer.id, clock=house.clock)
    await session.execute(delete(Passkey).where(Passkey.user_account_id == viewer.id))
    await close_approvals_of(session, user_account_id=viewer.id, clock=house.clock)
    await challenges.close_challenges_of(
        session, *ChallengeKind, user_account_id=viewer.id, clock=house.clock
    )
    # What happened before the lock is what the customer wants to see.
    before = await list_events(session, user_account_id=viewer.id, first=_SHOWN_EVENTS, after=None)
    await user_sessions.end_every_session(
        session, user_account_id=viewer.id, clock=house.clock, policy=house.policy
    )
    record_event(
        session,
        SecurityEventKind.USER_ACCOUNT_LOCKED,
        user_account_id=viewer.id,
        clock=house.clock,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "user_account_locked",
        email_address=viewer.email_address,
        locale=viewer.locale,
    )
    return UserAccountLocked(now, before.nodes)


async def unlock(session: AsyncSession, *, user_account_id: int, clock: Clock) -> bool:
    """Let a user account sign in again, once every factor was renewed; False if it is not locked.

    Its devices stay locked and its passkeys are gone: only what was renewed signs in.
    """
    unlocked = await session.scalar(
        update(UserAccount)
        .where(UserAccount.id == user_account_id, UserAccount.locked_at.is_not(None))
        .values(locked_at=None, lock_told_at=None, version=UserAccount.version + 1)
        .returning(UserAccount.id)
        .execution_options(synchronize_session=False)
    )
    if unlocked is None:
        return False
    record_event(
        session,
        SecurityEventKind.USER_ACCOUNT_UNLOCKED,
        user_account_id=user_account_id,
        clock=clock,
    )
    return True


async def tell_locked_accounts(house: SignInHouse) -> int:
    """Tell by mail how to come back whoever tried to sign in to a locked account (F72).

    The sign-in itself answers as for a wrong password, after the same work: it must not write this
    mail, or its time would tell that the account exists.
    """
    tried = exists().where(
        SecurityEvent.user_account_id == UserAccount.id,
        SecurityEvent.kind == SecurityEventKind.SIGN_IN_FAILED,
        SecurityEvent.occurred_at >= func.coalesce(UserAccount.lock_told_at, UserAccount.locked_at),
    )
    waiting = (
        select(UserAccount)
        .where(
            UserAccount.locked_at.is_not(None),
            or_(
                UserAccount.lock_told_at.is_(None),
                UserAccount.lock_told_at <= house.clock.now() - _TELL_EVERY,
            ),
            tried,
        )
        .order_by(UserAccount.locked_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    async with database.writing(house.sessions) as session:
        accounts = (await session.scalars(waiting)).all()
        for account in accounts:
            account.lock_told_at = house.clock.now()
            await outbox.enqueue_worded_mail(
                session,
                house.outbox,
                "user_account_is_locked",
                email_address=account.email_address,
                locale=account.locale,
            )
    return len(accounts)
