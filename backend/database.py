"""Engines and sessions for SQLite and PostgreSQL, set up so that nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sqlalchemy import Table
    from sqlalchemy.orm import DeclarativeBase
    from sqlalchemy.pool import ConnectionPoolEntry

Sessions = async_sessionmaker[AsyncSession]

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    # What is deleted is overwritten: a customer who left is not in the file any more.
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-1000",
)
# Each has prepared statements and an operation at work, on SQLite a thread and a page cache, too:
# 0.5 to 2 MB together. More of them make nothing faster, as one thread builds all answers. Nothing
# asks for a second one while it holds one (the tests pass with a single connection). SQLite: one
# writes, one reads. PostgreSQL: two more, because there a writer may wait for another one's row.
_SQLITE_CONNECTIONS = 2
_POSTGRESQL_CONNECTIONS = 4
_WRITERS = "writers_wait"


def create_engine(url: str) -> AsyncEngine:
    """Create the engine of a database URL; `postgresql://` means psycopg."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_async_engine(
            parsed, pool_size=_POSTGRESQL_CONNECTIONS, max_overflow=0, hide_parameters=True
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        parsed, pool_size=_SQLITE_CONNECTIONS, max_overflow=0, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin_immediately_when_writing)
    return engine


def create_sessions(engine: AsyncEngine) -> Sessions:
    """Create the session factory; objects stay readable after their transaction."""
    writers = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()
    return async_sessionmaker(engine, expire_on_commit=False, info={_WRITERS: writers})


def _set_pragmas(connection: Any, _record: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would open read transactions that later fail to
    # upgrade under load (SQLITE_BUSY without waiting); we send BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediately_when_writing(connection: Any) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


@asynccontextmanager
async def reading(sessions: Sessions) -> AsyncGenerator[AsyncSession]:
    """Open a transaction that only reads."""
    async with sessions.begin() as session:
        yield session


def insert_into(table: Table | type[DeclarativeBase], dialect: str) -> Any:
    """Return an INSERT that knows ON CONFLICT, for `sqlite` or `postgresql`."""
    # Importing a dialect loads all its drivers: only the one in use.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415

    return sqlite.insert(table)


class SharedReading:
    """One reading transaction for everything that one operation asks: a consistent snapshot.

    It begins with the first use. Whoever uses it waits for the others: a session can't serve two
    at once, and opening one for each would cost more than the waiting.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._lock = asyncio.Lock()
        self._session: AsyncSession | None = None

    @asynccontextmanager
    async def use(self) -> AsyncGenerator[AsyncSession]:
        """Hand out the session to one user at a time."""
        async with self._lock:
            if self._session is None:
                self._session = self._sessions()
            yield self._session

    async def close(self) -> None:
        """End the transaction; without it the connection would not return to the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None


@asynccontextmanager
async def writing(sessions: Sessions) -> AsyncGenerator[AsyncSession]:
    """Open a transaction that writes: committed on success, rolled back on any exception.

    SQLite has one writer at a time and takes its lock at the beginning. Those of this process queue
    for their turn without a connection, so that readers get one meanwhile; other processes wait.
    """
    async with sessions() as session, session.info[_WRITERS], session.begin():
        await session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session
