"""GraphQL types for technical data and messages to the support desk."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import customers
from backend.models import support_requests as models
from backend.resolvers import support_requests as resolvers
from backend.schema.conversations import Conversation
from backend.schema.documents import Document
from backend.schema.fields import attribute, field, mutation, relation, represents
from backend.schema.institutions import Institution
from backend.schema.receipts import Receipt
from backend.schema.refusals import (
    Conflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
)
from backend.schema.support_refusals import SupportUnavailable
from backend.services.conversations import load_conversations
from backend.services.institutions import load_institutions
from backend.services.receipts import load_receipts


@strawberry.type(description="The number under which an institution knows the viewer.")
class CustomerNumber:
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Which institution.", key="institution_id"
    )
    number: str = attribute(SIGNED_IN, "The number.")

    is_type_of = represents(customers.CustomerNumber)


@strawberry.type(
    description="What the portal knows of the viewer's numbers, device and connection: to be "
    "shown, and sent to the support desk only by whoever looked at it and wants to."
)
class Diagnostics:
    customer_numbers: list[CustomerNumber] = attribute(SIGNED_IN, "By institution.")
    device_name: str | None = attribute(
        SIGNED_IN, "Browser and system as the portal recognises them; null for unknown ones."
    )
    network: str | None = attribute(
        SIGNED_IN, "Where the request came from, coarse: an IPv4 /24 or IPv6 /48."
    )
    portal_version: str = attribute(SIGNED_IN, "Version of the portal.")
    checked_at: datetime = attribute(SIGNED_IN, "The portal's time.")


@strawberry.type(description="A message of the viewer to the support desk; it never changes.")
class SupportRequest:
    conversation: Conversation = relation(
        SIGNED_IN, load_conversations, "Where it stands and is answered.", key="conversation_id"
    )
    diagnostics: Document | None = field(
        SIGNED_IN, resolvers.diagnostics_of, "The technical data that went along, if any."
    )
    receipt: Receipt = relation(
        SIGNED_IN, load_receipts, "The proof of message and technical data.", key="receipt_id"
    )

    is_type_of = represents(models.SupportRequest)


SendSupportRequestResult = Annotated[
    SupportRequest
    | SupportUnavailable
    | InvalidInput
    | Conflict
    | TooManyAttempts
    | NotFound
    | NotSignedIn,
    strawberry.union("SendSupportRequestResult", description="The message, or why it was refused."),
]


@strawberry.type
class SupportRequestMutations:
    send_support_request: SendSupportRequestResult = mutation(
        SIGNED_IN,
        resolvers.send_support_request,
        "Write to the support desk, once per idempotency key.",
    )
