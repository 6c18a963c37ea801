"""The sessions of a user account: where it is signed in, and ending that (X4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from backend.client_device import current_device
from backend.clock import berlin_today
from backend.errors import NotFoundError
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import UserSession
from backend.services.security_events import record_event
from backend.services.sessions import end_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.policy import Policy
    from backend.services.sessions import Viewer

# More can hardly be alive at once; the newest show.
_MOST = 100


async def list_sessions(
    session: AsyncSession, *, user_account_id: int, clock: Clock, policy: Policy
) -> Sequence[UserSession]:
    """Return the sessions that are alive, the last used first (X18)."""
    statement = (
        select(UserSession)
        .where(UserSession.user_account_id == user_account_id, *_alive(clock, policy))
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(_MOST)
    )
    return (await session.scalars(statement)).all()


async def end_session_of(
    session: AsyncSession, *, viewer: Viewer, session_id: int, clock: Clock, policy: Policy
) -> UserSession:
    """End one of the viewer's own sessions at once, this one included (X18).

    Raises:
        NotFoundError: the viewer has no such session alive.
    """
    statement = (
        update(UserSession)
        .where(
            UserSession.id == session_id,
            UserSession.user_account_id == viewer.id,
            *_alive(clock, policy),
        )
        .values(ended_at=clock.now())
        .returning(UserSession)
        .execution_options(synchronize_session=False)
    )
    ended = (await session.scalars(statement)).one_or_none()
    if ended is None:
        raise NotFoundError
    _record(session, viewer.id, ended.device_name, clock)
    return ended


async def sign_out(session: AsyncSession, *, viewer: Viewer, clock: Clock) -> None:
    """End the session through which the viewer is here; doing it twice is no error."""
    await end_session(session, session_id=viewer.session_id, clock=clock)
    _record(session, viewer.id, current_device(), clock)


async def end_sessions_beside(
    session: AsyncSession, *, viewer: Viewer, clock: Clock, policy: Policy
) -> int:
    """End every other session of the viewer and return how many were alive."""
    which = (UserSession.user_account_id == viewer.id, UserSession.id != viewer.session_id)
    return await _end(session, viewer.id, *which, clock=clock, policy=policy)


async def end_every_session(
    session: AsyncSession, *, user_account_id: int, clock: Clock, policy: Policy
) -> int:
    """End every session of a user account and return how many were alive."""
    which = UserSession.user_account_id == user_account_id
    return await _end(session, user_account_id, which, clock=clock, policy=policy)


async def _end(
    session: AsyncSession,
    user_account_id: int,
    *which: ColumnElement[bool],
    clock: Clock,
    policy: Policy,
) -> int:
    open_ones = (*which, UserSession.ended_at.is_(None))
    ending = update(UserSession).values(ended_at=clock.now())
    ended = (
        await session.scalars(
            ending.where(*open_ones, *_alive(clock, policy))
            .returning(UserSession)
            .execution_options(synchronize_session=False)
        )
    ).all()
    # A longer idle limit in the policy must not bring the rest back.
    await session.execute(ending.where(*open_ones).execution_options(synchronize_session=False))
    for one in ended:
        _record(session, user_account_id, one.device_name, clock)
    return len(ended)


async def end_sessions_of_device(
    session: AsyncSession, *, user_account_id: int, device_id: int, clock: Clock, policy: Policy
) -> int:
    """End every session that proved a device and return how many were alive."""
    which = (UserSession.user_account_id == user_account_id, UserSession.device_id == device_id)
    return await _end(session, user_account_id, *which, clock=clock, policy=policy)


def _record(
    session: AsyncSession, user_account_id: int, device_name: str | None, clock: Clock
) -> None:
    record_event(
        session,
        SecurityEventKind.SESSION_ENDED,
        user_account_id=user_account_id,
        clock=clock,
        detail=device_name,
    )


def _alive(clock: Clock, policy: Policy) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a session would still be let in."""
    now, today = clock.now(), berlin_today(clock)
    idle = now - timedelta(minutes=policy.session.idle_minutes.on(today))
    bank_idle = now - timedelta(minutes=policy.session.bank_idle_minutes.on(today))
    return (
        UserSession.ended_at.is_(None),
        UserSession.expires_at > now,
        or_(
            and_(UserSession.has_opened_bank_data, UserSession.last_seen_at > bank_idle),
            and_(~UserSession.has_opened_bank_data, UserSession.last_seen_at > idle),
        ),
    )
