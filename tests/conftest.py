"""Fixtures: the whole portal on a fresh SQLite or PostgreSQL database, and a stopped clock."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.engine import make_url

from backend import database
from backend.clock import BERLIN, StoppedClock
from backend.logs import configure_logs
from backend.migrate import upgrade_database
from backend.settings import Settings
from tests.portal import CHEAP_HASHER, open_portal
from tests.samples import SAMPLES, WITHOUT_SAMPLES
from tests.scratch import use_memory
from tests.sharing import leave_imports_alone, share

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from backend.services.passwords import PasswordHasher
    from tests.databases import PostgresDatabases
    from tests.portal import Portal

configure_logs("ERROR")
use_memory()
share()

STARTS_AT = datetime(2026, 11, 21, 12, 0, tzinfo=BERLIN)
# Each test of theirs takes seconds: begun last, one worker would wait for the other.
_LONGEST = ("test_cross_customer", "test_schemathesis", "test_attacks", "test_deletion_kill")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in _LONGEST)


def pytest_collection_finish() -> None:
    leave_imports_alone()


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of real sample files; tests that need them say so when it is not set."""
    if SAMPLES is None:
        pytest.skip(WITHOUT_SAMPLES)
    return SAMPLES


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgresDatabases]:
    """Migrated databases on a real PostgreSQL server."""
    # Imported late: SQLite tests need not wait for it.
    from tests.databases import PostgresDatabases  # noqa: PLC0415
    from tests.servers import postgres_server  # noqa: PLC0415

    with postgres_server() as server:
        template = server.new_database()
        _migrate(template)
        databases = PostgresDatabases(make_url(template))
        yield databases
        databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "portal.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    databases: PostgresDatabases = request.getfixturevalue("postgresql_databases")
    is_new = request.node.get_closest_marker("new_database") is not None
    with databases.create() if is_new else databases.lend() as url:
        yield url


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time: what the deadline refuses has a test of its own."""
    monkeypatch.setattr("backend.web.graphql.DEADLINE_SECONDS", 60.0)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(STARTS_AT)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        public_url="https://portal.test",
        worker_in_process=False,
    )


@pytest.fixture
def hasher() -> PasswordHasher:
    """What the portal hashes passwords with: cheaply, unless a module says otherwise."""
    return CHEAP_HASHER


@pytest.fixture
async def portal(
    settings: Settings, clock: StoppedClock, hasher: PasswordHasher
) -> AsyncIterator[Portal]:
    """The whole portal, as a client meets it."""
    async with open_portal(settings, clock, hasher) as opened:
        yield opened


def _migrate(url: str) -> None:

    async def run() -> None:
        engine = database.create_engine(url)
        await upgrade_database(engine)
        await engine.dispose()

    asyncio.run(run())
