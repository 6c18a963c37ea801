"""What every importer of a file works with: the house, the report, batches and transactions."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import text

from backend import database
from backend.clock import berlin_today
from backend.feeds.findings import FeedError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path
    from typing import BinaryIO

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.feeds.findings import Finding
    from backend.file_ports import FileInspector, MalwareScanner
    from backend.group import Group
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore, ObjectStore, Sealer
    from backend.services.imports.report import FileReport
    from backend.services.outbox import Outbox
    from backend.settings import Settings

T = TypeVar("T")

BATCH = 1_000
# Any number, as long as nothing else in the database locks it.
_ADVISORY_LOCK = 5_174_001


class ImportHouse(Protocol):
    """What an import needs of the house."""

    @property
    def settings(self) -> Settings:
        """The operator's settings."""

    @property
    def sessions(self) -> Sessions:
        """Sessions of the main database."""

    @property
    def clock(self) -> Clock:
        """The one clock."""

    @property
    def policy(self) -> Policy:
        """The dated rules."""

    @property
    def group(self) -> Group:
        """The group's institutions."""

    @property
    def objects(self) -> ObjectStore:
        """Where encrypted documents lie."""

    @property
    def keys(self) -> KeyStore:
        """Customers' keysets."""

    @property
    def cipher(self) -> DocumentCipher:
        """Encrypts documents."""

    @property
    def inspector(self) -> FileInspector:
        """Judges files."""

    @property
    def scanner(self) -> MalwareScanner | None:
        """Knows malware; None: nothing is scanned."""

    @property
    def sealer(self) -> Sealer:
        """Seals outbox payloads."""

    @property
    def outbox(self) -> Outbox:
        """Sends mails and notices."""

    @property
    def work_waits(self) -> asyncio.Event:
        """Wakes the worker."""

    @property
    def actor(self) -> str:
        """Who imports, for the audit log."""


@dataclass(slots=True)
class ImportJob:
    """The import of one file.

    `is_repeat`: the same content was imported to its end before, so that a record that differs
    from it was changed by a later file. `on_progress` gets the bytes read so far.
    """

    house: ImportHouse
    path: Path
    report: FileReport
    institution_key: str | None
    is_repeat: bool
    on_progress: Callable[[int], None]

    @property
    def now(self) -> datetime:
        """The current instant."""
        return self.house.clock.now()

    @property
    def today(self) -> date:
        """Today in Berlin."""
        return berlin_today(self.house.clock)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Open the transaction of one batch; only one import at a time is in here.

        Two imports of one record at once would both find it missing and both insert it. SQLite
        has one writer anyway.
        """
        async with database.writing(self.house.sessions) as session:
            if session.get_bind().dialect.name == "postgresql":
                await session.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            yield session

    async def batches(
        self, stream: BinaryIO, items: Iterator[T], size: int = BATCH
    ) -> AsyncIterator[list[T | Finding]]:
        """Yield lists of what a reader gives; where it gives up, its finding comes last.

        Reading happens in a thread: a server that imports goes on answering.
        """
        readable = _until_broken(items)
        while batch := await asyncio.to_thread(lambda: list(islice(readable, size))):
            yield batch
            self.on_progress(stream.tell())


def _until_broken(items: Iterator[T]) -> Iterator[T | Finding]:
    try:
        yield from items
    except FeedError as error:
        yield error.finding
