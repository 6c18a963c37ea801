"""The deletion journal in the key database: apart from the main one, backed up with the keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, func, select, update

from backend.proof_ports import JournalledDeletion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from backend.adapters.key_database import KeyDatabase

_ENTRIES = Table(
    "deletion_entry",
    MetaData(),
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("tenant", String, nullable=False),
    Column("customer_uid", String, nullable=False, unique=True),
    Column("begun_at", String, nullable=False, comment="ISO 8601, UTC"),
    Column("finished_at", String),
    # A number is never given twice, even if the newest entry were removed.
    sqlite_autoincrement=True,
)


class KeyDatabaseJournal:
    """Port DeletionJournal in a connected key database; its table is made at first use."""

    def __init__(self, database: KeyDatabase, *, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def open(self) -> None:
        """Make the table if there is none."""
        await self._database.create_table(_ENTRIES)

    async def begin(self, customer_uid: str, at: datetime) -> JournalledDeletion:
        """Write that a deletion begins, or return the entry that says so already."""
        values = {
            "tenant": self._tenant,
            "customer_uid": customer_uid,
            "begun_at": _written(at),
        }
        async with self._database.writing() as connection:
            found = await self._find(connection, customer_uid)
            if found is None:
                insert = self._database.insert_into(_ENTRIES).values(values)
                await connection.execute(insert.on_conflict_do_nothing())
                found = await self._find(connection, customer_uid)
        if found is None:
            raise LookupError("the uid stands in another tenant's journal")
        return found

    async def finish(self, customer_uid: str, at: datetime) -> None:
        """Write that nothing is left; a later time never replaces the first."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(_ENTRIES)
                .where(
                    _ENTRIES.c.tenant == self._tenant,
                    _ENTRIES.c.customer_uid == customer_uid,
                    _ENTRIES.c.finished_at.is_(None),
                )
                .values(finished_at=_written(at))
            )

    async def list_after(self, number: int, *, limit: int) -> Sequence[JournalledDeletion]:
        """Return entries after a number, in their order."""
        query = (
            select(_ENTRIES)
            .where(_ENTRIES.c.tenant == self._tenant, _ENTRIES.c.number > number)
            .order_by(_ENTRIES.c.number)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            return [_entry(row) for row in await connection.execute(query)]

    async def last_number(self) -> int:
        """Return the newest entry's number, 0 without one."""
        query = select(func.max(_ENTRIES.c.number)).where(_ENTRIES.c.tenant == self._tenant)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar() or 0

    async def _find(
        self, connection: AsyncConnection, customer_uid: str
    ) -> JournalledDeletion | None:
        query = select(_ENTRIES).where(
            _ENTRIES.c.tenant == self._tenant, _ENTRIES.c.customer_uid == customer_uid
        )
        row = (await connection.execute(query)).first()
        return None if row is None else _entry(row)


def _entry(row: Row[tuple[object, ...]]) -> JournalledDeletion:
    finished_at = row.finished_at
    return JournalledDeletion(
        number=row.number,
        customer_uid=row.customer_uid,
        begun_at=datetime.fromisoformat(row.begun_at),
        finished_at=None if finished_at is None else datetime.fromisoformat(finished_at),
    )


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
