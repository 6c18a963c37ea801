"""What an institution's answer means for a bank account that a customer changed (F88, F124)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from backend.models.bank_accounts import (
    BankAccount,
    BankAccountState,
    MandateStatus,
    SepaMandate,
)
from backend.services.bank_account_records import lock_contracts
from backend.services.bank_accounts import load_standing_accounts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.submissions import Submission
    from backend.services.submissions import SubmittingHouse


async def confirm_bank_account(
    session: AsyncSession, _house: SubmittingHouse, submission: Submission
) -> None:
    """Note that the institution has the new account."""
    await session.execute(
        update(BankAccount)
        .where(
            BankAccount.change_uid == submission.uid,
            BankAccount.state == BankAccountState.PENDING,
        )
        .values(state=BankAccountState.CONFIRMED)
    )


async def refuse_bank_account(
    session: AsyncSession, _house: SubmittingHouse, submission: Submission, reason: str
) -> None:
    """Mark the change as refused, with the reason, and restore what held before (F88, F124).

    All contracts of the change are refused together. The row stays in the history; the account
    before holds again for as long as the refused one would have, and so does its mandate unless a
    later change has settled that.
    """
    statement = select(BankAccount).where(
        BankAccount.change_uid == submission.uid, BankAccount.state == BankAccountState.PENDING
    )
    contract_ids = sorted({row.contract_id for row in await session.scalars(statement)})
    await lock_contracts(session, contract_ids)
    standing = await load_standing_accounts_of(session, contract_ids)
    # Again, now that nobody else changes them.
    for row in (await session.scalars(statement.execution_options(populate_existing=True))).all():
        others = [one for one in standing[row.contract_id, row.purpose] if one.id != row.id]
        row.state = BankAccountState.REFUSED
        row.refused_because = reason
        _restore_account(row, others)
        await _restore_mandate(session, row, others)


def _restore_account(refused: BankAccount, others: Sequence[BankAccount]) -> None:
    earlier = [one for one in others if one.version < refused.version]
    if earlier and earlier[-1].valid_to == refused.valid_from:
        earlier[-1].valid_to = refused.valid_to


async def _restore_mandate(
    session: AsyncSession, refused: BankAccount, others: Sequence[BankAccount]
) -> None:
    uid = refused.change_uid
    of_contract = SepaMandate.contract_id == refused.contract_id
    if not any(one.mandate_id == refused.mandate_id for one in others):
        await session.execute(
            update(SepaMandate)
            .where(of_contract, SepaMandate.change_uid == uid)
            .values(status=MandateStatus.REVOKED)
        )
    if not any(one.version > refused.version for one in others):
        await session.execute(
            update(SepaMandate)
            .where(of_contract, SepaMandate.ended_by == uid)
            .values(ended_on=None, ended_by=None)
        )
