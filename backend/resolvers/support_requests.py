"""Resolve technical data and messages to the support desk."""

from typing import Annotated

import strawberry

from backend.context import Info
from backend.models.documents import Document
from backend.models.support_requests import SupportRequest
from backend.resolvers.conversations import find_letter
from backend.services import support_requests
from backend.services.sessions import Viewer
from backend.services.support_requests import Diagnostics


async def describe_diagnostics(root: strawberry.Parent[Viewer], info: Info) -> Diagnostics:
    """Describe what the portal knows of the viewer's numbers, device and connection."""
    context = info.context
    async with context.transaction() as session:
        return await support_requests.describe_diagnostics(
            session,
            customer_id=root.customer_id,
            client_address=context.client_address,
            now=context.house.clock.now(),
        )


async def diagnostics_of(root: strawberry.Parent[SupportRequest], info: Info) -> Document | None:
    """Return the technical data that were sent along."""
    if root.document_id is None:
        return None
    async with info.context.transaction() as session:
        return await find_letter(session, info.context, root.document_id)


async def send_support_request(
    info: Info,
    text: Annotated[
        str,
        strawberry.argument(description="What to say, as plain text; at most 5,000 characters."),
    ],
    idempotency_key: Annotated[
        str,
        strawberry.argument(
            description="Made by the client for this message, such as a UUID: sending it again "
            "under the same key sends nothing twice and answers the same."
        ),
    ],
    diagnostics: Annotated[
        str | None,
        strawberry.argument(
            description="Technical data to send along, as plain text, exactly as the customer saw "
            "them and agreed to: stored byte for byte. At most 8,000 characters; null: none."
        ),
    ] = None,
) -> SupportRequest:
    """Send a message to the support desk."""
    return await support_requests.send_support_request(
        info.context.house,
        viewer=info.context.signed_in,
        draft=support_requests.SupportDraft(
            text=text, diagnostics=diagnostics, key=idempotency_key
        ),
    )
