"""The states of a submission: they only move forward, and each step is written down (M2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.submissions import Submission, SubmissionState
from backend.services.submissions import add_step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

_FORWARD: Mapping[SubmissionState, frozenset[SubmissionState]] = {
    SubmissionState.RECEIVED: frozenset(
        {
            SubmissionState.TRANSMITTED,
            SubmissionState.REROUTED,
            # An answer may overtake the end of the call that brings the event.
            SubmissionState.CONFIRMED,
            SubmissionState.REFUSED,
        }
    ),
    SubmissionState.TRANSMITTED: frozenset(
        {SubmissionState.REROUTED, SubmissionState.CONFIRMED, SubmissionState.REFUSED}
    ),
    SubmissionState.REROUTED: frozenset({SubmissionState.CONFIRMED, SubmissionState.REFUSED}),
    SubmissionState.CONFIRMED: frozenset(),
    SubmissionState.REFUSED: frozenset(),
}


async def lock_submission(session: AsyncSession, uid: str) -> Submission | None:
    """Return a submission that nobody else moves until the transaction ends; None if absent."""
    found = select(Submission).where(Submission.uid == uid).with_for_update()
    return (await session.scalars(found.execution_options(populate_existing=True))).one_or_none()


def advance(
    session: AsyncSession, submission: Submission, to: SubmissionState, *, at: datetime
) -> bool:
    """Move a locked submission forward and tell whether it moved: never back, never twice."""
    if to not in _FORWARD[submission.state]:
        return False
    submission.state = to
    match to:
        case SubmissionState.TRANSMITTED:
            submission.transmitted_at = at
        case SubmissionState.REROUTED:
            submission.rerouted_at = at
        case SubmissionState.CONFIRMED | SubmissionState.REFUSED:
            submission.answered_at = at
        case SubmissionState.RECEIVED:
            raise ValueError("nothing becomes received")
    add_step(session, submission, to, at=at)
    return True
