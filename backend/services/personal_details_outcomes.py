"""What an institution's answer means for personal details that a customer changed (F88, M2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.clock import berlin_today
from backend.models.personal_details import PersonalDetailsChange, PersonalDetailsState
from backend.services.personal_details_records import apply_change

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.submissions import Submission
    from backend.services.submissions import SubmittingHouse


async def confirm_personal_details(
    session: AsyncSession, house: SubmittingHouse, submission: Submission
) -> None:
    """Note that the institution has the details, and write them down once their day has come."""
    change = await _find_pending(session, submission)
    if change is None:
        return
    change.state = PersonalDetailsState.CONFIRMED
    change.answered_at = house.clock.now()
    if change.effective_from <= berlin_today(house.clock):
        await apply_change(session, change, clock=house.clock)


async def refuse_personal_details(
    session: AsyncSession, house: SubmittingHouse, submission: Submission, reason: str
) -> None:
    """Note why the institution refused; nothing else was changed, so nothing is taken back."""
    change = await _find_pending(session, submission)
    if change is None:
        return
    change.state = PersonalDetailsState.REFUSED
    change.answered_at = house.clock.now()
    change.refused_because = reason


async def _find_pending(
    session: AsyncSession, submission: Submission
) -> PersonalDetailsChange | None:
    statement = (
        select(PersonalDetailsChange)
        .where(
            PersonalDetailsChange.submission_uid == submission.uid,
            PersonalDetailsChange.state == PersonalDetailsState.PENDING,
        )
        .with_for_update()
    )
    return (await session.scalars(statement)).one_or_none()
