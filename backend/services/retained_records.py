"""Locking what the law keeps beyond a deletion, and deleting it once its time is over (X13)."""

from __future__ import annotations

import base64
import enum
import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import delete, exists, func, select

from backend import database
from backend.models.retained_records import RetainedKind, RetainedRecord
from backend.services.documents import DocumentPorts
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.models.tables import Base
    from backend.policy import Policy
    from backend.ports import Sealer

_LAST_MONTH, _LAST_DAY = 12, 31


class RetainingHouse(Protocol):
    """What locking records needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def retention(self) -> Sealer: ...  # noqa: D102


class RetainingDocumentsHouse(RetainingHouse, DocumentPorts, Protocol):
    """What locking documents needs on top: their content."""


class Retained(Value):
    """Something that stays locked: what it is, whose, until when. `source` is its name in here."""

    kind: RetainedKind
    institution_id: int | None
    until: date
    source: str


class RetainedCount(Value):
    """How many records of a kind end on a day."""

    kind: RetainedKind
    until: date
    records: int


def source_of(*parts: object) -> str:
    """Return the name of a thing in here: its hash, which leads back to nobody by itself."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()


def end_of_year(day: date, years: int) -> date:
    """Return the last day of the year in which so many years after the day's own are over.

    Periods for records begin with the end of the calendar year (§ 257 Abs. 5 HGB).
    """
    return date(day.year + years, _LAST_MONTH, _LAST_DAY)


def years_after(day: date, years: int) -> date:
    """Return the same day so many years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


async def is_locked(session: AsyncSession, retained: Retained) -> bool:
    """Tell whether this very thing is locked already."""
    found = await session.scalar(select(exists().where(RetainedRecord.source == retained.source)))
    return bool(found)


async def lock(
    session: AsyncSession, house: RetainingHouse, retained: Retained, content: Mapping[str, Any]
) -> None:
    """Lock a record: sealed for this purpose, by a key that nothing else uses.

    Done twice it is there once.
    """
    if await is_locked(session, retained):
        return
    payload = json.dumps(content, default=_plain, ensure_ascii=False).encode()
    session.add(
        RetainedRecord(
            kind=retained.kind,
            institution_id=retained.institution_id,
            source=retained.source,
            payload=await house.retention.seal(payload, sealing_context(retained)),
            retained_until=retained.until,
            created_at=house.clock.now(),
        )
    )
    await session.flush()


def sealing_context(retained: Retained) -> bytes:
    """Return what a payload is bound to: it opens for this kind, institution and thing alone."""
    return f"retained:{retained.kind.value}:{retained.institution_id}:{retained.source}".encode()


def row_content(row: Base) -> dict[str, Any]:
    """Return all columns of a row."""
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


async def delete_expired(house: RetainingHouse, *, today: date) -> int:
    """Delete locked records whose last day is over; return how many."""
    async with database.writing(house.sessions) as session:
        gone = await session.scalars(
            delete(RetainedRecord)
            .where(RetainedRecord.retained_until < today)
            .returning(RetainedRecord.id)
        )
        return len(gone.all())


async def count_retained(session: AsyncSession) -> Sequence[RetainedCount]:
    """Count locked records by kind and last day; what they say is not read."""
    rows = await session.execute(
        select(RetainedRecord.kind, RetainedRecord.retained_until, func.count())
        .group_by(RetainedRecord.kind, RetainedRecord.retained_until)
        .order_by(RetainedRecord.retained_until, RetainedRecord.kind)
    )
    return [RetainedCount(*row) for row in rows]


def _plain(value: object) -> object:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case enum.Enum():
            return value.name
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a locked record")
