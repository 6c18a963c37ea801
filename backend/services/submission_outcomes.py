"""What a core system's answer means for the feature that submitted, by kind of submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.models.submissions import SubmissionKind
from backend.services.bank_account_outcomes import confirm_bank_account, refuse_bank_account
from backend.services.personal_details_outcomes import (
    confirm_personal_details,
    refuse_personal_details,
)
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.submissions import Submission
    from backend.services.submissions import SubmittingHouse

    OnConfirmed = Callable[[AsyncSession, SubmittingHouse, Submission], Awaitable[None]]
    OnRefused = Callable[[AsyncSession, SubmittingHouse, Submission, str], Awaitable[None]]


async def _leave_confirmed(
    session: AsyncSession, house: SubmittingHouse, submission: Submission
) -> None:
    """Leave everything as the customer changed it: it holds already."""


async def _leave_refused(
    session: AsyncSession, house: SubmittingHouse, submission: Submission, reason: str
) -> None:
    """Leave everything as it is: the customer reads the reason and decides."""


class OutcomeHandler(Value):
    """What happens in the transaction that settles a submission; each is called at most once."""

    on_confirmed: OnConfirmed = _leave_confirmed
    on_refused: OnRefused = _leave_refused


# A kind that is not named here has nothing to do but to tell the customer.
HANDLERS: Mapping[SubmissionKind, OutcomeHandler] = {
    SubmissionKind.BANK_ACCOUNT_CHANGED: OutcomeHandler(confirm_bank_account, refuse_bank_account),
    SubmissionKind.PERSONAL_DETAILS_CHANGED: OutcomeHandler(
        confirm_personal_details, refuse_personal_details
    ),
    SubmissionKind.CLAIM_SUBMITTED: OutcomeHandler(),
}
