"""GraphQL types of sessions and of the security log."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import security_events as event_models
from backend.models import sign_in as models
from backend.paging import Page
from backend.resolvers import user_sessions as resolvers
from backend.schema.fields import attribute, command, field, mutation, represents
from backend.schema.nodes import PageInfo
from backend.schema.refusals import NotFound, NotSignedIn


@strawberry.type(description="A place where the viewer is signed in.")
class UserSession:
    id: strawberry.ID = field(SIGNED_IN, resolvers.id_of_session, "Opaque id.")
    device_name: str | None = attribute(
        SIGNED_IN, "Browser and system, as the browser calls itself; null if it does not say."
    )
    signed_in_at: datetime = attribute(SIGNED_IN, "When it began.")
    last_used_at: datetime = attribute(SIGNED_IN, "When it was last used, to half a minute.")
    is_current: bool = field(SIGNED_IN, resolvers.is_current, "Whether it is this one.")

    is_type_of = represents(models.UserSession)


@strawberry.type(description="All other sessions have ended.")
class SessionsEnded:
    ended_count: int = attribute(SIGNED_IN, "How many they were.")

    is_type_of = represents(resolvers.SessionsEnded)


@strawberry.type(description="Something that happened to the security of the user account.")
class SecurityEvent:
    kind: event_models.SecurityEventKind = attribute(SIGNED_IN, "What happened.")
    occurred_at: datetime = attribute(SIGNED_IN, "When.")
    device_name: str | None = attribute(SIGNED_IN, "From which browser and system, if known.")
    detail: str | None = attribute(
        SIGNED_IN, "More about it: a passkey's name, what was approved, which device was ended."
    )

    is_type_of = represents(event_models.SecurityEvent)


@strawberry.type(description="A security event in a list.")
class SecurityEventEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: SecurityEvent = attribute(SIGNED_IN, "The event.")


@strawberry.type(description="A page of security events.")
class SecurityEventConnection:
    edges: list[SecurityEventEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[SecurityEvent] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many there are in all.")

    is_type_of = represents(Page)


EndSessionResult = Annotated[
    UserSession | NotFound | NotSignedIn,
    strawberry.union("EndSessionResult", description="The session that has ended, or a refusal."),
]
EndOtherSessionsResult = Annotated[
    SessionsEnded | NotSignedIn,
    strawberry.union("EndOtherSessionsResult", description="How many have ended, or a refusal."),
]


@strawberry.type
class UserSessionMutations:
    end_session: EndSessionResult = mutation(
        SIGNED_IN, resolvers.end_session, "End one of the viewer's sessions at once."
    )
    end_other_sessions: EndOtherSessionsResult = command(
        SIGNED_IN, resolvers.end_other_sessions, "End every session of the viewer but this one."
    )
