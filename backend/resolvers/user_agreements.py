"""Resolve the user agreement and its end: withdrawal and deletion of the user account."""

from backend.context import Info
from backend.resolvers.approvals import ApprovalRequired
from backend.services import agreement_withdrawal, self_service_deletion
from backend.services.agreement_withdrawal import AgreementWithdrawn, UserAgreement
from backend.services.self_service_deletion import DeletionPreview


async def get_agreement(info: Info) -> UserAgreement:
    """Return the viewer's agreement."""
    context = info.context
    async with context.transaction() as session:
        return await agreement_withdrawal.find_agreement(
            session, user_account_id=context.signed_in.id, clock=context.house.clock
        )


async def preview_deletion(info: Info) -> DeletionPreview:
    """Say what a deletion would delete and lock."""
    context = info.context
    async with context.transaction() as session:
        return await self_service_deletion.preview_deletion(
            session,
            customer_id=context.signed_in.customer_id,
            policy=context.house.policy,
            today=context.today,
        )


async def delete_user_account(info: Info) -> ApprovalRequired:
    """Ask for the approval to delete the user account."""
    context = info.context
    return ApprovalRequired(
        await self_service_deletion.request_deletion(
            context.house, viewer=context.signed_in, locale=context.locale
        )
    )


async def withdraw_from_agreement(info: Info) -> AgreementWithdrawn:
    """Receive the withdrawal; nobody is signed in afterwards."""
    context = info.context
    withdrawn = await agreement_withdrawal.withdraw_from_agreement(
        context.house, viewer=context.signed_in
    )
    context.session_change.issued_token = None
    context.session_change.is_ended = True
    return withdrawn
