"""Bank accounts and mandates of contracts, loaded in batches."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from backend.models.bank_accounts import (
    BankAccount,
    BankAccountPurpose,
    MandateStatus,
    SepaMandate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy


_CURRENT_ACCOUNTS = (
    select(BankAccount)
    .where(
        BankAccount.contract_id.in_(bindparam("contract_ids", expanding=True)),
        BankAccount.purpose == bindparam("purpose", type_=BankAccount.purpose.type),
        BankAccount.valid_to.is_(None),
    )
    .order_by(BankAccount.valid_from, BankAccount.id)
)
_ACTIVE_MANDATES = (
    select(SepaMandate)
    .where(
        SepaMandate.contract_id.in_(bindparam("contract_ids", expanding=True)),
        SepaMandate.status == MandateStatus.ACTIVE,
    )
    .order_by(SepaMandate.signed_on, SepaMandate.id)
)


async def load_premium_accounts_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[int, BankAccount]:
    """Return the account from which each contract's premium is collected."""
    return await _current_accounts_of(session, contract_ids, BankAccountPurpose.PREMIUM)


async def load_payout_accounts_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[int, BankAccount]:
    """Return the account to which each savings account pays out (F67)."""
    return await _current_accounts_of(session, contract_ids, BankAccountPurpose.PAYOUT)


async def _current_accounts_of(
    session: AsyncSession, contract_ids: Sequence[int], purpose: BankAccountPurpose
) -> Mapping[int, BankAccount]:
    rows = await session.scalars(
        _CURRENT_ACCOUNTS, {"contract_ids": list(contract_ids), "purpose": purpose}
    )
    return {account.contract_id: account for account in rows}


async def load_active_mandates_of(
    session: AsyncSession, contract_ids: Sequence[int], *, today: date, policy: Policy
) -> Mapping[int, SepaMandate]:
    """Return each contract's active direct debit mandate; there may be none (F68).

    A mandate that was revoked, has expired or has lapsed is not active: it lapses when the months
    of the policy have passed since its last use, or since its signature if it was never used
    (SEPA Core Rulebook, 4.1). On the last day of that time it still holds.
    """
    rows = await session.scalars(_ACTIVE_MANDATES, {"contract_ids": list(contract_ids)})
    months = policy.mandate.lapses_after_months.on(today)
    return {
        mandate.contract_id: mandate for mandate in rows if _is_in_force(mandate, today, months)
    }


def _is_in_force(mandate: SepaMandate, today: date, months: int) -> bool:
    if mandate.expires_on is not None and mandate.expires_on < today:
        return False
    last_use = mandate.last_used_on or mandate.signed_on
    return last_use is None or last_use >= today or today <= _months_later(last_use, months)


def _months_later(day: date, months: int) -> date:
    """Return the day a number of months later; a shorter month ends the time (§ 188 III BGB)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
