"""Decisions of the claims department: a claim moves on, and its customer is told (F53-F55, X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import select, update

from backend.feeds.claims_jsonl import ClaimDecision, DecidedStatus, read_claim_decisions
from backend.feeds.findings import Finding
from backend.models.claims import Claim, ClaimStatus
from backend.models.institutions import Institution
from backend.services.claim_notices import tell_customer
from backend.services.claims import advance

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.job import ImportJob

_DECISIONS = 100
_STATUS = {
    DecidedStatus.IN_REVIEW: ClaimStatus.IN_REVIEW,
    DecidedStatus.DECIDED: ClaimStatus.DECIDED,
    DecidedStatus.PAID: ClaimStatus.PAID,
}
_ORDER = (
    ClaimStatus.HANDED_OVER,
    ClaimStatus.IN_REVIEW,
    ClaimStatus.DECIDED,
    ClaimStatus.PAID,
)


async def import_claims(job: ImportJob, stream: BinaryIO) -> None:
    """Import decisions about claims, in the order of the file.

    A claim only moves forward and keeps the day of each step. What a newer line says of amounts and
    statement counts without a step, too. Each step is told by a mail without content (F53); the
    benefit statement itself comes as a document (F54), on paper as well if that was chosen (F55).
    """
    async for batch in job.batches(stream, read_claim_decisions(stream), _DECISIONS):
        async with job.transaction() as session:
            for item in batch:
                if isinstance(item, Finding):
                    job.report.note_in_feed(item)
                else:
                    await _apply(session, job, item)


async def _apply(session: AsyncSession, job: ImportJob, decision: ClaimDecision) -> None:
    found = (
        await session.execute(
            select(Claim, Institution.key)
            .join(Institution, Institution.id == Claim.institution_id)
            .where(Claim.uid == decision.claim)
            .with_for_update(of=Claim)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if found is None or job.institution_key not in (None, found.key):
        return _reject(job, decision, "claim", "this institution has no such claim")
    claim, status = found.Claim, _STATUS[decision.status]
    if claim.status not in _ORDER:
        return _reject(job, decision, "claim", "it was not handed over")
    if claim.decided_as_of is not None and decision.updated_at <= claim.decided_as_of:
        job.report.duplicates += 1
        return None
    if _ORDER.index(status) < _ORDER.index(claim.status):
        return _reject(job, decision, "status", "the claim has come further than that")
    await _write(session, job, claim, decision)
    job.report.accepted += 1
    return None


async def _write(
    session: AsyncSession, job: ImportJob, claim: Claim, decision: ClaimDecision
) -> None:
    told: dict[str, object] = {
        "claimed_amount": decision.amount_claimed,
        "reimbursed_amount": decision.amount_reimbursed,
        "currency": decision.currency,
        "statement_external_id": decision.statement,
    }
    # What a later line leaves out still holds.
    values = {name: value for name, value in told.items() if value is not None}
    values["decided_as_of"] = decision.updated_at
    status = _STATUS[decision.status]
    if status is claim.status:
        await session.execute(
            update(Claim)
            .where(Claim.id == claim.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return
    await advance(session, claim, status, on=decision.on, **values)
    await tell_customer(session, job.house.outbox, claim.customer_id)


def _reject(job: ImportJob, decision: ClaimDecision, field: str, reason: str) -> None:
    job.report.note_in_feed(
        Finding(decision.line, f"line {decision.line}", field, reason, rejects=True)
    )
