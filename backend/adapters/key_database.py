"""The key database, apart from the main one: wrapped keysets and tombstones of destroyed ones."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    URL,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    event,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateTable

from backend.adapters.streams import finish
from backend.database import insert_into
from backend.ports import KeyStoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_KEYSETS = Table(
    "keyset",
    MetaData(),
    Column("tenant", String, primary_key=True),
    Column("owner", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("wrapped", LargeBinary, comment="null: destroyed"),
)
_SETUP_LOCK = 0x6B657973
_CONNECT_SECONDS = 2


@dataclass(frozen=True, slots=True)
class StoredKeyset:
    """A row: a wrapped keyset, or None where it was destroyed."""

    key_id: str
    wrapped: bytes | None = field(repr=False)


class KeyDatabase:
    """Wrapped keysets by tenant and owner, in SQLite or PostgreSQL; `async with` connects.

    Destroying leaves a tombstone (so that no late writer brings a key back) and wipes the bytes:
    in SQLite by secure_delete and a truncated log, in PostgreSQL by rewriting the table. What
    PostgreSQL keeps besides (its write-ahead log, backups) is the operator's to expire.
    Raises KeyStoreUnavailableError.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._engine: AsyncEngine | None = None
        # Many who wait for SQLite's one lock by asking again and again wait beyond its patience.
        self._writers = asyncio.Lock() if self._is_sqlite else nullcontext()

    async def __aenter__(self) -> Self:
        self._engine = _sqlite(self._url) if self._is_sqlite else _postgresql(self._url)
        try:
            await self.create_table(_KEYSETS)
        except BaseException:
            await self._engine.dispose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._engine is not None:
            await self._engine.dispose()

    async def create_table(self, table: Table) -> None:
        """Create a table of this database if there is none."""
        async with self.writing() as connection:
            if not self._is_sqlite:  # CREATE IF NOT EXISTS alone fails for two at once
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_SETUP_LOCK})"))
            await connection.execute(CreateTable(table, if_not_exists=True))

    async def is_empty(self) -> bool:
        """Whether no keyset was ever stored: only then may a root key be made."""
        async with self.reading() as connection:
            return (await connection.execute(select(_KEYSETS.c.owner).limit(1))).first() is None

    async def fetch(self, tenant: str, owner: str) -> StoredKeyset | None:
        """Return the owner's row, if there is one."""
        async with self.reading() as connection:
            return await _fetch(connection, tenant, owner)

    async def insert(self, tenant: str, owner: str, keyset: StoredKeyset) -> StoredKeyset:
        """Store a keyset unless the owner has a row; return the row that counts."""
        values = {
            "tenant": tenant,
            "owner": owner,
            "key_id": keyset.key_id,
            "wrapped": keyset.wrapped,
        }
        async with self.writing() as connection:
            await connection.execute(
                self.insert_into(_KEYSETS).values(values).on_conflict_do_nothing()
            )
            return await _fetch(connection, tenant, owner) or keyset

    async def destroy(self, tenant: str, owner: str) -> None:
        """Replace the owner's keyset by a tombstone and wipe its bytes; may be repeated.

        Once begun it is finished even if the caller is cancelled.
        """
        await finish(self._destroy(tenant, owner))

    async def _destroy(self, tenant: str, owner: str) -> None:
        tombstone = {"tenant": tenant, "owner": owner, "key_id": "", "wrapped": None}
        bury = self.insert_into(_KEYSETS).values(tombstone)
        bury = bury.on_conflict_do_update(
            index_elements=["tenant", "owner"], set_={"wrapped": None}
        )
        async with self.writing() as connection:
            await connection.execute(bury)
        await self._wipe()

    async def _wipe(self) -> None:
        async with self.reading() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if not self._is_sqlite:
                await outside.execute(text("VACUUM FULL keyset"))
                return
            answer = await outside.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            if answer.one()[0] != 0:
                raise KeyStoreUnavailableError("the key database is busy: its log was not wiped")

    def insert_into(self, table: Table) -> Any:
        """Return an INSERT that knows ON CONFLICT."""
        return insert_into(table, self._url.get_backend_name())

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """Connect to read; what fails is a KeyStoreUnavailableError."""
        if self._engine is None:
            raise KeyStoreUnavailableError("the key database is not connected")
        try:
            async with self._engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            reason = type(error).__name__
            raise KeyStoreUnavailableError(f"the key database fails: {reason}") from error

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """Connect and open a transaction; writers of this process queue for SQLite's one lock."""
        async with self._writers, self.reading() as connection, connection.begin():
            yield connection


async def _fetch(connection: AsyncConnection, tenant: str, owner: str) -> StoredKeyset | None:
    query = select(_KEYSETS.c.key_id, _KEYSETS.c.wrapped).where(
        _KEYSETS.c.tenant == tenant, _KEYSETS.c.owner == owner
    )
    row = (await connection.execute(query)).first()
    return None if row is None else StoredKeyset(row.key_id, row.wrapped)


def _postgresql(url: URL) -> AsyncEngine:
    return create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": _CONNECT_SECONDS},
        pool_timeout=_CONNECT_SECONDS,
        pool_pre_ping=True,
    )


def _sqlite(url: URL) -> AsyncEngine:
    if not url.database or url.database == ":memory:":
        raise ValueError("the key database needs a file: keys in memory are lost with the process")
    path = Path(url.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"))
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=2000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
