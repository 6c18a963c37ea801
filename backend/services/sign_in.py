"""What every way of signing in needs and ends with: a session, or a failure that is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.clock import berlin_today
from backend.errors import SignInRefusedError
from backend.models.devices import Device
from backend.models.security_events import SecurityEventKind
from backend.models.user_accounts import UserAccount
from backend.services import devices, sessions
from backend.services.attempts import Limit, subject_of_client
from backend.services.security_events import record_event
from backend.values import Value

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.user_accounts import Passkey
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse


class SignedIn(Value):
    """A session has begun; its token exists nowhere else. `device` is what it proved, if any."""

    viewer: Viewer
    token: str
    device: Device | None


async def begin_session(
    session: AsyncSession,
    house: SignInHouse,
    *,
    user_account_id: int,
    replaced: Viewer | None,
    factor: Device | Passkey | None = None,
    may_add_first_passkey: bool = False,
) -> SignedIn:
    """Start a session under a new token and end the one that the request came with.

    `factor` is what was proved beside the password, or instead of it: its level becomes the
    session's. Every way of signing in ends here, and none passes a locked user account (F72).

    Raises:
        SignInRefusedError: the user account is locked.
    """
    await hold_unlocked(session, user_account_id)
    if replaced is not None:
        await sessions.end_session(session, session_id=replaced.session_id, clock=house.clock)
    device = factor if isinstance(factor, Device) else None
    token = await sessions.start_session(
        session,
        user_account_id=user_account_id,
        clock=house.clock,
        policy=house.policy,
        assurance_level=devices.level_of(*([factor] if factor else [])),
        device_id=device.id if device else None,
        may_add_first_passkey=may_add_first_passkey,
    )
    viewer = await sessions.authenticate(
        session, token=token, clock=house.clock, policy=house.policy
    )
    if viewer is None:
        raise SignInRefusedError
    record_event(
        session,
        SecurityEventKind.SIGNED_IN,
        user_account_id=user_account_id,
        clock=house.clock,
    )
    return SignedIn(viewer, token, device)


async def hold_unlocked(session: AsyncSession, user_account_id: int) -> None:
    """Hold a user account that is not locked until the transaction ends (F72).

    Whoever locks it waits, and then finds the session that has begun. Held before anything else of
    the account, so that no two wait for each other.

    Raises:
        SignInRefusedError: it is locked.
    """
    statement = (
        select(UserAccount.id)
        .where(UserAccount.id == user_account_id, UserAccount.locked_at.is_(None))
        .with_for_update()
    )
    if await session.scalar(statement) is None:
        raise SignInRefusedError


async def record_failure(house: SignInHouse, *, user_account_id: int | None) -> None:
    """Write a failed sign-in into the security log; it outlives the refusal."""
    async with database.writing(house.sessions) as session:
        record_event(
            session,
            SecurityEventKind.SIGN_IN_FAILED,
            user_account_id=user_account_id,
            clock=house.clock,
        )


def password_limits(
    house: SignInHouse, address: str, client_address: str
) -> tuple[Limit, Limit, Limit]:
    """Return how often a password may be tried: per address, per client and by all."""
    rules = house.policy.sign_in
    today = berlin_today(house.clock)
    period = timedelta(minutes=15)
    client = subject_of_client(client_address)
    return (
        Limit("password", address, rules.password_attempts_per_quarter_hour.on(today), period),
        Limit(
            "password_client",
            client,
            rules.password_attempts_per_client_per_quarter_hour.on(today),
            period,
        ),
        Limit(
            "password_all", "", rules.password_attempts_of_all_per_quarter_hour.on(today), period
        ),
    )
