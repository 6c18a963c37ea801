"""Contracts of the viewer: lists, single ones, and what hangs on them, loaded in batches."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, or_, select, tuple_

from backend.folding import contains, search_term
from backend.models.contracts import (
    Contract,
    ContractKind,
    ContractStatus,
    InsuranceContract,
    Partner,
    PartyRole,
    PaymentFrequency,
    SavingsProduct,
)
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.services.contract_visibility import IS_VISIBLE, visibility_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy

_MONTHS_BETWEEN = {
    PaymentFrequency.MONTHLY: 1,
    PaymentFrequency.QUARTERLY: 3,
    PaymentFrequency.HALF_YEARLY: 6,
    PaymentFrequency.YEARLY: 12,
}

_VISIBLE = select(Contract).where(IS_VISIBLE)
_ONE = _VISIBLE.where(Contract.id == bindparam("id"))
_SOME = _VISIBLE.where(Contract.id.in_(bindparam("ids", expanding=True)))
_SAVINGS = select(SavingsProduct).where(IS_VISIBLE).order_by(SavingsProduct.id)
_NAMED = (
    select(Partner)
    .where(
        Partner.contract_id.in_(bindparam("contract_ids", expanding=True)),
        Partner.role == bindparam("role", type_=Partner.role.type),
    )
    .order_by(Partner.sequence)
)


async def list_contracts(  # noqa: PLR0913  # conditions and place of a page, all by name
    session: AsyncSession,
    *,
    customer_id: int,
    today: date,
    policy: Policy,
    kinds: Sequence[ContractKind] | None = None,
    institution_id: int | None = None,
    search: str | None = None,
    first: int,
    after: str | None = None,
) -> Page[Contract]:
    """Return the customer's visible contracts (F39), by institution, then number.

    `search` looks in number and product name. A cursor stays valid while contracts come and go.
    """
    values = visibility_of(customer_id, today=today, policy=policy)
    matching = _VISIBLE
    # A customer has a handful of contracts to sort; a plain column would tempt a planner to walk
    # the whole table in the order of its unique index.
    place = tuple_(Contract.institution_id + 0, Contract.id)
    if kinds:
        matching = matching.where(Contract.kind.in_(kinds))
    if institution_id is not None:
        matching = matching.where(Contract.institution_id == institution_id)
    if term := search_term(search):
        matching = matching.where(
            or_(contains(Contract.number, term), contains(Contract.product_name, term))
        )
    counting = matching.with_only_columns(func.count(Contract.id))
    if after is not None:
        matching = matching.where(place > decode_cursor(after, int, int))
    first = clamp(first)
    rows = (await session.scalars(matching.order_by(*place.clauses).limit(first + 1), values)).all()
    if after is None and len(rows) <= first:
        total = len(rows)
    else:
        total = await session.scalar(counting, values) or 0
    return page_of(
        rows,
        first=first,
        total_count=total,
        key=lambda contract: (contract.institution_id, contract.id),
    )


async def find_contract(
    session: AsyncSession, *, customer_id: int, contract_id: int, today: date, policy: Policy
) -> Contract | None:
    """Return a contract by id if it is visible to the customer (F40); else None."""
    values = visibility_of(customer_id, today=today, policy=policy) | {"id": contract_id}
    return (await session.scalars(_ONE, values)).one_or_none()


async def load_visible_contracts(
    session: AsyncSession,
    contract_ids: Sequence[int],
    *,
    customer_id: int,
    today: date,
    policy: Policy,
) -> Mapping[int, Contract]:
    """Return those of the contracts that are visible to the customer (F40), by id."""
    values = visibility_of(customer_id, today=today, policy=policy) | {"ids": list(contract_ids)}
    return {contract.id: contract for contract in await session.scalars(_SOME, values)}


async def list_savings_products(
    session: AsyncSession, *, customer_id: int, today: date, policy: Policy
) -> Sequence[SavingsProduct]:
    """Return the customer's savings accounts and fixed-term deposits, joint ones included."""
    values = visibility_of(customer_id, today=today, policy=policy)
    return (await session.scalars(_SAVINGS, values)).all()


async def load_holders_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[int, list[str]]:
    """Return the names of the account holders by contract."""
    return await _names_of(session, contract_ids, PartyRole.ACCOUNT_HOLDER)


async def load_insured_persons_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[int, list[str]]:
    """Return the names of the insured persons by contract."""
    return await _names_of(session, contract_ids, PartyRole.INSURED)


async def _names_of(
    session: AsyncSession, contract_ids: Sequence[int], role: PartyRole
) -> Mapping[int, list[str]]:
    names: dict[int, list[str]] = {}
    values = {"contract_ids": list(contract_ids), "role": role}
    partners = await session.scalars(_NAMED, values)
    for partner in partners:
        names.setdefault(partner.contract_id, []).append(partner.display_name)
    return names


def next_due_date(contract: InsuranceContract, *, today: date) -> date | None:
    """Return the day of the next instalment, today included; None where none is to come."""
    if contract.status is not ContractStatus.ACTIVE:
        return None
    return next_instalment(
        contract.main_due_date, contract.payment_frequency, until=contract.end_date, today=today
    )


def next_instalment(
    due: date | None, frequency: PaymentFrequency | None, *, until: date | None, today: date
) -> date | None:
    """Return the first instalment from today on, counted from one that is known.

    In steps of the payment frequency; the known one may lie a year ahead or back. A day that a
    month lacks becomes its last (§ 192 BGB).
    """
    if due is None:
        return None
    months = _MONTHS_BETWEEN.get(frequency or PaymentFrequency.OTHER)
    if months is None:
        return due if due >= today else None
    apart = (today.year - due.year) * 12 + today.month - due.month
    steps = apart // months
    while (instalment := _months_later(due, steps * months)) < today:
        steps += 1
    return None if until is not None and instalment > until else instalment


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
