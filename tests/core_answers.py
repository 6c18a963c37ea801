"""What customers submitted, as core systems get it, and their answers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.submissions import Submission
from backend.services.submission_outcomes import HANDLERS
from backend.services.submissions import payload_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.portal import Portal


async def submissions(portal: Portal) -> Sequence[Submission]:
    """Return what goes to core systems."""
    async with portal.transaction() as session:
        return (await session.scalars(select(Submission).order_by(Submission.id))).all()


async def payloads(portal: Portal) -> list[dict[str, Any]]:
    """Return what core systems get, in clear."""
    return [await payload_of(portal.house.cipher, one) for one in await submissions(portal)]


async def settle(portal: Portal, submission: Submission, refused: str | None = None) -> None:
    """Let the core system confirm a submission, or refuse it with a reason."""
    handler = HANDLERS[submission.kind]
    async with portal.transaction() as session:
        if refused is None:
            await handler.on_confirmed(session, portal.house, submission)
        else:
            await handler.on_refused(session, portal.house, submission, refused)
