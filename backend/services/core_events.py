"""Events as core systems get them: a submission in clear, with whom and what it is about."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.contracts import Contract
from backend.models.customers import CustomerNumber
from backend.models.institutions import Institution
from backend.services.submissions import payload_of
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.submissions import Submission
    from backend.ports import DocumentCipher

FORMAT = "kundenportal-core-event/1"


class Addressed(Value):
    """A submission with the key of its institution, and what names customer and contract there."""

    submission: Submission
    institution_key: str
    customer_numbers: tuple[str, ...]
    contract_number: str | None


async def load_addressed(
    session: AsyncSession, submissions: Sequence[Submission]
) -> list[Addressed]:
    """Return submissions with what their core systems call customer and contract."""
    keys = {
        row.id: row.key
        for row in await session.execute(
            select(Institution.id, Institution.key).where(
                Institution.id.in_({one.institution_id for one in submissions})
            )
        )
    }
    contracts = {
        row.id: row.number
        for row in await session.execute(
            select(Contract.id, Contract.number).where(
                Contract.id.in_({one.contract_id for one in submissions if one.contract_id})
            )
        )
    }
    numbers: dict[tuple[int, int], list[str]] = {}
    for row in await session.execute(
        select(CustomerNumber.customer_id, CustomerNumber.institution_id, CustomerNumber.number)
        .where(CustomerNumber.customer_id.in_({one.customer_id for one in submissions}))
        .order_by(CustomerNumber.id)
    ):
        numbers.setdefault((row.customer_id, row.institution_id), []).append(row.number)
    return [
        Addressed(
            one,
            keys[one.institution_id],
            tuple(numbers.get((one.customer_id, one.institution_id), ())),
            contracts.get(one.contract_id or 0),
        )
        for one in submissions
    ]


async def event_of(cipher: DocumentCipher, one: Addressed) -> dict[str, Any]:
    """Return the event (docs/core-systems.md). Raises as `payload_of`."""
    submission = one.submission
    return {
        "format": FORMAT,
        "id": submission.uid,
        "sequence": submission.id,
        "kind": submission.kind.name,
        "schemaVersion": submission.schema_version,
        "occurredAt": submission.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "institution": one.institution_key,
        "customerNumbers": list(one.customer_numbers),
        "contractNumber": one.contract_number,
        "payload": await payload_of(cipher, submission),
    }
