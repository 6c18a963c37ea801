"""The rule F39-F46 told a second time, sharing no code with the portal's predicate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from backend.feeds.records import Salutation
    from backend.models.contracts import ContractKind, ContractOrigin, PartyRole


@dataclass(frozen=True)
class Party:
    """A partner as a feed may name one."""

    customer: int | None
    role: PartyRole
    salutation: Salutation
    is_legal_entity: bool
    birth_date: str | None


@dataclass(frozen=True)
class Agreement:
    """A contract as a feed may bring one."""

    kind: ContractKind
    origin: ContractOrigin
    start_date: date | None
    parties: tuple[Party, ...]


def shows(agreement: Agreement, customer: int, today: date) -> bool:
    """The rule, told again in plain words of Python."""
    if agreement.origin.name == "OCCUPATIONAL_PENSION":
        return False
    if agreement.start_date is not None and (agreement.start_date - today).days > 0:
        return False
    if agreement.kind.name == "INSURANCE":
        if agreement.start_date is None:
            return False
        holders = [party for party in agreement.parties if party.role.name == "POLICYHOLDER"]
        return len(holders) == 1 and _is(holders[0], customer)
    return any(
        party.role.name == "ACCOUNT_HOLDER" and _is(party, customer) for party in agreement.parties
    )


def _is(party: Party, customer: int) -> bool:
    if party.customer != customer or party.is_legal_entity:
        return False
    code = party.salutation.value
    return code in {1, 2, 5} or (code == 0 and party.birth_date is not None)
