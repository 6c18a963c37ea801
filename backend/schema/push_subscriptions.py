"""GraphQL types of notices in browsers."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import push_subscriptions as models
from backend.resolvers import push_subscriptions as resolvers
from backend.schema.fields import attribute, computed, mutation, represents
from backend.schema.refusals import InvalidInput, NotSignedIn


@strawberry.type(
    description="A browser that shows notices, which say nothing but that there is news. It ends "
    "with the session in which it last asked for it, unless that one merely expires."
)
class PushSubscription:
    id: strawberry.ID = computed(SIGNED_IN, resolvers.id_of_subscription, "Opaque id.")
    device_name: str | None = attribute(
        SIGNED_IN, "Browser and system, as the browser calls itself; null if it does not say."
    )
    created_at: datetime = attribute(SIGNED_IN, "When it was asked for first.")
    is_current: bool = computed(
        SIGNED_IN, resolvers.is_current, "Whether it is the browser of this session."
    )

    is_type_of = represents(models.PushSubscription)


@strawberry.type(description="A browser shows no notices any more.")
class PushUnsubscribed:
    subscriptions: list[PushSubscription] = attribute(SIGNED_IN, "Browsers that still do.")

    is_type_of = represents(resolvers.PushUnsubscribed)


SubscribeToPushResult = Annotated[
    PushSubscription | InvalidInput | NotSignedIn,
    strawberry.union(
        "SubscribeToPushResult", description="The subscription, or why it was refused."
    ),
]
UnsubscribeFromPushResult = Annotated[
    PushUnsubscribed | NotSignedIn,
    strawberry.union(
        "UnsubscribeFromPushResult", description="What is left, or why it was refused."
    ),
]


@strawberry.type
class PushMutations:
    subscribe_to_push: SubscribeToPushResult = mutation(
        SIGNED_IN,
        resolvers.subscribe_to_push,
        "Show notices in the browser of this session, too; asking again gives the same answer.",
    )
    unsubscribe_from_push: UnsubscribeFromPushResult = mutation(
        SIGNED_IN,
        resolvers.unsubscribe_from_push,
        "Show notices in a browser no more; done twice, or for none of the viewer's, it is done.",
    )
