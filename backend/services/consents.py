"""Consents of a customer: the current state follows from an append-only log (F19, F77)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from backend.models.consents import ConsentDecision, ConsentPurpose, ConsentState
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

# Part of the ids that clients keep: never give a number to another purpose.
_NUMBERS = {
    ConsentPurpose.PRODUCT_INFORMATION_BY_EMAIL: 1,
    ConsentPurpose.PRODUCT_INFORMATION_BY_PHONE: 2,
    ConsentPurpose.TRANSACTION_ANALYSIS: 3,
}
_NUMBERS_PER_CUSTOMER = 64


class Consent(Value):
    """Where a customer stands on one purpose; `decided_at` is None if they never decided."""

    customer_id: int
    purpose: ConsentPurpose
    state: ConsentState
    decided_at: datetime | None

    @property
    def id(self) -> int:
        """A number of its own for each customer and purpose: the state has no row."""
        return self.customer_id * _NUMBERS_PER_CUSTOMER + _NUMBERS[self.purpose]


_NEWEST = (
    select(func.max(ConsentDecision.id))
    .where(ConsentDecision.customer_id == bindparam("customer_id"))
    .group_by(ConsentDecision.purpose)
)
_DECISIONS = select(
    ConsentDecision.purpose, ConsentDecision.state, ConsentDecision.decided_at
).where(ConsentDecision.id.in_(_NEWEST))


async def list_consents(session: AsyncSession, *, customer_id: int) -> Sequence[Consent]:
    """Return every purpose with the customer's newest decision; not granted unless decided."""
    rows = await session.execute(_DECISIONS, {"customer_id": customer_id})
    decided = {row.purpose: row for row in rows}
    consents = []
    for purpose in ConsentPurpose:
        row = decided.get(purpose)
        state = ConsentState.NOT_GRANTED if row is None else row.state
        decided_at = None if row is None else row.decided_at
        consents.append(Consent(customer_id, purpose, state, decided_at))
    return consents


def purpose_of(consent_id: int, customer_id: int) -> ConsentPurpose | None:
    """Return what one of the customer's own consents is about; None for any other id."""
    for purpose in ConsentPurpose:
        if Consent(customer_id, purpose, ConsentState.NOT_GRANTED, None).id == consent_id:
            return purpose
    return None


async def find_consent(
    session: AsyncSession, *, customer_id: int, consent_id: int
) -> Consent | None:
    """Return one of the customer's own consents by id; else None."""
    for consent in await list_consents(session, customer_id=customer_id):
        if consent.id == consent_id:
            return consent
    return None
