"""Submissions as the customer reads them: listed, opened, an answer marked as read (M2, X8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from backend.errors import NotFoundError
from backend.models.submissions import SETTLED, Submission, SubmissionState, SubmissionStep
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession


class SubmissionFilter(Value):
    """Conditions that add up."""

    is_open: bool | None = None
    is_unread_refusal: bool = False


_OF_CUSTOMER = Submission.customer_id == bindparam("customer_id")
_LIST = (
    select(Submission).where(_OF_CUSTOMER).order_by(Submission.id.desc()).limit(bindparam("most"))
)
_COUNT = select(func.count(Submission.id)).where(_OF_CUSTOMER)
_FIND = select(Submission).where(_OF_CUSTOMER, Submission.id == bindparam("submission_id"))


async def list_submissions(
    session: AsyncSession,
    *,
    customer_id: int,
    wanted: SubmissionFilter,
    first: int,
    after: str | None = None,
) -> Page[Submission]:
    """Return a page of the customer's submissions, the newest first.

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    conditions = _conditions(wanted)
    values: dict[str, object] = {"customer_id": customer_id}
    statement = _LIST.where(*conditions)
    if after is not None:
        (after_id,) = decode_cursor(after, int)
        statement = statement.where(Submission.id < after_id)
    rows = (await session.scalars(statement, values | {"most": first + 1})).all()
    total = await session.scalar(_COUNT.where(*conditions), values) or 0
    return page_of(rows, first=first, total_count=total, key=lambda row: (row.id,))


async def find_submission(
    session: AsyncSession, *, customer_id: int, submission_id: int
) -> Submission | None:
    """Return one of the customer's submissions; None for a foreign and an absent one alike."""
    values = {"customer_id": customer_id, "submission_id": submission_id}
    return (await session.scalars(_FIND, values)).one_or_none()


async def load_steps_of(
    session: AsyncSession, submission_ids: Sequence[int]
) -> Mapping[int, list[SubmissionStep]]:
    """Return by submission the states it went through, in order."""
    rows = await session.scalars(
        select(SubmissionStep)
        .where(SubmissionStep.submission_id.in_(submission_ids))
        .order_by(SubmissionStep.id)
    )
    found: dict[int, list[SubmissionStep]] = {}
    for step in rows:
        found.setdefault(step.submission_id, []).append(step)
    return found


async def mark_submission_read(
    session: AsyncSession, *, customer_id: int, submission_id: int, now: datetime
) -> Submission:
    """Record that the customer saw the answer; the first time counts.

    Raises:
        NotFoundError: no such submission of the customer.
    """
    values = {"customer_id": customer_id, "submission_id": submission_id}
    submission = (await session.scalars(_FIND.with_for_update(), values)).one_or_none()
    if submission is None:
        raise NotFoundError
    if submission.state in SETTLED and submission.answer_read_at is None:
        submission.answer_read_at = now
        await session.flush()
    return submission


def _conditions(wanted: SubmissionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.is_open is not None:
        is_settled = Submission.state.in_(SETTLED)
        conditions.append(~is_settled if wanted.is_open else is_settled)
    if wanted.is_unread_refusal:
        conditions += [
            Submission.state == SubmissionState.REFUSED,
            Submission.answer_read_at.is_(None),
        ]
    return conditions
