"""The order of submissions: what a customer changed first leaves first, the next right after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.submissions import Submission, SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession


async def is_preceded(session: AsyncSession, submission: Submission) -> bool:
    """Tell whether the customer changed something before at this institution that still waits."""
    earlier = exists().where(*_waits_with(submission), Submission.id < submission.id)
    return bool(await session.scalar(select(earlier)))


async def let_next_leave(session: AsyncSession, submission: Submission, *, now: datetime) -> None:
    """Make due what waited behind a submission that has just ceased to wait (M2).

    It was put off for as long as the one before failed; that is over.
    """
    following = (
        select(Submission.uid)
        .where(*_waits_with(submission), Submission.id > submission.id)
        .order_by(Submission.id)
        .limit(1)
    )
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.message_id == following.scalar_subquery(),
            OutboxMessage.topic == OutboxTopic.CORE_EVENT,
            OutboxMessage.delivered_at.is_(None),
            OutboxMessage.dead_at.is_(None),
        )
        # Without its lease: a worker that is just finding out that it has to wait can't put it off.
        .values(available_at=now, leased_until=None)
        .execution_options(synchronize_session=False)
    )


def _waits_with(submission: Submission) -> tuple[ColumnElement[bool], ...]:
    return (
        Submission.customer_id == submission.customer_id,
        # What one customer has submitted is little; a plain column would tempt a planner to walk
        # all that waits for the institution, which after an outage is a lot.
        Submission.institution_id + 0 == submission.institution_id,
        Submission.state == SubmissionState.RECEIVED,
    )
