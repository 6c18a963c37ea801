"""GraphQL types of approvals that both the viewer and the sensitive mutations show."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.ids import encode_id
from backend.models import approvals as models
from backend.resolvers import approvals as resolvers
from backend.schema.fields import attribute, field, mutation, represents
from backend.schema.refusals import (
    ApprovalExpired,
    ApprovalMethodUnavailable,
    ApprovalUsedUp,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
)


async def _id_of(root: strawberry.Parent[models.Approval]) -> strawberry.ID:
    return strawberry.ID(encode_id("Approval", root.id))


@strawberry.type(
    description=(
        "An operation that waits for the viewer's approval. It is stored: exactly this will be "
        "executed, once, and only from the session that asked for it."
    )
)
class Approval:
    id: strawberry.ID = field(SIGNED_IN, _id_of, "Opaque id.")
    summary: str = attribute(SIGNED_IN, "What will be done, with its essential data.")
    methods: list[models.ApprovalMethod] = attribute(
        SIGNED_IN, "How it can be approved, the better way first."
    )
    expires_at: datetime = attribute(SIGNED_IN, "Until when it can be approved.")

    is_type_of = represents(models.Approval)


@strawberry.type(description="Nothing is done yet: the viewer has to approve it first.")
class ApprovalRequired:
    approval: Approval = attribute(SIGNED_IN, "What is to be approved.")

    is_type_of = represents(resolvers.ApprovalRequired)


@strawberry.type(description="A TAN is on its way; the short message names the operation.")
class ApprovalTanSent:
    approval: Approval = attribute(SIGNED_IN, "What it approves.")
    masked_phone_number: str = attribute(SIGNED_IN, "Where it went, mostly hidden.")
    expires_at: datetime = attribute(SIGNED_IN, "Until when it is good.")

    is_type_of = represents(resolvers.ApprovalTanSent)


@strawberry.type(description="What to ask a passkey.")
class ApprovalPasskeyOptions:
    options: str = attribute(
        SIGNED_IN,
        "PublicKeyCredential request options as JSON; the challenge is a hash of the operation.",
    )

    is_type_of = represents(resolvers.ApprovalPasskeyOptions)


RequestApprovalTanResult = Annotated[
    ApprovalTanSent
    | ApprovalExpired
    | ApprovalUsedUp
    | ApprovalMethodUnavailable
    | NotFound
    | TooManyAttempts
    | NotSignedIn,
    strawberry.union("RequestApprovalTanResult", description="A TAN was sent, or a refusal."),
]
ApprovalPasskeyOptionsResult = Annotated[
    ApprovalPasskeyOptions
    | ApprovalExpired
    | ApprovalUsedUp
    | ApprovalMethodUnavailable
    | NotFound
    | NotSignedIn,
    strawberry.union("ApprovalPasskeyOptionsResult", description="Options, or a refusal."),
]


@strawberry.type
class ApprovalRequests:
    request_approval_tan: RequestApprovalTanResult = mutation(
        SIGNED_IN,
        resolvers.request_approval_tan,
        "Send a TAN for an approval to the account's phone; the last one sent counts.",
    )
    approval_passkey_options: ApprovalPasskeyOptionsResult = mutation(
        SIGNED_IN,
        resolvers.approval_passkey_options,
        "Ask for a challenge to approve with a passkey; it is good once.",
    )
