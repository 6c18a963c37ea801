"""Resolve what of the viewer's contracts ends soon."""

from collections.abc import Sequence

from backend.context import Info
from backend.services import endings
from backend.services.endings import Ending


async def list_endings(info: Info) -> Sequence[Ending]:
    """List what ends within the days of the policy."""
    async with info.context.transaction() as session:
        return await endings.list_endings(
            session,
            customer_id=info.context.signed_in.customer_id,
            today=info.context.today,
            policy=info.context.house.policy,
        )
