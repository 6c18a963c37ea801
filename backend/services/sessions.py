"""Sessions: opaque tokens whose SHA-256 is stored, with idle and absolute limits."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError

from backend import database
from backend.client_device import current_device
from backend.clock import berlin_today
from backend.models.customers import Customer
from backend.models.sign_in import AssuranceLevel, UserSession
from backend.models.user_accounts import Locale, UserAccount
from backend.values import Value

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.policy import Policy

_log = logging.getLogger(__name__)

_TOKEN_BYTES = 32
# The stored time of last use lags by up to this much, so that reading does not write each time.
TOUCH_EVERY = timedelta(seconds=30)


class Viewer(Value):
    """The signed-in customer, as one query finds them by their token.

    `idle_expires_at` is when the session ends unless used before; `needs_touch` tells that its
    time of last use should be written anew.
    """

    id: int
    session_id: int
    device_id: int | None
    customer_id: int
    customer_uid: str
    given_name: str
    family_name: str
    email_address: str
    phone_number: str
    locale: Locale
    assurance_level: AssuranceLevel
    has_opened_bank_data: bool
    signed_in_at: datetime
    expires_at: datetime
    idle_expires_at: datetime
    needs_touch: bool

    @property
    def display_name(self) -> str:
        """The name for greetings."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def masked_phone_number(self) -> str:
        """The number with all but country and last three digits hidden."""
        return f"{self.phone_number[:3]} ••• {self.phone_number[-3:]}"


def hash_token(token: str) -> str:
    """Return what is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


_AUTHENTICATE = (
    select(
        UserSession.id,
        UserSession.device_id,
        UserSession.assurance_level,
        UserSession.has_opened_bank_data,
        UserSession.created_at,
        UserSession.last_seen_at,
        UserSession.expires_at,
        UserSession.ended_at,
        UserAccount.id.label("account_id"),
        UserAccount.customer_id,
        UserAccount.email_address,
        UserAccount.phone_number,
        UserAccount.locale,
        Customer.uid,
        Customer.given_name,
        Customer.family_name,
    )
    .join(UserAccount, UserAccount.id == UserSession.user_account_id)
    .join(Customer, Customer.id == UserAccount.customer_id)
    .where(UserSession.token_hash == bindparam("token_hash"))
)


def idle_limit(policy: Policy, *, has_opened_bank_data: bool, today: date) -> timedelta:
    """Return how long a session lasts unused: 15 minutes, 5 once bank data was opened (policy)."""
    limits = policy.session
    rule = limits.bank_idle_minutes if has_opened_bank_data else limits.idle_minutes
    return timedelta(minutes=rule.on(today))


async def authenticate(
    session: AsyncSession,
    *,
    token: str,
    clock: Clock,
    policy: Policy,
    is_unattended: bool = False,
) -> Viewer | None:
    """Return whom a token belongs to, or None for an unknown, ended or expired one.

    A session has an idle limit and lasts 12 hours in all (policy). What nobody asked for, such as
    a page that keeps itself up to date (`is_unattended`), does not count as use.
    """
    row = (await session.execute(_AUTHENTICATE, {"token_hash": hash_token(token)})).one_or_none()
    if row is None or row.ended_at is not None:
        return None
    now = clock.now()
    idle = idle_limit(
        policy, has_opened_bank_data=row.has_opened_bank_data, today=berlin_today(clock)
    )
    if now >= min(row.expires_at, row.last_seen_at + idle):
        return None
    needs_touch = not is_unattended and now - row.last_seen_at >= TOUCH_EVERY
    last_seen_at = now if needs_touch else row.last_seen_at
    return Viewer(
        id=row.account_id,
        session_id=row.id,
        device_id=row.device_id,
        customer_id=row.customer_id,
        customer_uid=row.uid,
        given_name=row.given_name,
        family_name=row.family_name,
        email_address=row.email_address,
        phone_number=row.phone_number,
        locale=row.locale,
        assurance_level=row.assurance_level,
        has_opened_bank_data=row.has_opened_bank_data,
        signed_in_at=row.created_at,
        expires_at=row.expires_at,
        idle_expires_at=min(last_seen_at + idle, row.expires_at),
        needs_touch=needs_touch,
    )


async def start_session(
    session: AsyncSession,
    *,
    user_account_id: int,
    clock: Clock,
    policy: Policy,
    assurance_level: AssuranceLevel = AssuranceLevel.BASIC,
    device_id: int | None = None,
    may_add_first_passkey: bool = False,
) -> str:
    """Start a session and return its token, which exists nowhere else.

    Every sign-in gives a new token, so that a preset one never becomes signed in.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = clock.now()
    hours = policy.session.absolute_hours.on(berlin_today(clock))
    session.add(
        UserSession(
            token_hash=hash_token(token),
            user_account_id=user_account_id,
            assurance_level=assurance_level,
            has_opened_bank_data=False,
            device_name=current_device(),
            device_id=device_id,
            may_add_first_passkey=may_add_first_passkey,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    await session.flush()
    return token


async def renew_token(session: AsyncSession, *, session_id: int) -> str | None:
    """Give a session a new token, which ends the old one; None if the session has ended.

    At a step-up whoever holds an old token must not rise with it (SECURITY.md, session theft).
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    renewed = await session.scalar(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(token_hash=hash_token(token))
        .returning(UserSession.id)
        .execution_options(synchronize_session=False)
    )
    return None if renewed is None else token


async def is_alive(session: AsyncSession, *, session_id: int) -> bool:
    """Whether a session is there and nobody has ended it."""
    alive = select(UserSession.id).where(
        UserSession.id == session_id, UserSession.ended_at.is_(None)
    )
    return await session.scalar(alive) is not None


async def raise_session(
    session: AsyncSession, *, session_id: int, device_id: int, assurance_level: AssuranceLevel
) -> None:
    """Write which device a session has proved, and the level that comes with it."""
    await session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(device_id=device_id, assurance_level=assurance_level)
    )


async def touch_session(
    session: AsyncSession,
    *,
    session_id: int,
    clock: Clock,
    was_used: bool = True,
    opened_bank_data: bool = False,
) -> None:
    """Write the time of last use; once payment data was opened the shorter limit holds."""
    changes: dict[str, object] = {}
    if was_used:
        changes["last_seen_at"] = clock.now()
    if opened_bank_data:
        changes["has_opened_bank_data"] = True
    await session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(changes)
    )


async def record_use(
    sessions: Sessions, *, viewer: Viewer, clock: Clock, opened_bank_data: bool = False
) -> None:
    """Write a session's time of last use, at most twice a minute.

    Once payment-account data is opened the shorter idle limit holds (Reg. (EU) 2018/389, Art. 4).
    Comes after the answer, in a transaction of its own: queries write nothing, and who can't
    write (a full disk) can still read; the session then ends the earlier.
    """
    is_first = opened_bank_data and not viewer.has_opened_bank_data
    if not (viewer.needs_touch or is_first):
        return
    try:
        async with database.writing(sessions) as session:
            await touch_session(
                session,
                session_id=viewer.session_id,
                clock=clock,
                was_used=viewer.needs_touch,
                opened_bank_data=is_first,
            )
    except OperationalError as error:
        _log.warning("use_not_recorded", extra={"session": viewer.session_id}, exc_info=error)


async def end_session(session: AsyncSession, *, session_id: int, clock: Clock) -> None:
    """End a session at once; ending it twice changes nothing."""
    await session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
