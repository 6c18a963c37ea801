"""Signing in by password and TAN, and what every way of signing in ends with.

Each step that must outlive a refusal commits on its own, and no transaction is open while a
password or a TAN is hashed: SQLite has one writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError, SignInRefusedError
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import UserAccount
from backend.services import challenges, sessions, tans
from backend.services.attempts import Limit, count_first, subject_of_client
from backend.services.security_events import record_event
from backend.wording import word

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.group import Group
    from backend.policy import Policy
    from backend.services.outbox import Outbox
    from backend.services.passwords import PasswordHasher
    from backend.services.sessions import Viewer
    from backend.settings import Settings
    from backend.signatures import Signer

# Longer than any address (RFC 5321) and any password that registration takes.
_LONGEST_ADDRESS = 254
_LONGEST_PASSWORD = 256


class SignInHouse(Protocol):
    """What signing in needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def password_hasher(self) -> PasswordHasher: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102
    @property
    def signer(self) -> Signer: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class TanRequired:
    """The password was right: the challenge to hand back with the TAN that was sent."""

    challenge: str
    masked_phone_number: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun; its token exists nowhere else."""

    viewer: Viewer
    token: str


async def ask_for_tan(
    house: SignInHouse, *, email_address: str, password: str, client_address: str
) -> TanRequired:
    """Check a password and send a TAN to the account's phone (F103).

    Unknown address and wrong password answer alike after the same work (SECURITY.md). The
    attempt is counted per address, per client and for all before the password is hashed.

    Raises:
        InvalidInputError: a field is empty or too long.
        TooManyAttemptsError: too many attempts, or too many TANs to this number.
        SignInRefusedError: no account with this address and password.
        HashingBusyError: too many sign-ins at once.
    """
    _require_filled(email_address, password)
    address = email_address.strip().lower()
    await count_first(
        house.sessions, *password_limits(house, address, client_address), clock=house.clock
    )
    async with database.reading(house.sessions) as session:
        account = await _find_account(session, address)
    password_hash = account.password_hash if account else None
    if not await house.password_hasher.verify(password_hash, password) or account is None:
        # For an unknown address too: both answers must cost the same work.
        await record_failure(house, user_account_id=account.id if account else None)
        raise SignInRefusedError
    return await _send_tan(house, account)


async def confirm(
    house: SignInHouse, *, challenge: str, tan: str, replaced: Viewer | None = None
) -> SignedIn:
    """Compare a TAN and start a session; at most five attempts per challenge (F22, F103).

    `replaced` is who the request came from so far: that session ends.

    Raises:
        TooManyAttemptsError: the account's limits per hour and day.
        SignInRefusedError: anything else; what was wrong is never told.
        HashingBusyError: too many sign-ins at once.
    """
    guess = await _count_guess(house, challenge)
    if not await house.password_hasher.verify(guess.tan_hash, tan.strip()):
        await record_failure(house, user_account_id=guess.user_account_id)
        raise SignInRefusedError
    async with database.writing(house.sessions) as session:
        is_first = await challenges.close_challenge(
            session, challenge_id=guess.challenge_id, clock=house.clock
        )
        if not is_first:
            raise SignInRefusedError
        return await begin_session(
            session, house, user_account_id=guess.user_account_id, replaced=replaced
        )


async def begin_session(
    session: AsyncSession, house: SignInHouse, *, user_account_id: int, replaced: Viewer | None
) -> SignedIn:
    """Start a session under a new token and end the one that the request came with."""
    if replaced is not None:
        await sessions.end_session(session, session_id=replaced.session_id, clock=house.clock)
    token = await sessions.start_session(
        session, user_account_id=user_account_id, clock=house.clock, policy=house.policy
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
    return SignedIn(viewer, token)


async def record_failure(house: SignInHouse, *, user_account_id: int | None) -> None:
    """Write a failed sign-in into the security log; it outlives the refusal."""
    async with database.writing(house.sessions) as session:
        record_event(
            session,
            SecurityEventKind.SIGN_IN_FAILED,
            user_account_id=user_account_id,
            clock=house.clock,
        )


async def _count_guess(house: SignInHouse, secret: str) -> challenges.Guess:
    """Count an attempt in a transaction of its own: it outlives the refusal that may follow."""
    attempts = house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        guess = await challenges.count_guess(
            session,
            ChallengeKind.SIGN_IN_TAN,
            secret=secret,
            attempts=attempts,
            clock=house.clock,
        )
        if guess is None:
            raise SignInRefusedError
        await tans.count_tan_guess(session, house, user_account_id=guess.user_account_id)
    return guess


async def _send_tan(house: SignInHouse, account: UserAccount) -> TanRequired:
    tan = await tans.make_tan(house.password_hasher)
    minutes = house.policy.sign_in.tan_minutes.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        opened = await challenges.open_challenge(
            session,
            ChallengeKind.SIGN_IN_TAN,
            lifetime=timedelta(minutes=minutes),
            clock=house.clock,
            user_account_id=account.id,
            tan_hash=tan.hash,
        )
        await tans.send_tan(
            session,
            house,
            user_account_id=account.id,
            phone_number=account.phone_number,
            text=word(
                "sms.sign_in_tan",
                account.locale,
                tan=tan.digits,
                group=house.group.name,
                minutes=minutes,
            ),
            expires_at=opened.expires_at,
        )
    return TanRequired(opened.secret, account.masked_phone_number, opened.expires_at)


async def _find_account(session: AsyncSession, address: str) -> UserAccount | None:
    return (
        await session.scalars(select(UserAccount).where(UserAccount.email_address == address))
    ).one_or_none()


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


def _require_filled(email_address: str, password: str) -> None:
    problems = []
    if not email_address.strip():
        problems.append(FieldProblem(("emailAddress",), "field.required"))
    elif len(email_address) > _LONGEST_ADDRESS:
        problems.append(FieldProblem(("emailAddress",), "field.too_long"))
    if not password:
        problems.append(FieldProblem(("password",), "field.required"))
    elif len(password) > _LONGEST_PASSWORD:
        problems.append(FieldProblem(("password",), "field.too_long"))
    if problems:
        raise InvalidInputError(*problems)
