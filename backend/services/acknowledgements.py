"""Answers of core systems to submissions: applied once, in whatever order they come (M2)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from backend import database
from backend.errors import ConflictError, NotFoundError
from backend.feeds.acknowledgement_records import AcknowledgedOutcome
from backend.models.institutions import Institution
from backend.models.submissions import CoreNonce, SubmissionState
from backend.models.user_accounts import UserAccount
from backend.services.outbox import enqueue_worded_mail
from backend.services.submission_order import let_next_leave
from backend.services.submission_outcomes import HANDLERS
from backend.services.submission_states import advance, lock_submission
from backend.services.submission_watch import tell_desk_it_is_settled
from backend.services.submissions import SubmittingHouse, seal_refusal_reason

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.acknowledgement_records import Acknowledgement
    from backend.models.submissions import Submission

_NONCES_ARE_KEPT = timedelta(hours=1)
_STATES = {
    AcknowledgedOutcome.RECEIVED: SubmissionState.TRANSMITTED,
    AcknowledgedOutcome.CONFIRMED: SubmissionState.CONFIRMED,
    AcknowledgedOutcome.REFUSED: SubmissionState.REFUSED,
}

_log = logging.getLogger(__name__)


async def acknowledge(
    session: AsyncSession,
    house: SubmittingHouse,
    *,
    institution_key: str,
    answer: Acknowledgement,
) -> bool:
    """Apply the answer of an institution's core system and tell whether it changed anything.

    What was said before, or is overtaken by a later answer, changes nothing. A refusal is told to
    the customer by a mail without content; the feature that submitted reacts in this transaction.

    Raises:
        NotFoundError: no such submission of this institution.
        ConflictError: it was settled the other way; nothing is changed, the log tells.
    """
    submission = await lock_submission(session, answer.submission)
    if submission is None or await _key_of(session, submission) != institution_key:
        raise NotFoundError
    state = _STATES[answer.outcome]
    was_rerouted = submission.rerouted_at is not None
    has_waited, now = submission.state is SubmissionState.RECEIVED, house.clock.now()
    if not advance(session, submission, state, at=now):
        _refuse_contradiction(submission, state)
        return False
    if has_waited:
        await let_next_leave(session, submission, now=now)
    match state:
        case SubmissionState.CONFIRMED:
            await HANDLERS[submission.kind].on_confirmed(session, house, submission)
        case SubmissionState.REFUSED:
            await _refuse(session, house, submission, answer.reason)
        case _:
            return True
    if was_rerouted:
        await tell_desk_it_is_settled(session, house, submission, institution_key)
    return True


async def take_nonce(
    session: AsyncSession, *, institution_key: str, nonce: str, now: datetime
) -> bool:
    """Use a signature's number up; False if it was used before: the request is a replay.

    With the transaction's rollback it can be used again: then nothing was done.
    """
    taken = await session.execute(
        database.insert_into(CoreNonce, session.get_bind().dialect.name)
        .values(institution_key=institution_key, nonce=nonce, expires_at=now + _NONCES_ARE_KEPT)
        .on_conflict_do_nothing(index_elements=[CoreNonce.institution_key, CoreNonce.nonce])
        .returning(CoreNonce.id)
    )
    return taken.one_or_none() is not None


async def forget_old_nonces(session: AsyncSession, *, now: datetime) -> None:
    """Forget numbers of signatures that are too old to be believed in any case."""
    await session.execute(delete(CoreNonce).where(CoreNonce.expires_at < now))


def _refuse_contradiction(submission: Submission, state: SubmissionState) -> None:
    settled = {SubmissionState.CONFIRMED, SubmissionState.REFUSED}
    if {submission.state, state} == settled:
        _log.error(
            "submission_contradicted",
            extra={"submission": submission.uid, "state": submission.state.value},
        )
        raise ConflictError


async def _refuse(
    session: AsyncSession, house: SubmittingHouse, submission: Submission, reason: str
) -> None:
    submission.refusal_reason = await seal_refusal_reason(house.cipher, submission, reason)
    await HANDLERS[submission.kind].on_refused(session, house, submission, reason)
    account = (
        await session.scalars(
            select(UserAccount).where(UserAccount.customer_id == submission.customer_id)
        )
    ).one_or_none()
    if account is not None:
        await enqueue_worded_mail(
            session,
            house.outbox,
            "submission_refused",
            email_address=account.email_address,
            locale=account.locale,
        )


async def _key_of(session: AsyncSession, submission: Submission) -> str:
    found = await session.scalars(
        select(Institution.key).where(Institution.id == submission.institution_id)
    )
    return found.one()
