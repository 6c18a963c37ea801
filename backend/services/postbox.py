"""The postbox: what a customer received and sent, listed and counted (F23-F35, F83)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, not_, select, tuple_

from backend.clock import BERLIN
from backend.errors import InvalidPeriodError
from backend.folding import contains, search_term
from backend.models.contracts import Contract
from backend.models.documents import Document, DocumentDirection, DocumentWord
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.services.contract_visibility import IS_VISIBLE, visibility_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy


class DocumentOrder(enum.Enum):
    """How the postbox is sorted (F32)."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"


@dataclass(frozen=True, slots=True)
class DocumentFilter:
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

_IN_ORDER: dict[DocumentOrder, Select[Document]] = {
    DocumentOrder.NEWEST_FIRST: select(Document)
    .where(IN_POSTBOX)
    .order_by(Document.received_at.desc(), Document.id.desc())
    .limit(bindparam("most")),
    DocumentOrder.OLDEST_FIRST: select(Document)
    .where(IN_POSTBOX)
    .order_by(Document.received_at, Document.id)
    .limit(bindparam("most")),
}
_BEHIND = {
    DocumentOrder.NEWEST_FIRST: tuple_(*_PLACE) < tuple_(*_AFTER),
    DocumentOrder.OLDEST_FIRST: tuple_(*_PLACE) > tuple_(*_AFTER),
}
# Nobody reads on to the thousandth letter: counting further would cost more than the page itself.
MOST_COUNTED = 1_000
# Up to here the documents of a word are looked up first, beyond it each document is asked for it.
_MANY = 3_000

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
    conditions = [
        *_conditions_of(wanted),
        *[await _contains_word(session, hashes) for hashes in wanted.words or ()],
    ]
    first = clamp(first)
    values: dict[str, object] = {"customer_id": customer_id, "now": now}
    if wanted.contract_id is not None:
        today = now.astimezone(BERLIN).date()
        values |= visibility_of(customer_id, today=today, policy=policy)
    paging = values | {"most": first + 1}
    statement = _IN_ORDER[order].where(*conditions)
    if after is not None:
        place = decode_cursor(after, datetime, int)
        paging |= {part.key: value for part, value in zip(_AFTER, place, strict=True)}
        statement = statement.where(_BEHIND[order])
    rows = (await session.scalars(statement, paging)).all()
    if after is None and len(rows) <= first:
        total = len(rows)
    else:
        some = _MATCHING.where(*conditions).limit(MOST_COUNTED + 1).subquery()
        total = await session.scalar(select(func.count()).select_from(some), values) or 0
    return page_of(
        rows,
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
    if term := search_term(wanted.subject):
        yield contains(Document.subject, term)
    if wanted.from_date is not None:
        yield Document.received_at >= _start_of(wanted.from_date)
    if wanted.to_date is not None:
        yield Document.received_at < _start_of(wanted.to_date)
    yield from _marks_of(wanted)


async def _contains_word(session: AsyncSession, hashes: frozenset[int]) -> ColumnElement[bool]:
    """Return the condition that a document contains a word, in the form that costs less."""
    has_word = DocumentWord.token.in_(hashes)
    found = select(DocumentWord.document_id).where(has_word)
    many = select(func.count()).select_from(found.limit(_MANY + 1).subquery())
    if (await session.scalar(many) or 0) > _MANY:
        return (
            select(DocumentWord.token)
            .where(has_word, DocumentWord.document_id == Document.id)
            .exists()
        )
    return Document.id.in_(found)


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
