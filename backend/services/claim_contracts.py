"""On which contracts a kind of document can be handed in, and as what (F50-F52, F56)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from backend.inspection.rules import PDF, XML
from backend.models.claims import ClaimFormat
from backend.models.contracts import InsuranceContract, LineOfBusiness
from backend.services.contract_visibility import IS_VISIBLE, visibility_of
from backend.services.institutions import load_institutions
from backend.services.uploads import IMAGES
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.claims import ClaimKind
    from backend.models.institutions import InstitutionKind
    from backend.policy import Policy

_MEGA = 1_000_000
_ELIGIBLE = (
    select(InsuranceContract)
    .where(
        IS_VISIBLE,
        InsuranceContract.line_of_business.in_(
            bindparam("lines", type_=InsuranceContract.line_of_business.type, expanding=True)
        ),
    )
    .order_by(InsuranceContract.institution_id, InsuranceContract.id)
)
_ONE = _ELIGIBLE.where(InsuranceContract.id == bindparam("id"))
MEDIA_TYPES = {
    ClaimFormat.PHOTOS: (PDF,),
    ClaimFormat.PDF: (PDF,),
    ClaimFormat.IMAGE: IMAGES,
    ClaimFormat.E_INVOICE: (XML,),
}


class ClaimableContract(Value):
    """A contract on which something can be handed in, and what its institution takes."""

    contract: InsuranceContract
    formats: Sequence[ClaimFormat]
    largest_bytes: int
    most_pages: int
    is_open_to_desktops: bool


async def list_claimable_contracts(
    session: AsyncSession, *, customer_id: int, kind: ClaimKind, today: date, policy: Policy
) -> Sequence[ClaimableContract]:
    """Return where the customer can hand in a kind of document (F50, F51).

    Only on contracts that they see: a co-insured person finds none (F52). An invoice from abroad
    only on travel health insurance, everything else only on health insurance.
    """
    values = _values(customer_id, kind, today, policy)
    contracts = (await session.scalars(_ELIGIBLE, values)).all()
    institutions = await load_institutions(session, [one.institution_id for one in contracts])
    found = [
        describe(one, institutions[one.institution_id].kind, today=today, policy=policy)
        for one in contracts
    ]
    return [one for one in found if one.formats]


async def find_claimable_contract(
    session: AsyncSession,
    contract_id: int,
    *,
    customer_id: int,
    kind: ClaimKind,
    today: date,
    policy: Policy,
) -> ClaimableContract | None:
    """Return one of them; None for an absent, a foreign and a wrong one alike."""
    values = _values(customer_id, kind, today, policy) | {"id": contract_id}
    contract = (await session.scalars(_ONE, values)).one_or_none()
    if contract is None:
        return None
    institutions = await load_institutions(session, [contract.institution_id])
    return describe(
        contract, institutions[contract.institution_id].kind, today=today, policy=policy
    )


def describe(
    contract: InsuranceContract, kind: InstitutionKind, *, today: date, policy: Policy
) -> ClaimableContract:
    """Say what an institution of a kind takes on a contract."""
    rules = policy.claims
    taken = {
        ClaimFormat.PHOTOS: rules.photos,
        ClaimFormat.PDF: rules.pdf_upload,
        ClaimFormat.IMAGE: rules.images,
        ClaimFormat.E_INVOICE: rules.e_invoices,
    }
    return ClaimableContract(
        contract,
        [one for one, kinds in taken.items() if kind.name in kinds.on(today)],
        rules.largest_megabytes.on(today) * _MEGA,
        rules.pages.on(today),
        kind.name in rules.desktop_browsers.on(today),
    )


def _values(customer_id: int, kind: ClaimKind, today: date, policy: Policy) -> dict[str, object]:
    rules = policy.claims
    lines = []
    if kind.name in rules.health_kinds.on(today):
        lines.append(LineOfBusiness.HEALTH)
    if kind.name in rules.travel_health_kinds.on(today):
        lines.append(LineOfBusiness.TRAVEL_HEALTH)
    return visibility_of(customer_id, today=today, policy=policy) | {"lines": lines}
