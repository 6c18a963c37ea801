"""Claims as their customer sees them: listed, with steps, receipt and benefit statement (X1)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, select, update

from backend.models.claims import Claim, ClaimDocument, ClaimStatus, ClaimStep
from backend.models.documents import Document
from backend.models.receipts import Receipt
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.services.postbox import IN_POSTBOX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

_OF_CUSTOMER = Claim.customer_id == bindparam("customer_id")
_LIST = select(Claim).where(_OF_CUSTOMER).order_by(Claim.id.desc()).limit(bindparam("most"))
_LIST_AFTER = _LIST.where(Claim.id < bindparam("after"))
_COUNT = select(func.count(Claim.id)).where(_OF_CUSTOMER)
_ONE = select(Claim).where(_OF_CUSTOMER, Claim.id == bindparam("claim_id"))
_STATEMENTS = (
    select(Claim.id, Document)
    .join(
        Document,
        and_(
            Document.institution_id == Claim.institution_id,
            Document.external_id == Claim.statement_external_id,
        ),
    )
    .where(_OF_CUSTOMER, IN_POSTBOX, Claim.id.in_(bindparam("claim_ids", expanding=True)))
)


class ClaimAction(enum.Enum):
    """What the customer can do about a claim next (X1)."""

    WAIT = "wait"
    SEND_AGAIN = "send_again"
    READ_STATEMENT = "read_statement"


def add_step(session: AsyncSession, claim: Claim, status: ClaimStatus, *, on: date) -> None:
    """Write down when a claim came to a status."""
    session.add(ClaimStep(claim_id=claim.id, status=status, occurred_on=on))


async def list_claims(
    session: AsyncSession, *, customer_id: int, first: int, after: str | None
) -> Page[Claim]:
    """Return a page of a customer's claims, the newest first (X1).

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    values: dict[str, object] = {"customer_id": customer_id}
    paging = values | {"most": first + 1}
    statement = _LIST
    if after is not None:
        (paging["after"],) = decode_cursor(after, int)
        statement = _LIST_AFTER
    rows = (await session.scalars(statement, paging)).all()
    total = await session.scalar(_COUNT, values) or 0
    return page_of(rows, first=first, total_count=total, key=lambda claim: (claim.id,))


async def find_claim(session: AsyncSession, *, customer_id: int, claim_id: int) -> Claim | None:
    """Return one of a customer's claims; None for a foreign and an absent one alike."""
    values = {"customer_id": customer_id, "claim_id": claim_id}
    return (await session.scalars(_ONE, values)).one_or_none()


async def find_claim_by_key(
    session: AsyncSession, *, customer_id: int, idempotency_key: UUID
) -> Claim | None:
    """Return the claim under a key, if there is one."""
    return (
        await session.scalars(
            select(Claim).where(
                Claim.customer_id == customer_id, Claim.idempotency_key == str(idempotency_key)
            )
        )
    ).one_or_none()


async def load_steps_of(
    session: AsyncSession, claim_ids: Sequence[int]
) -> Mapping[int, list[ClaimStep]]:
    """Return the steps of claims in their order."""
    found: dict[int, list[ClaimStep]] = {}
    rows = await session.scalars(
        select(ClaimStep).where(ClaimStep.claim_id.in_(claim_ids)).order_by(ClaimStep.id)
    )
    for step in rows:
        found.setdefault(step.claim_id, []).append(step)
    return found


async def load_receipts(session: AsyncSession, receipt_ids: Sequence[int]) -> Mapping[int, Receipt]:
    """Return receipts by id; reached only through the claim that each belongs to."""
    rows = await session.scalars(select(Receipt).where(Receipt.id.in_(receipt_ids)))
    return {receipt.id: receipt for receipt in rows}


async def load_sealed_files(
    session: AsyncSession, document_ids: Sequence[int]
) -> Mapping[int, ClaimDocument]:
    """Return sealed files by id; reached only through their claim."""
    rows = await session.scalars(select(ClaimDocument).where(ClaimDocument.id.in_(document_ids)))
    return {document.id: document for document in rows}


async def load_statements_of(
    session: AsyncSession, claim_ids: Sequence[int], *, customer_id: int, now: datetime
) -> Mapping[int, Document]:
    """Return the benefit statements of claims, once they lie in the customer's postbox (F54)."""
    values = {"customer_id": customer_id, "now": now, "claim_ids": list(claim_ids)}
    rows = await session.execute(_STATEMENTS, values)
    return {row.id: row.Document for row in rows}


def next_action_of(claim: Claim, statement: Document | None) -> ClaimAction:
    """Say what the customer can do next (X1)."""
    if claim.status is ClaimStatus.FILE_REFUSED:
        return ClaimAction.SEND_AGAIN
    if statement is not None:
        return ClaimAction.READ_STATEMENT
    return ClaimAction.WAIT


async def advance(
    session: AsyncSession,
    claim: Claim,
    status: ClaimStatus,
    *,
    on: date,
    **values: object,
) -> bool:
    """Move a claim on if it still stands where it was read; steps say when."""
    moved = await session.execute(
        update(Claim)
        .where(Claim.id == claim.id, Claim.status == claim.status)
        .values(status=status, **values)
        .returning(Claim.id)
        .execution_options(synchronize_session=False)
    )
    if moved.one_or_none() is None:
        return False
    add_step(session, claim, status, on=on)
    return True
