"""Resolve which browsers show notices."""

import base64
from collections.abc import Sequence
from typing import Annotated

import strawberry

from backend.context import Info
from backend.ids import decode_filter_id, encode_id
from backend.models.push_subscriptions import PushSubscription
from backend.services import push_subscriptions
from backend.values import Value

Endpoint = Annotated[
    str, strawberry.argument(description="Its address at the push service, as the browser says.")
]
P256dh = Annotated[str, strawberry.argument(description="Its public key for messages, base64url.")]
Auth = Annotated[str, strawberry.argument(description="Its secret for messages, base64url.")]


class PushUnsubscribed(Value):
    """A browser shows no notices any more."""

    subscriptions: Sequence[PushSubscription]


async def push_key(info: Info) -> str | None:
    """Return what a browser subscribes with, if the portal sends to any push service."""
    push = info.context.house.push
    if not push.is_offered:
        return None
    return base64.urlsafe_b64encode(await push.public_key()).decode().rstrip("=")


async def list_subscriptions(info: Info) -> Sequence[PushSubscription]:
    """List the browsers that show the viewer's notices."""
    async with info.context.transaction() as session:
        return await push_subscriptions.list_subscriptions(
            session, user_account_id=info.context.signed_in.id
        )


async def subscribe_to_push(
    info: Info, endpoint: Endpoint, p256dh: P256dh, auth: Auth
) -> PushSubscription:
    """Show notices in this session's browser."""
    context = info.context
    async with context.transaction() as session:
        return await push_subscriptions.subscribe(
            session,
            context.house,
            viewer=context.signed_in,
            endpoint=endpoint,
            p256dh=p256dh,
            auth=auth,
        )


async def unsubscribe_from_push(
    info: Info,
    subscription: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
) -> PushUnsubscribed:
    """End the notices in a browser; return those that are left."""
    viewer = info.context.signed_in
    async with info.context.transaction() as session:
        # Nobody's id is as good as one that was ended: no row has it.
        row_id = decode_filter_id(subscription, "PushSubscription") or 0
        await push_subscriptions.unsubscribe(session, viewer=viewer, subscription_id=row_id)
        return PushUnsubscribed(
            await push_subscriptions.list_subscriptions(session, user_account_id=viewer.id)
        )


def id_of_subscription(root: strawberry.Parent[PushSubscription]) -> strawberry.ID:
    """Return the opaque id of a subscription."""
    return strawberry.ID(encode_id("PushSubscription", root.id))


def is_current(root: strawberry.Parent[PushSubscription], info: Info) -> bool:
    """Tell the browser of this session from the others."""
    return root.user_session_id == info.context.signed_in.session_id
