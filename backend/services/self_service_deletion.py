"""Deleting one's own user account: what would go and stay, the approval, and its execution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict
from sqlalchemy import func, select

from backend import database
from backend.clock import berlin_today
from backend.models.deletions import DeletionReason
from backend.models.documents import Document
from backend.services.approval_operations import Execution, Operation, OperationInput
from backend.services.approvals import load_account_version, open_approval
from backend.services.customer_rows import find_own_contracts
from backend.services.deletion_rows import summarise
from backend.services.retention_rules import plan_retention
from backend.services.user_account_deletion import begin_deletion
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.user_accounts import Locale
    from backend.policy import Policy
    from backend.services.deletion_work import LockedRecords
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

CUSTOMER = "customer"


class LeavingCustomer(OperationInput, frozen=True, kw_only=True):
    """What goes and what stays, as the customer was told."""

    contracts: int
    documents: int
    locked: int


class DeletionPreview(Value):
    """What a deletion would delete and what it would lock, as of now."""

    contract_count: int
    document_count: int
    locked_records: Sequence[LockedRecords]


class UserAccountDeleted(Value):
    """The user account is gone; the certificate is on its way."""

    email_address: str


async def preview_deletion(
    session: AsyncSession, *, customer_id: int, policy: Policy, today: date
) -> DeletionPreview:
    """Say what would be deleted, and what the law keeps locked until when (X13)."""
    documents = await session.scalar(
        select(func.count())
        .select_from(Document)
        .where(Document.customer_id == customer_id, Document.is_paper_only.is_(False))
    )
    retained = await plan_retention(session, [customer_id], policy=policy, today=today)
    return DeletionPreview(
        contract_count=len(await find_own_contracts(session, [customer_id])),
        document_count=documents or 0,
        locked_records=await summarise(session, retained),
    )


async def request_deletion(house: SignInHouse, *, viewer: Viewer, locale: Locale) -> Approval:
    """Ask for the approval to delete the viewer's user account (F6, X).

    Raises:
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
    """
    async with database.reading(house.sessions) as session:
        preview = await preview_deletion(
            session,
            customer_id=viewer.customer_id,
            policy=house.policy,
            today=berlin_today(house.clock),
        )
    given = LeavingCustomer(
        contracts=preview.contract_count,
        documents=preview.document_count,
        locked=len(preview.locked_records),
    )
    return await open_approval(house, DELETE_USER_ACCOUNT, given, viewer=viewer, locale=locale)


async def _delete(
    session: AsyncSession, execution: Execution[LeavingCustomer]
) -> UserAccountDeleted:
    addressee = await begin_deletion(
        session,
        execution.house,
        customer_id=execution.viewer.customer_id,
        reason=DeletionReason.SELF_SERVICE,
        actor=CUSTOMER,
    )
    return UserAccountDeleted(addressee.email_address)


DELETE_USER_ACCOUNT = Operation(
    name="delete_user_account",
    input_type=LeavingCustomer,
    summary_values=asdict,
    load_version=load_account_version,
    execute=_delete,
)
