"""Resolve the signed-in customer."""

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.services.sessions import Viewer


async def get_viewer(info: Info) -> Viewer | None:
    """Return the signed-in customer, if any."""
    return info.context.viewer


async def viewer_itself(root: strawberry.Parent[Viewer]) -> Viewer:
    """Return the viewer as the root of a part of theirs, such as the session or the postbox."""
    return root


async def find_viewer(_session: AsyncSession, context: Context, account_id: int) -> Viewer | None:
    """Find the viewer for `node`."""
    return context.signed_in if account_id == context.signed_in.id else None
