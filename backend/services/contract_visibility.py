"""Who may see which contract: the one predicate of the portal (F39-F46)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, bindparam, case, exists, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from backend.feeds.records import Salutation
from backend.models.contracts import (
    Contract,
    ContractKind,
    ContractOrigin,
    Partner,
    PartyRole,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from backend.policy import Policy

_IS_INSURANCE = Contract.kind == ContractKind.INSURANCE
# Whose bank account an insurance is paid from does not hold it.
_HOLDING_ROLE = case(
    (_IS_INSURANCE, literal(PartyRole.POLICYHOLDER, Partner.role.type)),
    else_=literal(PartyRole.ACCOUNT_HOLDER, Partner.role.type),
)


def _visible_if(
    holder: ColumnElement[bool],
    *,
    today: ColumnElement[date],
    natural: ColumnElement[Any] | Sequence[Salutation],
) -> ColumnElement[bool]:
    is_natural_person = and_(
        Partner.is_legal_entity.is_(False),
        or_(
            Partner.salutation.in_(natural),
            and_(Partner.salutation == Salutation.NONE, Partner.birth_date.is_not(None)),
        ),
    )
    held = select(Partner.contract_id, Partner.role).where(
        holder,
        Partner.role.in_((PartyRole.POLICYHOLDER, PartyRole.ACCOUNT_HOLDER)),
        is_natural_person,
    )
    first, second = aliased(Partner), aliased(Partner)
    # A contract with two policyholders belongs to a group of persons; joint accounts do show.
    several = exists().where(
        first.contract_id == Contract.id,
        second.contract_id == Contract.id,
        first.role == PartyRole.POLICYHOLDER,
        second.role == PartyRole.POLICYHOLDER,
        first.id < second.id,
    )
    return and_(
        tuple_(Contract.id, _HOLDING_ROLE).in_(held),
        # An account without an opening date exists; an insurance without a start may lie ahead.
        or_(Contract.start_date <= today, and_(Contract.start_date.is_(None), ~_IS_INSURANCE)),
        Contract.origin != ContractOrigin.OCCUPATIONAL_PENSION,
        or_(~_IS_INSURANCE, ~several),
    )


IS_VISIBLE = _visible_if(
    Partner.customer_id == bindparam("visible_to", type_=Partner.customer_id.type),
    today=bindparam("visible_on", type_=Date()),
    natural=bindparam("natural_salutations", type_=Partner.salutation.type, expanding=True),
)
"""The condition under which a contract shows to a customer; its values: `visibility_of`.

Visible iff the policyholder is one natural person and is the signed-in customer, the contract has
begun (Berlin date, evaluated at query time) and does not stem from an occupational pension.
Savings accounts show to each of their holders. Insured persons, beneficiaries and payers never
see a contract. Source: first FAQ, "Was mache ich, wenn ein oder mehrere Verträge in der
Vertragsübersicht fehlen?". Built once: statements around it are compiled once, too.
"""


def visibility_of(customer_id: int, *, today: date, policy: Policy) -> dict[str, object]:
    """Return the values of `IS_VISIBLE` for a customer on a day."""
    return {
        "visible_to": customer_id,
        "visible_on": today,
        "natural_salutations": _natural_salutations(today, policy),
    }


def visible_to_somebody(*, today: date, policy: Policy) -> ColumnElement[bool]:
    """Return the condition under which a contract shows to at least one customer."""
    return _visible_if(
        Partner.customer_id.is_not(None),
        today=literal(today, Date()),
        natural=_natural_salutations(today, policy),
    )


def _natural_salutations(today: date, policy: Policy) -> list[Salutation]:
    return [Salutation(code) for code in policy.contracts.natural_salutations.on(today)]
