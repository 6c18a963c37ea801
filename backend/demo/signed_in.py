"""A persona's session, for what they did before the demo world begins."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.models.user_accounts import UserAccount
from backend.services.sessions import authenticate, end_session, start_session

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from backend.demo.personas import Persona
    from backend.house import House
    from backend.services.sessions import Viewer


@asynccontextmanager
async def signed_in(house: House, persona: Persona) -> AsyncGenerator[Viewer]:
    """Sign a persona in at the time of `house`, and out again."""
    async with database.writing(house.sessions) as session:
        account_id = await session.scalar(
            select(UserAccount.id).where(UserAccount.email_address == persona.email)
        )
        token = await start_session(
            session, user_account_id=account_id or 0, clock=house.clock, policy=house.policy
        )
    async with database.writing(house.sessions) as session:
        viewer = await authenticate(session, token=token, clock=house.clock, policy=house.policy)
    if viewer is None:
        raise LookupError(f"the session of {persona.key} ended")
    yield viewer
    async with database.writing(house.sessions) as session:
        await end_session(session, session_id=viewer.session_id, clock=house.clock)
