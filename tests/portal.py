"""The portal under test: its HTTP surface, its database and its clock."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from argon2 import PasswordHasher as Argon2
from msgspec.structs import replace
from starlette.applications import Starlette

from backend import database
from backend.app import create_app
from backend.services import sessions
from backend.services.passwords import PasswordHasher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import StoppedClock, TravellingClock
    from backend.house import House
    from backend.models.user_accounts import UserAccount
    from backend.settings import Settings


class CheapHasher(PasswordHasher):
    """Hashes at next to no cost: a third of all tests' time would be spent on it otherwise."""

    def __init__(self, cores: int | None = None) -> None:
        super().__init__(cores)
        self._argon2 = Argon2(time_cost=1, memory_cost=8, parallelism=1)
        self._dummy = self._argon2.hash("no account has this password")


CHEAP_HASHER = CheapHasher(cores=16)


@dataclass(frozen=True)
class Portal:
    """What a test may touch."""

    house: House
    clock: StoppedClock | TravellingClock
    client: httpx.AsyncClient
    # Without routes where the portal runs in a process of its own.
    app: Starlette = field(default_factory=Starlette)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Reach into the database, to arrange or to assert that nothing changed."""
        async with database.writing(self.house.sessions) as session:
            yield session

    async def sign_in(self, account: UserAccount) -> str:
        """Start a session without the ceremony; return its bearer token."""
        async with self.transaction() as session:
            return await sessions.start_session(
                session,
                user_account_id=account.id,
                clock=self.clock,
                policy=self.house.policy,
            )

    async def post(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send one operation and return the raw response."""
        extra = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.client.post(
            "/graphql",
            json={"query": query, "variables": variables or {}},
            headers=extra | (headers or {}),
        )

    async def execute(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send one operation that must succeed and return its data."""
        response = await self.post(query, variables, token=token, headers=headers)
        answer: dict[str, Any] = response.json()
        assert response.status_code == 200, answer
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data


@asynccontextmanager
async def open_portal(
    settings: Settings, clock: StoppedClock, hasher: PasswordHasher = CHEAP_HASHER
) -> AsyncIterator[Portal]:
    """Run the portal's lifespan around a client."""
    app = create_app(settings, clock=clock, spa=settings.data_dir / "no-spa")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=settings.public_url
        ) as client,
    ):
        app.state.house = replace(app.state.house, password_hasher=hasher)
        yield Portal(app=app, house=app.state.house, clock=clock, client=client)
