"""Wiping, in the night after somebody left, what PostgreSQL's files still hold of them (M6)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select, update

from backend import database
from backend.clock import BERLIN
from backend.erasure import leaves_bytes, wipe_thoroughly
from backend.models.deletions import AppliedDeletion
from backend.models.tables import Base

if TYPE_CHECKING:
    from backend.clock import Clock
    from backend.database import Sessions
    from backend.settings import Settings

_log = logging.getLogger(__name__)


class WipingHouse(Protocol):
    """What wiping needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102


async def wipe_at_night(house: WipingHouse) -> int:
    """Rewrite the main database's files if somebody was deleted since it was last done (M6).

    Only where deleting leaves bytes behind (PostgreSQL), and only in the hour of the setting: every
    table is locked for the moment in which it is rewritten. What could not be done (rights,
    `wal_recycle`) is a warning in the log and is tried again.
    """
    is_time = house.clock.now().astimezone(BERLIN).hour == house.settings.wipe_hour
    if not is_time or not leaves_bytes(house.sessions):
        return 0
    async with database.reading(house.sessions) as session:
        applied = (await session.execute(select(AppliedDeletion))).scalar_one_or_none()
    if applied is None or applied.wiped_number >= applied.number:
        return 0
    tables = [table.name for table in Base.metadata.sorted_tables]
    steps = [step async for step in wipe_thoroughly(house.sessions, tables)]
    failed = [step.words for step in steps if not step.is_done]
    if failed:
        _log.warning("deleted_bytes_not_wiped", extra={"steps": failed})
        return 0
    async with database.writing(house.sessions) as session:
        await session.execute(
            update(AppliedDeletion)
            .where(AppliedDeletion.wiped_number < applied.number)
            .values(wiped_number=applied.number)
        )
    return 0
