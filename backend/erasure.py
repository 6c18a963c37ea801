"""Wiping what was deleted out of the main database's own files, as far as the database lets us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from backend.database import Sessions

# Whoever waits for a table makes all others wait behind: not for longer than this.
_PATIENCE = "5s"
# What the planner sampled of the rows lies there word for word.
_SAMPLES = "pg_catalog.pg_statistic"


class NotWipedError(Exception):
    """The database is busy: try again."""


class WipeStep(Value):
    """One step of wiping, in words for the operator; what is not done says why."""

    words: str
    is_done: bool = True


def leaves_bytes(sessions: Sessions) -> bool:
    """Whether the database's files keep what was deleted until they are rewritten."""
    return _engine_of(sessions).dialect.name != "sqlite"


async def wipe_deleted(sessions: Sessions, tables: Iterable[str]) -> None:
    """Wipe after a deletion.

    SQLite overwrites what it deletes (secure_delete); its write-ahead log is emptied here, which
    leaves nothing. PostgreSQL gives the place free (VACUUM), but the bytes stay until something
    else is written there: `wipe_thoroughly` is the operator's routine that takes them away.

    Raises:
        NotWipedError: somebody reads for longer than we wait.
    """
    engine = _engine_of(sessions)
    if engine.dialect.name == "sqlite":
        await _truncate_log(engine)
        return
    async with engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in tables:
            await outside.execute(text(f'VACUUM "{table}"'))


async def wipe_thoroughly(sessions: Sessions, tables: Iterable[str]) -> AsyncIterator[WipeStep]:
    """Rewrite the files of the database so that they hold what is there and nothing else.

    Each table is locked while it is rewritten; one that is in use all the time is left out.
    """
    engine = _engine_of(sessions)
    if engine.dialect.name == "sqlite":
        await _run_in_sqlite(engine, "VACUUM")
        yield WipeStep("database file rewritten")
        await _truncate_log(engine)
        yield WipeStep("write-ahead log emptied")
        return
    async with engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(text(f"SET lock_timeout = '{_PATIENCE}'"))
        for table in tables:
            yield await _attempt(outside, f'VACUUM (FULL, ANALYZE) "{table}"', f"{table} rewritten")
        yield await _attempt(outside, f"VACUUM (FULL) {_SAMPLES}", "planner's samples rewritten")
        for _ in range(2):  # the segment in use goes only when a later one has been begun
            switched = await _attempt(outside, "SELECT pg_switch_wal()", "write-ahead log switched")
            written = await _attempt(outside, "CHECKPOINT", "checkpoint written")
        yield switched
        yield written
        if await outside.scalar(text("SHOW wal_recycle")) == "on":
            yield WipeStep(
                "wal_recycle is on: old segments of the write-ahead log keep their bytes until "
                "they are written anew; set it to off",
                is_done=False,
            )


async def _attempt(connection: AsyncConnection, statement: str, done: str) -> WipeStep:
    try:
        await connection.execute(text(statement))
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        return WipeStep(f"not done: {statement}: {reason}", is_done=False)
    return WipeStep(done)


async def _truncate_log(engine: AsyncEngine) -> None:
    answer = await _run_in_sqlite(engine, "PRAGMA wal_checkpoint(TRUNCATE)", patience_ms=250)
    if answer is None or answer[0] != 0:
        raise NotWipedError("the database is busy: its log was not emptied")


async def _run_in_sqlite(engine: AsyncEngine, statement: str, *, patience_ms: int = 10_000) -> Any:
    """Run a statement past SQLAlchemy, which would open a transaction.

    While it waits for readers nobody else can write: with little patience it is tried again later.
    """
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection

        async def run(sql: str) -> Any:
            async with driver.execute(sql) as cursor:
                return await cursor.fetchone()

        (usual,) = await run("PRAGMA busy_timeout")
        await run(f"PRAGMA busy_timeout={patience_ms}")
        try:
            return await run(statement)
        finally:
            await run(f"PRAGMA busy_timeout={usual}")


def _engine_of(sessions: Sessions) -> AsyncEngine:
    engine: AsyncEngine = sessions.kw["bind"]
    return engine
