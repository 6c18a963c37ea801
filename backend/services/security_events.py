"""The security log that a customer reads: written with what happened, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, tuple_

from backend.client_device import current_device
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.paging import Page, clamp, decode_cursor, page_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock

_NOBODYS_ARE_KEPT = timedelta(days=1)

_OF_ACCOUNT = SecurityEvent.user_account_id == bindparam("user_account_id")
_PLACE = tuple_(SecurityEvent.occurred_at, SecurityEvent.id)
_AFTER = tuple_(
    bindparam("after_occurred_at", type_=SecurityEvent.occurred_at.type),
    bindparam("after_id", type_=SecurityEvent.id.type),
)
_LIST = (
    select(SecurityEvent)
    .where(_OF_ACCOUNT)
    .order_by(SecurityEvent.occurred_at.desc(), SecurityEvent.id.desc())
    .limit(bindparam("most"))
)
_LIST_AFTER = _LIST.where(_PLACE < _AFTER)
_COUNT = select(func.count(SecurityEvent.id)).where(_OF_ACCOUNT)


def record_event(
    session: AsyncSession,
    kind: SecurityEventKind,
    *,
    user_account_id: int | None,
    clock: Clock,
    detail: str | None = None,
) -> None:
    """Write an entry in the transaction of what it tells about (X4).

    `detail` is for the customer to read: a passkey's name, what was approved.
    """
    session.add(
        SecurityEvent(
            user_account_id=user_account_id,
            kind=kind,
            occurred_at=clock.now(),
            device_name=current_device(),
            detail=detail,
        )
    )


async def list_events(
    session: AsyncSession, *, user_account_id: int, first: int, after: str | None
) -> Page[SecurityEvent]:
    """Return a page of the account's log, the newest first.

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    values: dict[str, object] = {"user_account_id": user_account_id}
    paging = values | {"most": first + 1}
    statement = _LIST
    if after is not None:
        occurred_at, event_id = decode_cursor(after, datetime, int)
        paging |= {"after_occurred_at": occurred_at, "after_id": event_id}
        statement = _LIST_AFTER
    rows = (await session.scalars(statement, paging)).all()
    total = await session.scalar(_COUNT, values) or 0
    return page_of(rows, first=first, total_count=total, key=lambda row: (row.occurred_at, row.id))


async def forget_nobodys_events(session: AsyncSession, *, clock: Clock) -> None:
    """Delete failed sign-ins at addresses that nobody has, after a day."""
    await session.execute(
        delete(SecurityEvent).where(
            SecurityEvent.user_account_id.is_(None),
            SecurityEvent.occurred_at < clock.now() - _NOBODYS_ARE_KEPT,
        )
    )
