"""The postbox: what a customer received and sent, listed and counted (F23-F35, F83)."""

from __future__ import annotations

import enum
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, not_, select, tuple_

from backend.clock import BERLIN
from backend.errors import InvalidPeriodError
from backend.folding import contains, search_term
from backend.models.contracts import Contract
from backend.models.documents import Document, DocumentDirection
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.services.contract_visibility import IS_VISIBLE, visibility_of
from backend.services.postbox_terms import find_having
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy


class DocumentOrder(enum.Enum):
    """How the postbox is sorted (F32)."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"


class DocumentFilter(Value):
    """Conditions that add up (F33-F35); the period is half-open, in civil days of Berlin."""

    direction: DocumentDirection | None = None
    contract_id: int | None = None
    institution_id: int | None = None
    subject: str | None = None
    # Of each word of a search, the hashes of which the document must have one (X2).
    words: Sequence[frozenset[int]] | None = None
    from_date: date | None = None
    to_date: date | None = None
    is_unread: bool | None = None
    is_archived: bool | None = None


# What arrives later is filed already, but shows only then; what went out on paper alone never does.
IN_POSTBOX = and_(
    Document.customer_id == bindparam("customer_id"),
    Document.received_at <= bindparam("now", type_=Document.received_at.type),
    Document.is_paper_only.is_(False),
)
IS_UNREAD = and_(
    Document.direction == DocumentDirection.INCOMING, Document.first_opened_at.is_(None)
)
# What the customer has put away waits for nobody.
WAITS = and_(IS_UNREAD, Document.archived_at.is_(None))
_AFTER = (
    bindparam("after_received_at", type_=Document.received_at.type),
    bindparam("after_id", type_=Document.id.type),
)
_PLACE = (Document.received_at, Document.id)

_SORTED = {
    DocumentOrder.NEWEST_FIRST: (Document.received_at.desc(), Document.id.desc()),
    DocumentOrder.OLDEST_FIRST: _PLACE,
}
_IN_ORDER: dict[DocumentOrder, Select[Document]] = {
    order: select(Document).where(IN_POSTBOX).order_by(*by).limit(bindparam("most"))
    for order, by in _SORTED.items()
}
_BEHIND = {
    DocumentOrder.NEWEST_FIRST: tuple_(*_PLACE) < tuple_(*_AFTER),
    DocumentOrder.OLDEST_FIRST: tuple_(*_PLACE) > tuple_(*_AFTER),
}
# Nobody reads on to the 200th letter: counting further would cost more than the page itself.
MOST_COUNTED = 200

_MATCHING = select(Document.id).where(IN_POSTBOX)
_UNREAD_COUNT = select(func.count(Document.id)).where(IN_POSTBOX, WAITS)


async def list_documents(  # conditions and place of a page, all by name
    session: AsyncSession,
    *,
    customer_id: int,
    now: datetime,
    policy: Policy,
    wanted: DocumentFilter,
    order: DocumentOrder,
    first: int,
    after: str | None = None,
) -> Page[Document]:
    """Return a page of the customer's postbox, by arrival (F32-F35).

    What matches is counted up to `MOST_COUNTED`.

    Raises:
        InvalidPeriodError: the period begins after it ends (F35).
        InvalidCursorError: `after` was not given out by this list.
    """
    having = await find_having(
        session,
        customer_id=customer_id,
        subject=search_term(wanted.subject),
        words=wanted.words or (),
    )
    others = [*_conditions_of(wanted)]
    first = clamp(first)
    values: dict[str, object] = {"customer_id": customer_id, "now": now}
    if wanted.contract_id is not None:
        today = now.astimezone(BERLIN).date()
        values |= visibility_of(customer_id, today=today, policy=policy)
    paging = values | {"most": first + 1}
    if after is not None:
        place = decode_cursor(after, datetime, int)
        paging |= {part.key: value for part, value in zip(_AFTER, place, strict=True)}
    count = _count_of(*others, *having.to_count)
    conditions = [*others, *having.to_list]
    if after is not None:
        conditions.append(_BEHIND[order])
    if having.read_in_order is None:
        page = _IN_ORDER[order].where(*conditions)
    else:
        page = _about(having.read_in_order, order, *conditions)
    # The count comes along with each row: another statement would cost more than what it reads.
    found = (await session.execute(page.add_columns(count.scalar_subquery()), paging)).all()
    if found:
        total = found[0][1]
    else:
        total = 0 if after is None else await session.scalar(count, values) or 0
    return page_of(
        [row[0] for row in found],
        first=first,
        total_count=min(total, MOST_COUNTED),
        has_more_than_counted=total > MOST_COUNTED,
        key=lambda row: (row.received_at, row.id),
    )


async def count_unread(session: AsyncSession, *, customer_id: int, now: datetime) -> int:
    """Return how many documents the customer received and neither opened nor archived."""
    return await session.scalar(_UNREAD_COUNT, {"customer_id": customer_id, "now": now}) or 0


def _conditions_of(wanted: DocumentFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.from_date and wanted.to_date and wanted.from_date > wanted.to_date:
        raise InvalidPeriodError
    if wanted.direction is not None:
        yield Document.direction == wanted.direction
    if wanted.contract_id is not None:
        # A contract that does not show does not filter either (F40).
        contracts = select(Contract.id).where(Contract.id == wanted.contract_id, IS_VISIBLE)
        yield Document.contract_id.in_(contracts)
    if wanted.institution_id is not None:
        yield Document.institution_id == wanted.institution_id
    if wanted.from_date is not None:
        yield Document.received_at >= _start_of(wanted.from_date)
    if wanted.to_date is not None:
        yield Document.received_at < _start_of(wanted.to_date)
    yield from _marks_of(wanted)


def _count_of(*conditions: ColumnElement[bool]) -> Select[int]:
    matching = _MATCHING.where(*conditions).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(matching.subquery())


def _about(term: str, order: DocumentOrder, *conditions: ColumnElement[bool]) -> Select[Document]:
    """Return a page of documents with a term in their subject, read in order from the index.

    A planner takes any part of a text for rare, reads all subjects and sorts: OFFSET 0 keeps it
    from that, so that a term many subjects have ends after a page.
    """
    ordered = (
        select(*_PLACE, Document.subject)
        .where(IN_POSTBOX, *conditions)
        .order_by(*_SORTED[order])
        .offset(0)
        .subquery()
    )
    has_term = contains(ordered.c.subject, term)
    ids = select(ordered.c.id).where(has_term).limit(bindparam("most"))
    return select(Document).where(Document.id.in_(ids)).order_by(*_SORTED[order])


def _marks_of(wanted: DocumentFilter) -> Iterator[ColumnElement[bool]]:
    is_archived = Document.archived_at.is_not(None)
    for condition, is_wanted in (
        (IS_UNREAD, wanted.is_unread),
        (is_archived, wanted.is_archived),
    ):
        if is_wanted is not None:
            yield condition if is_wanted else not_(condition)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), BERLIN)
