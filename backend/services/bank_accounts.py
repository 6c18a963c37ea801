"""Bank accounts and mandates of contracts, loaded in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.bank_accounts import (
    BankAccount,
    BankAccountPurpose,
    MandateStatus,
    SepaMandate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession


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
        select(BankAccount)
        .where(
            BankAccount.contract_id.in_(contract_ids),
            BankAccount.purpose == purpose,
            BankAccount.valid_to.is_(None),
        )
        .order_by(BankAccount.valid_from, BankAccount.id)
    )
    return {account.contract_id: account for account in rows}


async def load_active_mandates_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[int, SepaMandate]:
    """Return each contract's active direct debit mandate; there may be none (F68)."""
    rows = await session.scalars(
        select(SepaMandate)
        .where(
            SepaMandate.contract_id.in_(contract_ids),
            SepaMandate.status == MandateStatus.ACTIVE,
        )
        .order_by(SepaMandate.signed_on, SepaMandate.id)
    )
    return {mandate.contract_id: mandate for mandate in rows}
