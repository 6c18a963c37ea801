"""Throttling: attempts are counted in the database before any work is done for them."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, text

from backend import database
from backend.errors import TooManyAttemptsError
from backend.models.sign_in import AttemptCounter
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A period slides in this many steps, so that no period of its length ever sees more attempts
# than allowed; fixed windows would allow twice as many around their border.
_STEPS = 12
_LONGEST_PERIOD = timedelta(days=1)
_KEPT = _LONGEST_PERIOD + _LONGEST_PERIOD / _STEPS


class Limit(Value):
    """At most `attempts` in any `period` (a day at most) by one subject.

    The subject (an address, an account) is hashed before it is stored.
    """

    name: str
    subject: str
    attempts: int
    period: timedelta

    @property
    def scope(self) -> str:
        """The key of its counters."""
        return f"{self.name}:{int(self.period.total_seconds())}:{_digest(self.subject)}"

    @property
    def step(self) -> timedelta:
        """How long one counter counts."""
        return self.period / _STEPS


def _digest(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()[:32]


def subject_of_client(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 that one IPv6 line gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


async def count_first(sessions: Sessions, *limits: Limit, clock: Clock) -> None:
    """Count one attempt in a transaction of its own, which outlives whatever follows.

    Raises:
        TooManyAttemptsError: a limit is reached; nothing was counted.
    """
    # A flood of refused attempts reads only and never asks for the one write lock of SQLite.
    async with database.reading(sessions) as session:
        await _refuse_exceeded(session, limits, clock)
    async with database.writing(sessions) as session:
        await count_attempts(session, *limits, clock=clock)


async def count_attempts(session: AsyncSession, *limits: Limit, clock: Clock) -> None:
    """Count one attempt against every limit, or against none if one is reached.

    Parallel attempts on one subject wait for each other, so that none slips through.

    Raises:
        TooManyAttemptsError: a limit is reached; `retry_at` is when the next attempt may count.
    """
    ordered = sorted(limits, key=lambda limit: limit.scope)
    await _wait_for_others(session, ordered)
    await _refuse_exceeded(session, ordered, clock)
    dialect = session.get_bind().dialect.name
    for limit in ordered:
        started_at = _EPOCH + ((clock.now() - _EPOCH) // limit.step) * limit.step
        await session.execute(
            database.insert_into(AttemptCounter, dialect)
            .values(scope=limit.scope, window_started_at=started_at, attempts=1)
            .on_conflict_do_update(
                index_elements=[AttemptCounter.scope, AttemptCounter.window_started_at],
                set_={"attempts": AttemptCounter.attempts + 1},
            )
        )


async def next_attempt_at(session: AsyncSession, *limits: Limit, clock: Clock) -> datetime | None:
    """Return when the next attempt may count; None: now."""
    now = clock.now()
    retry_at = None
    for limit in limits:
        row = (
            await session.execute(
                select(
                    func.sum(AttemptCounter.attempts), func.min(AttemptCounter.window_started_at)
                ).where(
                    AttemptCounter.scope == limit.scope,
                    AttemptCounter.window_started_at > now - limit.period - limit.step,
                    AttemptCounter.window_started_at <= now,
                )
            )
        ).one()
        oldest: datetime | None = row[1]
        if int(row[0] or 0) >= limit.attempts:
            free_at = (now if oldest is None else oldest) + limit.step + limit.period
            retry_at = max(free_at, retry_at or free_at)
    return retry_at


async def forget_attempts_of(session: AsyncSession, subjects: Iterable[str]) -> None:
    """Delete every counter of these subjects, whatever it counts."""
    for subject in subjects:
        ending = f":{_digest(subject)}"
        await session.execute(
            delete(AttemptCounter).where(AttemptCounter.scope.endswith(ending, autoescape=True))
        )


async def forget_old_attempts(session: AsyncSession, *, clock: Clock) -> int:
    """Delete counters that no limit looks at any more and return how many."""
    deleted = await session.execute(
        delete(AttemptCounter)
        .where(AttemptCounter.window_started_at < clock.now() - _KEPT)
        .returning(AttemptCounter.scope)
    )
    return len(deleted.all())


async def _wait_for_others(session: AsyncSession, ordered: Iterable[Limit]) -> None:
    # A writing transaction of SQLite is alone already. PostgreSQL needs a lock per subject: two
    # attempts at the border of two counters would not see each other.
    if session.get_bind().dialect.name != "postgresql":
        return
    for limit in ordered:
        await session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:scope, 0))"),
            {"scope": limit.scope},
        )


async def _refuse_exceeded(session: AsyncSession, limits: Sequence[Limit], clock: Clock) -> None:
    retry_at = await next_attempt_at(session, *limits, clock=clock)
    if retry_at is not None:
        raise TooManyAttemptsError(retry_at)
