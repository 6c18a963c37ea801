"""The example client in TypeScript against a portal that runs: cut off twice, handed in once."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import func, select

from backend import database
from backend.app import open_house
from backend.models.claims import Claim
from backend.models.receipts import Receipt
from backend.services.claims_keys import add_key
from backend.settings import Settings
from tests.claiming import photo_pdf
from tests.cutting_proxy import CuttingProxy, cutting_proxy
from tests.security.hostile_files import photo
from tests.servers import HOST, free_port
from tests.serving import arrange_claimant, running, until_ready

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase

FRONTEND = Path(__file__).parent.parent.parent / "frontend"
PART = 1 << 20
HEADERS = 64 << 10
"""More than the headers and questions of a run have in all."""


def _compiled(folder: Path) -> Path:
    """Return the program as JavaScript, for a Node that takes no TypeScript."""
    tsc = FRONTEND / "node_modules" / "typescript" / "bin" / "tsc"
    config = FRONTEND / "tsconfig.examples.json"
    command: list[str | Path] = ["node", tsc, "-p", config, "--noEmit", "false"]
    subprocess.run([*command, "--outDir", folder], check=True, timeout=120)
    (folder / "node_modules").symlink_to(FRONTEND / "node_modules")
    return folder / "hand_in_claim.mjs"


async def _run(program: Path, file: Path, url: str, token: str) -> tuple[str, list[dict[str, Any]]]:
    variables = os.environ | {"KUNDENPORTAL_URL": url, "KUNDENPORTAL_TOKEN": token}
    process = await asyncio.create_subprocess_exec(
        *("node", str(program), str(file)),
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        output, problems = await process.communicate()
    return problems.decode(), [json.loads(line) for line in output.splitlines()]


async def _counts(settings: Settings, *tables: type[DeclarativeBase]) -> list[int]:
    async with open_house(settings) as house, database.reading(house.sessions) as session:
        counts = [await session.scalar(select(func.count()).select_from(one)) for one in tables]
    return [count or 0 for count in counts]


async def _assert_cut_off(proxy: CuttingProxy, token: str, program: Path, file: Path) -> None:
    """The network goes in the second part and stays away: the program ends, nothing is lost."""
    proxy.budgets, proxy.stays_down = [PART + HEADERS + PART // 2], True
    problems, told = await _run(program, file, proxy.url, token)
    assert "there is no network" in problems
    assert (proxy.cuts, told) == (1, [])
    begun = json.loads(file.with_name("invoice.pdf.claim.json").read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {token}", "Host": f"{HOST}:{proxy.port}"}
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{proxy.target}") as client:
        answer = await client.head(begun["document"]["uploadUrl"], headers=headers)
    assert int(answer.headers["Upload-Offset"]) == PART


async def _assert_goes_on(proxy: CuttingProxy, token: str, program: Path, file: Path) -> str:
    """The network is back, and breaks once more; return the id of the claim that came of it."""
    proxy.is_down, proxy.stays_down, proxy.forwarded = False, False, 0
    proxy.budgets = [PART + PART // 2]
    problems, told = await _run(program, file, proxy.url, token)
    assert (problems, proxy.cuts, told[-1]["status"]) == ("", 2, "HANDED_OVER")
    # Two parts and a bit were missing, a half came twice; the first one did not come again.
    assert proxy.forwarded < 2 * PART + PART // 2 + 2 * HEADERS
    assert [path.name for path in file.parent.iterdir()] == ["invoice.pdf"]
    return str(told[-1]["id"])


async def _assert_seals_to_a_hybrid_key(
    settings: Settings, token: str, program: Path, file: Path
) -> None:
    """A hybrid key follows, as the operator's setting has it; the program takes the newest."""
    hybrid = Settings(
        data_dir=settings.data_dir, public_url=settings.public_url, claims_hpke="hybrid"
    )
    async with open_house(hybrid) as house:
        await add_key(house)
    file.write_bytes(photo_pdf())
    problems, told = await _run(program, file, settings.public_url, token)
    assert (problems, told[-1]["status"]) == ("", "HANDED_OVER")


async def test_M5_the_client_in_typescript_goes_on_after_cuts_and_hands_in_once(
    tmp_path: Path,
) -> None:
    program = await asyncio.to_thread(_compiled, tmp_path / "program")
    (tmp_path / "phone").mkdir()
    file = tmp_path / "phone" / "invoice.pdf"
    file.write_bytes(photo_pdf(marker=b"x" * 3 * PART))
    with cutting_proxy(free_port()) as proxy:
        settings = Settings(data_dir=tmp_path / "data", public_url=proxy.url, port=proxy.target)
        token = await arrange_claimant(settings)
        variables = {
            "DATA_DIR": str(settings.data_dir),
            "PORT": str(proxy.target),
            "PUBLIC_URL": proxy.url,
        }
        with running("serve", tmp_path / "server.log", variables):
            await until_ready(proxy.url)
            await _assert_cut_off(proxy, token, program, file)
            assert await _counts(settings, Claim, Receipt) == [0, 0]
            kept = shutil.copytree(file.parent, tmp_path / "kept")
            claim = await _assert_goes_on(proxy, token, program, file)
            # The last answer got lost: the same again is the same claim.
            _, again = await _run(program, kept / "invoice.pdf", proxy.url, token)
            assert again[-1]["id"] == claim
            assert await _counts(settings, Claim, Receipt) == [1, 1]
            await _assert_seals_to_a_hybrid_key(settings, token, program, file)
    handed_over = list(settings.claims_out.glob("*/beleg.pdf"))
    assert [photo() in one.read_bytes() for one in handed_over] == [True, True]
