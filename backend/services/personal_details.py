"""Personal details as each institution has them: read per institution, counted, compared (F88)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from backend.folding import fold
from backend.models.contracts import Contract, ContractOrigin, Partner, PartyRole
from backend.models.customers import Customer, CustomerNumber
from backend.models.personal_details import (
    PersonalDetailsChange,
    PersonalDetailsKind,
    PersonalDetailsState,
    PersonName,
    PostalAddress,
)
from backend.services.institutions import load_institutions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.institutions import Institution
    from backend.policy import Policy

Details = PostalAddress | PersonName
Key = tuple[int, PersonalDetailsKind]


@dataclass(slots=True)
class PersonalDetails:
    """What one institution has of a customer, and every change it was asked for, newest first.

    `contract_ids` are the contracts whose partner the customer is. A refusal is the key of the
    sentence that says why the portal can't change it.
    """

    institution: Institution
    name: PersonName
    address: PostalAddress | None
    contract_ids: list[int] = field(default_factory=list)
    changes: list[PersonalDetailsChange] = field(default_factory=list)
    address_refusal: str | None = None
    name_refusal: str | None = None

    def present(self, kind: PersonalDetailsKind) -> Details | None:
        """Return what stands in the contracts."""
        return self.name if kind is PersonalDetailsKind.NAME else self.address

    def refusal(self, kind: PersonalDetailsKind) -> str | None:
        """Return why this can't be changed here; None: it can."""
        return self.name_refusal if kind is PersonalDetailsKind.NAME else self.address_refusal

    def standing(self, kind: PersonalDetailsKind) -> PersonalDetailsChange | None:
        """Return the newest change that nobody refused and that is not written down yet."""
        for change in self.changes:
            if change.kind is kind and change.state is not PersonalDetailsState.REFUSED:
                return None if change.applied_at else change
        return None


async def list_personal_details(
    session: AsyncSession, *, customer_id: int, today: date, policy: Policy
) -> list[PersonalDetails]:
    """Return what each institution has that knows the customer, in the group's order (F88).

    Known are those with a contract that the customer is a partner of, or a customer number.
    Occupational pensions and what customers added themselves don't count (F46).
    """
    customer = await session.get_one(Customer, customer_id)
    numbers = await session.scalars(
        select(CustomerNumber.institution_id).where(CustomerNumber.customer_id == customer_id)
    )
    partners = await _load_partners(session, customer_id)
    found = await load_institutions(session, [*{*numbers, *(one for one, _ in partners)}])
    known = {
        key: PersonalDetails(
            found[key], PersonName(None, customer.given_name, customer.family_name), None
        )
        for key in sorted(found)
    }
    for institution_id, partner in partners:
        _take(known[institution_id], partner)
    for change in await load_changes(session, customer_id):
        if change.institution_id in known:
            known[change.institution_id].changes.append(change)
    rules = policy.personal_details
    for one in known.values():
        kind = one.institution.kind.name
        if kind not in rules.address.on(today):
            one.address_refusal = "address_not_changeable_here"
        if kind not in rules.name.on(today):
            one.name_refusal = "name_not_changeable_here"
    return list(known.values())


async def load_changes(session: AsyncSession, customer_id: int) -> Sequence[PersonalDetailsChange]:
    """Return every change that a customer asked for, the newest first."""
    return (
        await session.scalars(
            select(PersonalDetailsChange)
            .where(PersonalDetailsChange.customer_id == customer_id)
            .order_by(PersonalDetailsChange.id.desc())
        )
    ).all()


async def find_change(
    session: AsyncSession, *, customer_id: int, change_id: int
) -> PersonalDetailsChange | None:
    """Return a customer's change; else None."""
    return (
        await session.scalars(
            select(PersonalDetailsChange).where(
                PersonalDetailsChange.id == change_id,
                PersonalDetailsChange.customer_id == customer_id,
            )
        )
    ).one_or_none()


async def load_versions(session: AsyncSession, customer_id: int) -> Mapping[Key, int]:
    """Return how many changes each institution was asked for, by kind."""
    rows = await session.execute(
        select(
            PersonalDetailsChange.institution_id,
            PersonalDetailsChange.kind,
            func.max(PersonalDetailsChange.version),
        )
        .where(PersonalDetailsChange.customer_id == customer_id)
        .group_by(PersonalDetailsChange.institution_id, PersonalDetailsChange.kind)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def says_the_same(one: Details | None, other: Details | None) -> bool:
    """Tell whether two say the same: case, blanks and the spelling of "Straße" don't count."""
    return one is not None and other is not None and _compared(one) == _compared(other)


def _compared(details: Details) -> str:
    words = (fold(details.line) or "").replace("strasse", "str").replace(".", " ")
    return " ".join(words.replace(",", " ").split())


async def _load_partners(session: AsyncSession, customer_id: int) -> list[tuple[int, Partner]]:
    """Return the customer as contracts name them, the newest contract last."""
    rows = await session.execute(
        select(Contract.institution_id, Partner)
        .join(Contract, Contract.id == Partner.contract_id)
        .where(
            Partner.customer_id == customer_id,
            Partner.role != PartyRole.INSURED,
            Contract.origin == ContractOrigin.INSTITUTION,
        )
        .order_by(Partner.id)
    )
    return [(row[0], row[1]) for row in rows]


def _take(details: PersonalDetails, partner: Partner) -> None:
    details.contract_ids.append(partner.contract_id)
    details.name = PersonName(partner.title, partner.given_name or "", partner.family_name)
    address = PostalAddress.of(partner.street, partner.postal_code, partner.city, partner.country)
    details.address = address or details.address
