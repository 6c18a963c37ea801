"""PostgreSQL's files are rewritten in the night after a deletion, and at no other time (M6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from backend.clock import BERLIN
from backend.database import writing
from backend.logs import configure_logs
from backend.models.deletions import AppliedDeletion
from backend.services.nightly_wipe import wipe_at_night
from tests import factories
from tests.leaving import delete_account

if TYPE_CHECKING:
    from tests.portal import Portal

_NIGHT = datetime(2026, 11, 22, 3, 30, tzinfo=BERLIN)


@pytest.fixture
async def left(portal: Portal) -> Portal:
    """A portal that somebody has just left."""
    async with portal.transaction() as session:
        owner = await factories.customer(session, "Bea", "Beispiel")
        account = await factories.user_account(session, owner)
    await delete_account(portal, account)
    return portal


async def _wiped(portal: Portal) -> tuple[int, int]:
    async with portal.transaction() as session:
        applied = (await session.scalars(select(AppliedDeletion))).one()
        return applied.number, applied.wiped_number


def _is_postgresql(portal: Portal) -> bool:
    return portal.house.settings.database.startswith("postgresql")


async def _file_of_customers(portal: Portal) -> object:
    """Name the file in which PostgreSQL keeps the table: a rewritten table has another one."""
    if not _is_postgresql(portal):
        return None
    async with portal.transaction() as session:
        return await session.scalar(text("SELECT pg_relation_filenode('customer')"))


@pytest.fixture
async def no_recycling(portal: Portal) -> None:
    """Set PostgreSQL up as operations.md asks."""
    if _is_postgresql(portal):
        async with portal.house.sessions.kw["bind"].connect() as connection:
            server = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await server.execute(text("ALTER SYSTEM SET wal_recycle = off"))
            await server.execute(text("SELECT pg_reload_conf()"))


@pytest.mark.usefixtures("no_recycling")
async def test_M6_the_night_after_a_deletion_rewrites_the_files_once(left: Portal) -> None:
    number, wiped = await _wiped(left)
    assert number > wiped == 0
    before = await _file_of_customers(left)
    left.clock.travel_to(_NIGHT - timedelta(hours=1))
    await wipe_at_night(left.house)
    assert await _file_of_customers(left) == before
    left.clock.travel_to(_NIGHT)
    await wipe_at_night(left.house)
    after = await _file_of_customers(left)
    # SQLite overwrites what it deletes: nothing is left to the night.
    assert await _wiped(left) == (number, number if _is_postgresql(left) else 0)
    assert (after != before) == _is_postgresql(left)
    await wipe_at_night(left.house)
    assert await _file_of_customers(left) == after


@pytest.mark.usefixtures("no_recycling")
async def test_M6_a_table_in_use_is_told_and_wiped_another_time(
    left: Portal, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if not _is_postgresql(left):
        return
    configure_logs("WARNING")
    monkeypatch.setattr("backend.erasure._PATIENCE", "50ms")
    left.clock.travel_to(_NIGHT)
    async with writing(left.house.sessions) as session:
        await session.execute(text("LOCK TABLE institution IN ACCESS SHARE MODE"))
        await wipe_at_night(left.house)
    configure_logs("ERROR")
    told = capfd.readouterr().err
    assert "deleted_bytes_not_wiped" in told
    assert 'not done: VACUUM (FULL, ANALYZE) \\"institution\\"' in told
    assert (await _wiped(left))[1] == 0
    await wipe_at_night(left.house)
    assert (await _wiped(left))[1] == (await _wiped(left))[0]
