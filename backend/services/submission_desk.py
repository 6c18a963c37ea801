"""The service desk's side of submissions: read with a reason, answered by name (M2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import select

from backend import database
from backend.errors import NotFoundError
from backend.models.customers import Customer
from backend.models.security_events import SecurityEventKind
from backend.models.submissions import Submission
from backend.models.user_accounts import UserAccount
from backend.services.acknowledgements import acknowledge
from backend.services.audit import append_audit
from backend.services.core_events import event_of, load_addressed
from backend.services.security_events import record_event
from backend.services.submission_watch import WatchingHouse

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.acknowledgement_records import Acknowledgement


class SubmissionDeskHouse(WatchingHouse, Protocol):
    """What the desk needs of the portal's wiring."""

    @property
    def actor(self) -> str: ...  # noqa: D102


async def show_submission(
    house: SubmissionDeskHouse, *, uid: str, case_handler: str, reason: str
) -> dict[str, Any]:
    """Return the event, as the core system would get it, to a case handler who says why.

    Audited, and the customer reads in the security log who looked and for what reason (X4).

    Raises:
        NotFoundError: no such submission.
    """
    async with database.writing(house.sessions) as session:
        submission = await find_submission(session, uid)
        (addressed,) = await load_addressed(session, [submission])
        await note_shown(
            session,
            house,
            "submission.shown",
            submission,
            case_handler=case_handler,
            reason=reason,
        )
        return await event_of(house.cipher, addressed)


async def answer_submission(
    house: SubmissionDeskHouse, *, answer: Acknowledgement, case_handler: str
) -> bool:
    """Settle a submission by hand, as its core system would; tell whether that changed anything.

    Raises:
        NotFoundError: no such submission.
        ConflictError: it was settled the other way.
    """
    async with database.writing(house.sessions) as session:
        submission = await find_submission(session, answer.submission)
        (addressed,) = await load_addressed(session, [submission])
        detail: dict[str, object] = {"case_handler": case_handler, "outcome": answer.outcome.value}
        await _note(session, house, "submission.answered", submission, detail)
        return await acknowledge(
            session, house, institution_key=addressed.institution_key, answer=answer
        )


async def find_submission(session: AsyncSession, uid: str) -> Submission:
    """Return a submission by its reference, whoever's it is. Raises NotFoundError."""
    found = (await session.scalars(select(Submission).where(Submission.uid == uid))).one_or_none()
    if found is None:
        raise NotFoundError
    return found


async def note_shown(  # who looked at what, and why
    session: AsyncSession,
    house: SubmissionDeskHouse,
    action: str,
    submission: Submission,
    *,
    case_handler: str,
    reason: str,
) -> None:
    """Write down that a case handler looks at a submission: audited, and told to the customer."""
    detail: dict[str, object] = {"case_handler": case_handler, "reason": reason}
    await _note(session, house, action, submission, detail)
    account_id = await session.scalar(
        select(UserAccount.id).where(UserAccount.customer_id == submission.customer_id)
    )
    record_event(
        session,
        SecurityEventKind.SUBMISSION_SHOWN,
        user_account_id=account_id,
        clock=house.clock,
        detail=f"{case_handler} ({reason})",
    )


async def _note(
    session: AsyncSession,
    house: SubmissionDeskHouse,
    action: str,
    submission: Submission,
    detail: dict[str, object],
) -> None:
    uid = await session.scalar(select(Customer.uid).where(Customer.id == submission.customer_id))
    await append_audit(
        session,
        actor=house.actor,
        action=action,
        subject=f"customer:{uid}",
        detail=detail | {"submission": submission.uid},
        clock=house.clock,
    )
