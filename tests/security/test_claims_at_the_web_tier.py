"""The server that faces the internet holds sealed claims and can't open one (M5, F63).

Server and worker run apart, as they do in a house that takes this seriously; the client is the one
of the documentation.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
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
from backend.settings import Settings
from examples.claims_client import hand_in
from tests import factories
from tests.claiming import photo_pdf
from tests.security.hostile_files import photo
from tests.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANARY = b"CANARY-diagnosis-F32.1"
PATIENCE_SECONDS = 120.0


async def _arrange(settings: Settings) -> str:
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
def _running(command: str, log: Path, variables: dict[str, str]) -> Iterator[None]:
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


def _holding(folder: Path, *canaries: bytes) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(canary in path.read_bytes() for canary in canaries)
    ]


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient(base_url=url) as client:
        while True:
            try:
                answer = await client.post("/graphql", json={"query": "{ __typename }"})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return
            await asyncio.sleep(0.2)


async def _until_there(path: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if list(path.glob("*/manifest.json")):
                return
            await asyncio.sleep(0.2)


async def test_M5_a_server_without_the_keys_takes_a_claim_and_the_worker_alone_opens_it(
    tmp_path: Path,
) -> None:
    web, keys, out = tmp_path / "web", tmp_path / "keys", tmp_path / "out"
    url = f"http://127.0.0.1:{free_port()}"
    token = await _arrange(Settings(data_dir=web, claims_keys_dir=keys, public_url=url))
    variables = {
        "DATA_DIR": str(web),
        "PORT": url.rpartition(":")[2],
        "PUBLIC_URL": url,
        "WORKER_IN_PROCESS": "false",
        "LOG_LEVEL": "DEBUG",
    }
    # Where the server runs there are no private keys at all.
    away = keys.rename(tmp_path / "on another machine")
    private_keys = [path.read_bytes() for path in away.iterdir()]
    content = photo_pdf(marker=CANARY)
    with _running("serve", web / "server.log", variables):
        await _until_ready(url)
        with httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60
        ) as client:
            key = str(uuid.uuid4())
            claim = await asyncio.to_thread(hand_in, client, content, key)
            assert claim["status"] == "RECEIVED"
            again = await asyncio.to_thread(hand_in, client, content, key)
            assert again["id"] == claim["id"]
        assert not keys.exists()
    assert list((web / "objects" / "claims").rglob("*"))
    assert _holding(web, CANARY, photo(), *private_keys) == []
    away.rename(keys)
    variables |= {"CLAIMS_KEYS_DIR": str(keys), "CLAIMS_OUT_DIR": str(out)}
    with _running("worker", tmp_path / "worker.log", variables):
        await _until_there(out)
    assert [path.rpartition("/")[2] for path in _holding(out, photo())] == ["beleg.pdf"]
    assert _holding(web, CANARY, photo(), *private_keys) == []
    assert _holding(tmp_path, *private_keys) == [f"keys/{path.name}" for path in keys.iterdir()]
