"""What a customer decided about consents and delivery: one list, newest first (F19, F28)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Select, bindparam, func, literal, select, tuple_

from backend.models.consents import ConsentDecision, DeliveryDecision
from backend.paging import Page, clamp, decode_cursor, page_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

Decision: TypeAlias = ConsentDecision | DeliveryDecision
# Two decisions of one instant stand in this order.
_RANKS: dict[type[Decision], int] = {ConsentDecision: 0, DeliveryDecision: 1}
_AFTER = tuple_(
    bindparam("after_decided_at", type_=ConsentDecision.decided_at.type),
    bindparam("after_rank", type_=ConsentDecision.id.type),
    bindparam("after_id", type_=ConsentDecision.id.type),
)


def _place(kind: type[Decision]) -> Any:
    rank = literal(_RANKS[kind], ConsentDecision.id.type)
    return tuple_(kind.decided_at, rank, kind.id)


def _list(kind: type[Decision]) -> Select[Any]:
    return (
        select(kind)
        .where(kind.customer_id == bindparam("customer_id"))
        .order_by(kind.decided_at.desc(), kind.id.desc())
        .limit(bindparam("most"))
    )


_LISTS = {kind: _list(kind) for kind in _RANKS}
_LISTS_AFTER = {kind: _list(kind).where(_place(kind) < _AFTER) for kind in _RANKS}
_COUNTS = tuple(
    select(func.count(kind.id)).where(kind.customer_id == bindparam("customer_id"))
    for kind in _RANKS
)


async def list_decisions(
    session: AsyncSession, *, customer_id: int, first: int, after: str | None
) -> Page[Decision]:
    """Return a page of everything the customer decided; nothing of it is ever changed.

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    values: dict[str, object] = {"customer_id": customer_id}
    paging = values | {"most": first + 1}
    lists = _LISTS
    if after is not None:
        decided_at, rank, row_id = decode_cursor(after, datetime, int, int)
        paging |= {"after_decided_at": decided_at, "after_rank": rank, "after_id": row_id}
        lists = _LISTS_AFTER
    rows: list[Decision] = []
    for statement in lists.values():
        rows += (await session.scalars(statement, paging)).all()
    rows.sort(key=_key, reverse=True)
    total = 0
    for count in _COUNTS:
        total += await session.scalar(count, values) or 0
    return page_of(rows[: first + 1], first=first, total_count=total, key=_key)


def _key(row: Decision) -> tuple[datetime, int, int]:
    return row.decided_at, _RANKS[type(row)], row.id
