"""Challenges: single-use questions whose secret is handed out once and stored as SHA-256."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from backend.models.sign_in import Challenge, ChallengeKind
from backend.services.sessions import hash_token

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenedChallenge:
    """A new challenge; the secret exists nowhere else."""

    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Guess:
    """One attempt that was counted and may now be compared."""

    challenge_id: int
    user_account_id: int
    tan_hash: str


async def open_challenge(
    session: AsyncSession,
    kind: ChallengeKind,
    *,
    lifetime: timedelta,
    clock: Clock,
    user_account_id: int | None = None,
    tan_hash: str | None = None,
    nonce: bytes | None = None,
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
            attempts=0,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    await session.flush()
    return OpenedChallenge(secret, now + lifetime)


async def count_guess(
    session: AsyncSession, *, secret: str, attempts: int, clock: Clock
) -> Guess | None:
    """Count one attempt at a TAN in one atomic statement, before anything is compared (F22).

    None for a challenge that is unknown, used, expired or has had its `attempts`.
    """
    row = (
        await session.execute(
            update(Challenge)
            .where(
                Challenge.secret_hash == hash_token(secret),
                Challenge.kind == ChallengeKind.SIGN_IN_TAN,
                Challenge.used_at.is_(None),
                Challenge.attempts < attempts,
                Challenge.expires_at > clock.now(),
            )
            .values(attempts=Challenge.attempts + 1)
            .returning(Challenge.id, Challenge.user_account_id, Challenge.tan_hash)
            .execution_options(synchronize_session=False)
        )
    ).one_or_none()
    if row is None or row.user_account_id is None or row.tan_hash is None:
        return None
    return Guess(row.id, row.user_account_id, row.tan_hash)


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


async def forget_old_challenges(session: AsyncSession, *, clock: Clock) -> int:
    """Delete challenges that have expired and return how many."""
    deleted = await session.execute(
        delete(Challenge)
        .where(Challenge.expires_at < clock.now())
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    )
    return len(deleted.all())
