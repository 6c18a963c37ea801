"""GraphQL types of passkeys and how a signed-in customer adds one."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.models import user_accounts as models
from backend.resolvers import passkeys as resolvers
from backend.schema.approvals import ApprovalRequired
from backend.schema.fields import attribute, command, mutation, represents
from backend.schema.nodes import Node, node_id
from backend.schema.refusals import (
    ApprovalMethodUnavailable,
    InvalidInput,
    NotSignedIn,
    PasskeyRefused,
    TooManyAttempts,
)
from backend.services import passkeys


@strawberry.type(description="A passkey of the viewer's user account.")
class Passkey(Node):
    id: strawberry.ID = node_id("Passkey")
    name: str = attribute(SIGNED_IN, "How the customer calls it.")
    created_at: datetime = attribute(SIGNED_IN, "When it was added.")
    last_used_at: datetime | None = attribute(SIGNED_IN, "When it last signed in.")
    is_synced: bool = attribute(
        SIGNED_IN, "Whether it may exist on several devices; it then proves the person only."
    )

    is_type_of = represents(models.Passkey)


@strawberry.type(description="What to ask a passkey.")
class PasskeyChallenge:
    challenge: str = attribute(PUBLIC, "Hand it back with the answer; good once.")
    options: str = attribute(PUBLIC, "PublicKeyCredential options as JSON (WebAuthn Level 3).")

    is_type_of = represents(passkeys.PasskeyChallenge)


StartPasskeyRegistrationResult = Annotated[
    PasskeyChallenge | ApprovalRequired | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union(
        "StartPasskeyRegistrationResult",
        description="What to approve, the challenge right after registering, or a refusal.",
    ),
]
AddPasskeyResult = Annotated[
    Passkey | PasskeyRefused | InvalidInput | NotSignedIn,
    strawberry.union("AddPasskeyResult", description="The new passkey, or a refusal."),
]


@strawberry.type
class PasskeyMutations:
    start_passkey_registration: StartPasskeyRegistrationResult = command(
        SIGNED_IN,
        resolvers.start_passkey_registration,
        "Ask for a challenge to add a passkey to the viewer's user account; it has to be approved, "
        "except for the first one right after registering.",
    )
    add_passkey: AddPasskeyResult = mutation(
        SIGNED_IN, resolvers.add_passkey, "Add a passkey to the viewer's user account."
    )
