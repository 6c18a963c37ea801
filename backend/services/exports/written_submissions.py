"""What a customer submitted to core systems, in clear, for `daten.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend import database
from backend.models.submissions import Submission, SubmissionStep
from backend.ports import CipherError
from backend.services.submissions import payload_of, refusal_reason_of, subject_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping
    from datetime import datetime

    from backend.ports import DocumentCipher
    from backend.services.exports.filed_documents import Filing

EXPORTED_OF_SUBMISSIONS = (
    *("uid", "kind", "subject", "payload", "state", "created_at", "due_at", "transmitted_at"),
    *("rerouted_at", "answered_at", "answer_read_at", "refusal_reason"),
)
EXPORTED_OF_STEPS = ("state", "occurred_at")


async def written_submissions(
    filing: Filing, cipher: DocumentCipher, institutions: Mapping[int, str]
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield submissions with their steps, oldest first; what is damaged is left out."""
    async with database.reading(filing.sessions) as session:
        submissions = (
            await session.scalars(
                select(Submission)
                .where(Submission.customer_id == filing.customer_id)
                .order_by(Submission.id)
            )
        ).all()
    for submission in submissions:
        async with database.reading(filing.sessions) as session:
            steps = (
                await session.scalars(
                    select(SubmissionStep)
                    .where(SubmissionStep.submission_id == submission.id)
                    .order_by(SubmissionStep.id)
                )
            ).all()
        yield [
            {
                "institution": institutions[submission.institution_id],
                "reference": submission.uid,
                "kind": submission.kind.name,
                "subject": await _clear(subject_of(cipher, submission)),
                "payload": await _clear(payload_of(cipher, submission)),
                "state": submission.state.name,
                "createdAt": submission.created_at.isoformat(),
                "dueAt": submission.due_at.isoformat(),
                "transmittedAt": _written(submission.transmitted_at),
                "reroutedAt": _written(submission.rerouted_at),
                "answeredAt": _written(submission.answered_at),
                "answerReadAt": _written(submission.answer_read_at),
                "refusalReason": await _clear(refusal_reason_of(cipher, submission)),
                "steps": [
                    {"state": step.state.name, "occurredAt": step.occurred_at.isoformat()}
                    for step in steps
                ],
            }
        ]


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


async def _clear(reading: Awaitable[Any]) -> Any:
    try:
        return await reading
    except CipherError:
        return None
