"""What of a customer's contracts ends soon, while something can still be done about it (F68)."""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from backend.models.bank_accounts import MandateStatus, SepaMandate
from backend.models.contracts import Contract, ContractStatus, FixedTermDeposit
from backend.services.bank_accounts import load_direct_debits_of
from backend.services.contract_visibility import IS_VISIBLE, visibility_of
from backend.services.contracts import list_savings_products
from backend.values import Value

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy

_DEBITED = (
    select(Contract)
    .where(
        IS_VISIBLE,
        Contract.status == ContractStatus.ACTIVE,
        exists().where(
            SepaMandate.contract_id == Contract.id,
            SepaMandate.status == MandateStatus.ACTIVE,
            SepaMandate.ended_on.is_(None),
        ),
    )
    .order_by(Contract.id)
)


class EndingKind(enum.Enum):
    """What of a contract ends."""

    DIRECT_DEBIT_MANDATE = "direct_debit_mandate"
    FIXED_TERM_DEPOSIT = "fixed_term_deposit"


class Ending(Value):
    """Something that ends by itself: its last day, and the contract that it belongs to."""

    kind: EndingKind
    contract: Contract
    ends_on: date


async def list_endings(
    session: AsyncSession, *, customer_id: int, today: date, policy: Policy
) -> list[Ending]:
    """Return what ends within the days of the policy, the next first; what has ended is over.

    Direct debit mandates that lapse unless they are used, and deposits that mature.
    """
    rules = policy.endings
    mandates_until = today + timedelta(days=rules.mandate_days.on(today))
    deposits_until = today + timedelta(days=rules.deposit_days.on(today))
    values = visibility_of(customer_id, today=today, policy=policy)
    debited = {one.id: one for one in await session.scalars(_DEBITED, values)}
    debits = await load_direct_debits_of(session, list(debited), today=today, policy=policy)
    endings = [
        Ending(EndingKind.DIRECT_DEBIT_MANDATE, debited[contract_id], debit.ends_on)
        for contract_id, debit in debits.items()
        if debit.ends_on is not None and debit.ends_on <= mandates_until
    ]
    savings = await list_savings_products(
        session, customer_id=customer_id, today=today, policy=policy
    )
    endings += [
        Ending(EndingKind.FIXED_TERM_DEPOSIT, one, one.maturity_date)
        for one in savings
        if isinstance(one, FixedTermDeposit)
        and one.maturity_date is not None
        and today <= one.maturity_date <= deposits_until
    ]
    return sorted(endings, key=lambda one: (one.ends_on, one.contract.id))
