"""Resolve the viewer's sessions and the security log."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from backend.context import Info
from backend.ids import decode_id, encode_id
from backend.models.security_events import SecurityEvent
from backend.models.sign_in import UserSession
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import security_events, user_sessions
from backend.values import Value


class SessionsEnded(Value):
    """All other sessions have ended."""

    ended_count: int


async def list_sessions(info: Info) -> Sequence[UserSession]:
    """List where the viewer is signed in."""
    context = info.context
    async with context.transaction() as session:
        return await user_sessions.list_sessions(
            session,
            user_account_id=context.signed_in.id,
            clock=context.house.clock,
            policy=context.house.policy,
        )


async def id_of_session(root: strawberry.Parent[UserSession]) -> strawberry.ID:
    """Return the opaque id of a session."""
    return strawberry.ID(encode_id("UserSession", root.id))


async def is_current(root: strawberry.Parent[UserSession], info: Info) -> bool:
    """Tell this session from the others."""
    return root.id == info.context.signed_in.session_id


async def end_session(
    info: Info, session: Annotated[strawberry.ID, strawberry.argument(description="Which one.")]
) -> UserSession:
    """End a session; the browser forgets its cookie if it is this one."""
    context = info.context
    async with context.transaction() as transaction:
        ended = await user_sessions.end_session_of(
            transaction,
            viewer=context.signed_in,
            session_id=decode_id(session, "UserSession"),
            clock=context.house.clock,
            policy=context.house.policy,
        )
    context.session_change.is_ended = ended.id == context.signed_in.session_id
    return ended


async def end_other_sessions(info: Info) -> SessionsEnded:
    """End every session but this one."""
    context = info.context
    async with context.transaction() as transaction:
        return SessionsEnded(
            await user_sessions.end_sessions_beside(
                transaction,
                viewer=context.signed_in,
                clock=context.house.clock,
                policy=context.house.policy,
            )
        )


async def list_security_events(
    info: Info, first: First = DEFAULT_PAGE, after: After = None
) -> Page[SecurityEvent]:
    """List what happened to the viewer's user account."""
    context = info.context
    async with context.transaction() as session:
        return await security_events.list_events(
            session, user_account_id=context.signed_in.id, first=first, after=after
        )
