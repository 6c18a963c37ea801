"""Who may see which contract: the one predicate of the portal (F39-F46)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from backend.models.contracts import (
    Contract,
    ContractKind,
    ContractOrigin,
    Partner,
    PartyRole,
    Salutation,
)

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement

    from backend.policy import Policy


# Whose bank account an insurance is paid from does not hold it.
_HOLDING_ROLE = case(
    (
        Contract.kind == ContractKind.INSURANCE,
        literal(PartyRole.POLICYHOLDER, Partner.role.type),
    ),
    else_=literal(PartyRole.ACCOUNT_HOLDER, Partner.role.type),
)


def visible_to(customer_id: int, *, today: date, policy: Policy) -> ColumnElement[bool]:
    """Return the condition under which a contract shows to a customer.

    Visible iff the policyholder is one natural person and is the signed-in customer, the
    contract has begun (Berlin date, evaluated at query time) and does not stem from an
    occupational pension. Savings accounts show to each of their holders. Insured persons,
    beneficiaries and payers never see a contract. Source: first FAQ, "Was mache ich, wenn ein
    oder mehrere Verträge in der Vertragsübersicht fehlen?".
    """
    return _visible_if(Partner.customer_id == customer_id, today=today, policy=policy)


def visible_to_somebody(*, today: date, policy: Policy) -> ColumnElement[bool]:
    """Return the condition under which a contract shows to at least one customer."""
    return _visible_if(Partner.customer_id.is_not(None), today=today, policy=policy)


def _visible_if(
    holder: ColumnElement[bool], *, today: date, policy: Policy
) -> ColumnElement[bool]:
    held = select(Partner.contract_id, Partner.role).where(
        holder,
        Partner.role.in_((PartyRole.POLICYHOLDER, PartyRole.ACCOUNT_HOLDER)),
        _is_natural_person(today=today, policy=policy),
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
        _has_begun(today),
        Contract.origin != ContractOrigin.OCCUPATIONAL_PENSION,
        or_(Contract.kind != ContractKind.INSURANCE, ~several),
    )


def _has_begun(today: date) -> ColumnElement[bool]:
    # An account without an opening date exists; an insurance without a start date may lie ahead.
    return or_(
        Contract.start_date <= today,
        and_(Contract.start_date.is_(None), Contract.kind != ContractKind.INSURANCE),
    )


def _is_natural_person(*, today: date, policy: Policy) -> ColumnElement[bool]:
    natural = [Salutation(code) for code in policy.contracts.natural_salutations.on(today)]
    return and_(
        Partner.is_legal_entity.is_(False),
        or_(
            Partner.salutation.in_(natural),
            and_(Partner.salutation == Salutation.NONE, Partner.birth_date.is_not(None)),
        ),
    )
