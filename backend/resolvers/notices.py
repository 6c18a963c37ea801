"""Resolve whether notices reach the viewer."""

from datetime import datetime

import strawberry

from backend.context import Info
from backend.services import notices
from backend.services.sessions import Viewer


async def notice_failed_at(root: strawberry.Parent[Viewer], info: Info) -> datetime | None:
    """Return since when notices to the viewer's address fail."""
    async with info.context.transaction() as session:
        return await notices.find_notice_failed_at(
            session,
            customer_id=root.customer_id,
            now=info.context.house.clock.now(),
            policy=info.context.house.policy,
        )
