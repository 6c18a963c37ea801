"""Keys of the claims department: made, published, followed by new ones, destroyed (M5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import exists, select

from backend import database
from backend.claim_envelope import ClaimsKeyAlgorithm
from backend.clock import berlin_today
from backend.models.claims import Claim, ClaimsKey, ClaimStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.claims_port import ClaimsKeyHolder
    from backend.clock import Clock
    from backend.database import Sessions
    from backend.policy import Policy
    from backend.settings import Settings


class ClaimsKeyHouse(Protocol):
    """What keeping claims keys needs of the portal's wiring; the web tier has no holder."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def claims_keys(self) -> ClaimsKeyHolder | None: ...  # noqa: D102


async def find_current_key(session: AsyncSession, *, now: datetime) -> ClaimsKey | None:
    """Return the key that devices seal to now, if there is one."""
    return (
        await session.scalars(
            select(ClaimsKey)
            .where(ClaimsKey.expires_at > now, ClaimsKey.destroyed_at.is_(None))
            .order_by(ClaimsKey.expires_at.desc(), ClaimsKey.id.desc())
            .limit(1)
        )
    ).one_or_none()


async def find_usable_key(
    session: AsyncSession, key_id: int, *, clock: Clock, policy: Policy
) -> ClaimsKey | None:
    """Return a key to which a file may still have been sealed: what waited on a device counts."""
    grace = timedelta(days=policy.claims.key_grace_days.on(berlin_today(clock)))
    return (
        await session.scalars(
            select(ClaimsKey).where(
                ClaimsKey.id == key_id,
                ClaimsKey.expires_at > clock.now() - grace,
                ClaimsKey.destroyed_at.is_(None),
            )
        )
    ).one_or_none()


async def list_keys(session: AsyncSession) -> Sequence[ClaimsKey]:
    """Return all keys there ever were, the oldest first."""
    return (await session.scalars(select(ClaimsKey).order_by(ClaimsKey.id))).all()


async def tend_claims_keys(house: ClaimsKeyHouse) -> int:
    """Make a key before the last one ends, and destroy those that nothing needs any more.

    Raises:
        KeyStoreUnavailableError: the holder of private keys does not answer; nothing was changed.
    """
    if house.claims_keys is None:
        return 0
    rules, today, now = house.policy.claims, berlin_today(house.clock), house.clock.now()
    ahead = timedelta(days=rules.key_overlap_days.on(today))
    async with database.reading(house.sessions) as session:
        current = await find_current_key(session, now=now)
        over = await _find_unneeded(session, house)
    done = 0
    if current is None or current.expires_at <= now + ahead:
        await add_key(house)
        done += 1
    for key in over:
        await _destroy(house, key)
        done += 1
    return done


async def add_key(house: ClaimsKeyHouse) -> ClaimsKey:
    """Make a key that devices seal to from now on; older ones go on opening what is under way.

    The setting says of what algorithm; keys that are there stay what they are.

    Raises:
        KeyStoreUnavailableError: the holder of private keys does not answer.
        RuntimeError: this process has no holder.
    """
    if house.claims_keys is None:
        raise RuntimeError("claims keys are made where the worker runs")
    algorithm = ClaimsKeyAlgorithm(house.settings.claims_hpke)
    made = await house.claims_keys.create(algorithm)
    now = house.clock.now()
    days = house.policy.claims.key_days.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        key = ClaimsKey(
            uid=made.uid,
            algorithm=algorithm,
            public_key=made.public_key,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        session.add(key)
    return key


async def _find_unneeded(session: AsyncSession, house: ClaimsKeyHouse) -> Sequence[ClaimsKey]:
    """Find keys whose grace is over and for which no sealed file waits."""
    grace = timedelta(days=house.policy.claims.key_grace_days.on(berlin_today(house.clock)))
    waits = exists().where(
        Claim.claims_key_id == ClaimsKey.id, Claim.status == ClaimStatus.RECEIVED
    )
    return (
        await session.scalars(
            select(ClaimsKey).where(
                ClaimsKey.expires_at <= house.clock.now() - grace,
                ClaimsKey.destroyed_at.is_(None),
                ~waits,
            )
        )
    ).all()


async def _destroy(house: ClaimsKeyHouse, key: ClaimsKey) -> None:
    """Write that a key is gone before it is: from then on nothing may be sealed to it."""
    async with database.writing(house.sessions) as session:
        found = (await session.scalars(select(ClaimsKey).where(ClaimsKey.id == key.id))).one()
        found.destroyed_at = house.clock.now()
    if house.claims_keys is not None:
        await house.claims_keys.destroy(key.uid)
