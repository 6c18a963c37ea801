"""The server that faces the internet holds sealed claims and can't open one (M5, F63).

Server and worker run apart, as they do in a house that takes this seriously; the client is the one
of the documentation.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Literal

import httpx
import pytest

from backend.settings import Settings
from examples.claims_client import hand_in
from tests.claiming import photo_pdf
from tests.security.hostile_files import photo
from tests.servers import free_port
from tests.serving import PATIENCE_SECONDS, arrange_claimant, running, until_ready

if TYPE_CHECKING:
    from pathlib import Path

CANARY = b"CANARY-diagnosis-F32.1"


def _holding(folder: Path, *canaries: bytes) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(canary in path.read_bytes() for canary in canaries)
    ]


async def _until_there(path: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if list(path.glob("*/manifest.json")):
                return
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("hpke", ["x25519", "hybrid"])
async def test_M5_a_server_without_the_keys_takes_a_claim_and_the_worker_alone_opens_it(
    tmp_path: Path, hpke: Literal["x25519", "hybrid"]
) -> None:
    web, keys, out = tmp_path / "web", tmp_path / "keys", tmp_path / "out"
    url = f"http://127.0.0.1:{free_port()}"
    settings = Settings(data_dir=web, claims_keys_dir=keys, claims_hpke=hpke, public_url=url)
    token = await arrange_claimant(settings)
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
    with running("serve", web / "server.log", variables):
        await until_ready(url)
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
    with running("worker", tmp_path / "worker.log", variables):
        await _until_there(out)
    assert [path.rpartition("/")[2] for path in _holding(out, photo())] == ["beleg.pdf"]
    assert _holding(web, CANARY, photo(), *private_keys) == []
    assert _holding(tmp_path, *private_keys) == [f"keys/{path.name}" for path in keys.iterdir()]
