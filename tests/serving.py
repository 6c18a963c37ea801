"""The portal in processes of its own, as operators run it, and somebody to hand in a claim."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from backend import database
from backend.app import open_house
from backend.clock import SystemClock
from backend.migrate import upgrade_database
from backend.models.contracts import LineOfBusiness
from backend.services.claims_keys import tend_claims_keys
from backend.services.sessions import start_session
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backend.settings import Settings

PATIENCE_SECONDS = 120.0


async def arrange_claimant(settings: Settings) -> str:
    """Write a customer with a health contract and make a claims key; return a session's token."""
    engine = database.create_engine(settings.database)
    await upgrade_database(engine)
    await engine.dispose()
    async with open_house(settings) as house:
        assert await tend_claims_keys(house) == 1
        async with database.writing(house.sessions) as session:
            pia = await factories.customer(session, "Pia", "Privat")
            account = await factories.user_account(session, pia)
            await factories.insurance_contract(session, pia, line_of_business=LineOfBusiness.HEALTH)
            return await start_session(
                session, user_account_id=account.id, clock=SystemClock(), policy=house.policy
            )


@contextmanager
def running(command: str, log: Path, variables: dict[str, str]) -> Iterator[None]:
    """Run a command of the portal with settings."""
    environment = os.environ | {f"KUNDENPORTAL_{name}": text for name, text in variables.items()}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", command],
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


async def until_ready(url: str) -> None:
    """Wait until a server answers."""
    async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient(base_url=url) as client:
        while True:
            try:
                answer = await client.post("/graphql", json={"query": "{ __typename }"})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return
            await asyncio.sleep(0.2)
