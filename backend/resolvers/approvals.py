"""Resolve approvals: the means to give one, and giving it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from backend.clock import berlin_today
from backend.context import Context, Info
from backend.ids import decode_id
from backend.models.approvals import Approval
from backend.models.receipts import Receipt
from backend.resolvers.sign_in import Credential, SessionTransport, Transport
from backend.services import approval_requests, approvals, approving
from backend.services.sessions import Viewer
from backend.values import Value


class ApprovalRequired(Value):
    """The operation is stored and waits."""

    approval: Approval


class ApprovalTanSent(Value):
    """A TAN that names the operation is on its way."""

    approval: Approval
    masked_phone_number: str
    expires_at: datetime


class ApprovalPasskeyOptions(Value):
    """What to ask a passkey, as JSON."""

    options: str


class Approved(Value):
    """What the stored operation came to; the session goes on under a new token."""

    outcome: object
    receipt: Receipt
    viewer: Viewer
    bearer_token: str | None


Which = Annotated[strawberry.ID, strawberry.argument(description="The approval's id.")]


async def list_pending_approvals(info: Info) -> Sequence[Approval]:
    """List what this session still waits to approve."""
    context = info.context
    house = context.house
    async with context.transaction() as session:
        return await approvals.list_pending_approvals(
            session,
            viewer=context.signed_in,
            clock=house.clock,
            attempts=house.policy.sign_in.tan_attempts.on(berlin_today(house.clock)),
        )


async def request_approval_tan(info: Info, approval: Which) -> ApprovalTanSent:
    """Send a TAN."""
    context = info.context
    viewer = context.signed_in
    found = await approval_requests.request_tan(
        context.house, viewer=viewer, approval_id=decode_id(approval, "Approval")
    )
    return ApprovalTanSent(found, viewer.masked_phone_number, found.expires_at)


async def approval_passkey_options(info: Info, approval: Which) -> ApprovalPasskeyOptions:
    """Ask for a passkey's signature."""
    options = await approval_requests.start_passkey_approval(
        info.context.house,
        viewer=info.context.signed_in,
        approval_id=decode_id(approval, "Approval"),
    )
    return ApprovalPasskeyOptions(options)


async def approve_with_tan(
    info: Info,
    approval: Which,
    tan: Annotated[str, strawberry.argument(description="The digits of the short message.")],
    transport: Transport = SessionTransport.COOKIE,
) -> Approved:
    """Compare the TAN and execute the stored operation."""
    approved = await approving.approve_with_tan(
        info.context.house,
        viewer=info.context.signed_in,
        approval_id=decode_id(approval, "Approval"),
        tan=tan,
    )
    return _carry(info.context, approved, transport)


async def approve_with_passkey(
    info: Info,
    approval: Which,
    credential: Credential,
    transport: Transport = SessionTransport.COOKIE,
) -> Approved:
    """Verify the signature and execute the stored operation."""
    approved = await approving.approve_with_passkey(
        info.context.house,
        viewer=info.context.signed_in,
        approval_id=decode_id(approval, "Approval"),
        credential=credential,
    )
    return _carry(info.context, approved, transport)


def _carry(context: Context, approved: approving.Approved, transport: SessionTransport) -> Approved:
    """Hand the session's new token over the way the client carries it; none if it has ended."""
    if approved.token is None:
        context.session_change.is_ended = True
        return Approved(approved.outcome, approved.receipt, context.signed_in, None)
    match transport:
        case SessionTransport.COOKIE:
            context.session_change.issued_token = approved.token
            bearer_token = None
        case SessionTransport.BEARER:
            bearer_token = approved.token
    return Approved(approved.outcome, approved.receipt, context.signed_in, bearer_token)
