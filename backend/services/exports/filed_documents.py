"""The documents of an export, folder by folder and always in the same order, under their paths."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, tuple_

from backend import database
from backend.clock import BERLIN
from backend.models.documents import Document, DocumentDirection
from backend.services.exports.file_names import FileNames
from backend.services.postbox import IN_POSTBOX
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.database import Sessions
    from backend.models.user_accounts import Locale

BATCH = 100
_PLACE = (Document.received_at, Document.id)
_AFTER = (
    bindparam("after_received_at", type_=Document.received_at.type),
    bindparam("after_id", type_=Document.id.type),
)
_FOLDER = (
    select(Document)
    .where(
        IN_POSTBOX,
        Document.id <= bindparam("last_id"),
        Document.direction == bindparam("direction", type_=Document.direction.type),
    )
    .order_by(Document.received_at.desc(), Document.id.desc())
    .limit(BATCH)
)
_NEXT = _FOLDER.where(tuple_(*_PLACE) < tuple_(*_AFTER))
_EXTENT = select(
    func.count(Document.id), func.coalesce(func.sum(Document.size), 0), func.max(Document.id)
).where(IN_POSTBOX)


class Damage(enum.Enum):
    """What is wrong with an exported document."""

    MISSING = "missing"
    INCOMPLETE = "incomplete"


class Filing(Value):
    """Which documents an export holds: those in the postbox when it began.

    Read anew for the files, for the index and for the data, so that a long list is never kept.
    """

    sessions: Sessions
    customer_id: int
    made_at: datetime
    last_id: int
    locale: Locale

    def folder(self, direction: DocumentDirection) -> str:
        """Return the folder's name in the customer's language (F83)."""
        return word(f"export.folder_{direction.value}", self.locale)

    async def documents(self, direction: DocumentDirection) -> AsyncGenerator[tuple[Document, str]]:
        """Yield each document with its path in the archive, the newest first."""
        names = FileNames()
        folder = self.folder(direction)
        values: dict[str, object] = {
            "customer_id": self.customer_id,
            "now": self.made_at,
            "last_id": self.last_id,
            "direction": direction,
        }
        statement = _FOLDER
        while True:
            async with database.reading(self.sessions) as session:
                rows = (await session.scalars(statement, values)).all()
            for row in rows:
                day = row.received_at.astimezone(BERLIN).date()
                yield row, f"{folder}/{names.name_for(day, row.subject, row.file_name)}"
            if len(rows) < BATCH:
                return
            statement = _NEXT
            values |= {"after_received_at": rows[-1].received_at, "after_id": rows[-1].id}


class Extent(Value):
    """How much lies in a postbox: how many documents, and how many bytes they have."""

    document_count: int
    document_bytes: int
    last_id: int


async def measure(session: AsyncSession, *, customer_id: int, now: datetime) -> Extent:
    """Return how much an export made now would hold."""
    row = (await session.execute(_EXTENT, {"customer_id": customer_id, "now": now})).one()
    return Extent(row[0], int(row[1]), row[2] or 0)
