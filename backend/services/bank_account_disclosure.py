"""Bank accounts in full: masked everywhere, shown once to whoever approves by passkey (F124)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.clock import berlin_today
from backend.models.approvals import ApprovalMethod
from backend.models.bank_accounts import BankAccount
from backend.models.contracts import Contract
from backend.services.approval_operations import Execution, Operation, OperationInput
from backend.services.approvals import load_account_version, open_approval
from backend.services.contract_visibility import IS_VISIBLE, visibility_of
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.user_accounts import Locale
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

_ALL_ON_FILE = (
    select(BankAccount)
    .join(Contract, Contract.id == BankAccount.contract_id)
    .where(IS_VISIBLE)
    .order_by(BankAccount.id)
)


class AllBankAccounts(OperationInput, frozen=True, kw_only=True):
    """Every bank account ever on file in the contracts of the customer; there is nothing to say."""


class BankAccountsShown(Value):
    """Full IBANs, for this one answer; a client hides them again at `hide_at`."""

    accounts: Sequence[BankAccount]
    hide_at: datetime


async def request_bank_accounts(house: SignInHouse, *, viewer: Viewer, locale: Locale) -> Approval:
    """Ask for the passkey that shows the full IBANs once (F124, decision 0027).

    Raises:
        ApprovalMethodUnavailableError: the user account has no passkey.
        TooManyAttemptsError: too many approvals.
    """
    return await open_approval(
        house, SHOW_BANK_ACCOUNTS, AllBankAccounts(), viewer=viewer, locale=locale
    )


async def _show(session: AsyncSession, execution: Execution[AllBankAccounts]) -> BankAccountsShown:
    house = execution.house
    today = berlin_today(house.clock)
    values = visibility_of(execution.viewer.customer_id, today=today, policy=house.policy)
    minutes = house.policy.bank_accounts.shown_minutes.on(today)
    rows = await session.scalars(_ALL_ON_FILE, values)
    return BankAccountsShown(rows.all(), house.clock.now() + timedelta(minutes=minutes))


SHOW_BANK_ACCOUNTS = Operation(
    name="show_bank_accounts",
    input_type=AllBankAccounts,
    summary_values=lambda _: {},
    load_version=load_account_version,
    execute=_show,
    # Whoever found an open session and the phone beside it reads no account numbers.
    methods=frozenset({ApprovalMethod.PASSKEY}),
)
