"""Challenges: single-use questions whose secret is handed out once and stored as SHA-256."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update

from backend.models.sign_in import Challenge, ChallengeKind
from backend.services.sessions import hash_token
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.dml import ReturningUpdate

    from backend.clock import Clock
    from backend.models.approvals import Approval

_SECRET_BYTES = 32


class OpenedChallenge(Value):
    """A new challenge; the secret exists nowhere else."""

    secret: str
    expires_at: datetime


class Guess(Value):
    """One attempt that was counted and may now be compared."""

    challenge_id: int
    user_account_id: int
    tan_hash: str
    attempts: int
    contact: str | None


class DeviceGuess(Value):
    """One attempt at a device's signature that was counted and may now be verified."""

    challenge_id: int
    user_account_id: int
    device_id: int


async def open_challenge(  # noqa: PLR0913  # one argument for each kind of answer
    session: AsyncSession,
    kind: ChallengeKind,
    *,
    lifetime: timedelta,
    clock: Clock,
    user_account_id: int | None = None,
    tan_hash: str | None = None,
    nonce: bytes | None = None,
    contact: str | None = None,
    device_id: int | None = None,
) -> OpenedChallenge:
    """Open a challenge with a fresh 256-bit secret."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    now = clock.now()
    session.add(
        Challenge(
            kind=kind,
            secret_hash=hash_token(secret),
            user_account_id=user_account_id,
            tan_hash=tan_hash,
            nonce=nonce,
            contact=contact,
            device_id=device_id,
            attempts=0,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    await session.flush()
    return OpenedChallenge(secret, now + lifetime)


def counting_guess(
    table: type[Challenge | Approval], *which: ColumnElement[bool], attempts: int, clock: Clock
) -> ReturningUpdate[Any]:
    """Build the one atomic statement that counts a guess before anything is compared (F22).

    It finds no row that is used, has expired or has had its `attempts`; it returns what it counts.
    """
    return (
        update(table)
        .where(
            *which,
            table.used_at.is_(None),
            table.attempts < attempts,
            table.expires_at > clock.now(),
        )
        .values(attempts=table.attempts + 1)
        .returning(table)
        .execution_options(synchronize_session=False)
    )


async def count_guess(
    session: AsyncSession,
    kind: ChallengeKind,
    *,
    secret: str,
    attempts: int,
    clock: Clock,
    user_account_id: int | None = None,
) -> Guess | None:
    """Count one attempt at a TAN; None for a challenge that can't be answered (any more).

    With `user_account_id` only a challenge of that account is counted.
    """
    whose = () if user_account_id is None else (Challenge.user_account_id == user_account_id,)
    statement = counting_guess(
        Challenge,
        Challenge.secret_hash == hash_token(secret),
        Challenge.kind == kind,
        Challenge.tan_hash.is_not(None),
        *whose,
        attempts=attempts,
        clock=clock,
    )
    row = (await session.scalars(statement)).one_or_none()
    if row is None or row.user_account_id is None or row.tan_hash is None:
        return None
    return Guess(row.id, row.user_account_id, row.tan_hash, row.attempts, row.contact)


async def count_device_guess(
    session: AsyncSession, kind: ChallengeKind, *, secret: str, attempts: int, clock: Clock
) -> DeviceGuess | None:
    """Count one attempt at a device's signature; None for a challenge that can't be answered."""
    statement = counting_guess(
        Challenge,
        Challenge.secret_hash == hash_token(secret),
        Challenge.kind == kind,
        attempts=attempts,
        clock=clock,
    )
    row = (await session.scalars(statement)).one_or_none()
    if row is None or row.user_account_id is None or row.device_id is None:
        return None
    return DeviceGuess(row.id, row.user_account_id, row.device_id)


async def close_challenge(session: AsyncSession, *, challenge_id: int, clock: Clock) -> bool:
    """Mark a challenge as used; False if another request was faster."""
    closed = await session.scalar(
        update(Challenge)
        .where(Challenge.id == challenge_id, Challenge.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    )
    return closed is not None


async def use_challenge(
    session: AsyncSession,
    kind: ChallengeKind,
    *,
    secret: str,
    user_account_id: int | None,
    clock: Clock,
) -> bytes | None:
    """Use up a passkey challenge and return its nonce; None if it can't be used (again)."""
    return await session.scalar(
        update(Challenge)
        .where(
            Challenge.secret_hash == hash_token(secret),
            Challenge.kind == kind,
            Challenge.used_at.is_(None),
            Challenge.expires_at > clock.now(),
            Challenge.user_account_id.is_(None)
            if user_account_id is None
            else Challenge.user_account_id == user_account_id,
        )
        .values(used_at=clock.now())
        .returning(Challenge.nonce)
        .execution_options(synchronize_session=False)
    )


async def use_link(
    session: AsyncSession, kind: ChallengeKind, *, secret: str, clock: Clock
) -> Challenge | None:
    """Use up the challenge of a link and return it; None if it can't be used (again)."""
    statement = (
        update(Challenge)
        .where(
            Challenge.secret_hash == hash_token(secret),
            Challenge.kind == kind,
            Challenge.used_at.is_(None),
            Challenge.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(Challenge)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).one_or_none()


async def close_challenges_of(
    session: AsyncSession, *kinds: ChallengeKind, user_account_id: int, clock: Clock
) -> None:
    """Use up every challenge of these kinds that an account still has open."""
    await session.execute(
        update(Challenge)
        .where(
            Challenge.user_account_id == user_account_id,
            Challenge.kind.in_(kinds),
            Challenge.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )


async def forget_old_challenges(session: AsyncSession, *, clock: Clock) -> int:
    """Delete challenges that have expired and return how many."""
    deleted = await session.execute(
        delete(Challenge)
        .where(Challenge.expires_at < clock.now())
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    )
    return len(deleted.all())
