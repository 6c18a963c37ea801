"""What is attacked: a server process on this machine, and the fresh database behind it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from backend import database
from backend.app import open_house
from backend.clock import TravellingClock
from backend.migrate import upgrade_database
from backend.settings import Settings
from tests.portal import Portal
from tests.servers import ServerProcess, free_port, postgres_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

PUBLIC_URL = "https://portal.test"
_HOST = PUBLIC_URL.removeprefix("https://")


@dataclass(frozen=True, kw_only=True)
class Target(Portal):
    """The portal as tests know it, but over HTTP; arranging and judging look into its database."""

    port: int
    server: ServerProcess

    def restart(self) -> None:
        """Kill the server as a power cut would and start it again."""
        self.server.kill()
        self.server.start()

    def compared(self) -> Counter[str]:
        """Return how often each stored hash was compared with, across restarts."""
        path = self.house.settings.data_dir / "compared"
        return Counter(path.read_text(encoding="ascii").splitlines())


@asynccontextmanager
async def open_target(
    kind: str, policy_file: Path | None = None, program: str = "attack.server", **more: Any
) -> AsyncIterator[Target]:
    """Start a server on a fresh database of this kind; everything is gone at the end.

    `more` are settings other than usual.
    """
    with _database(kind) as (url, folder):
        given: dict[str, Any] = {
            "data_dir": folder,
            "database_url": url,
            "public_url": PUBLIC_URL,
            "port": free_port(),
            "policy_file": policy_file,
            "worker_in_process": False,  # messages stay in the outbox, where they are counted
            "log_level": "ERROR",
        }
        given |= more
        settings = Settings(**given)
        engine = database.create_engine(url)
        await upgrade_database(engine)
        await engine.dispose()
        clock = TravellingClock(path=folder / "clock")
        async with (
            open_house(settings, clock=clock) as house,
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{settings.port}", headers={"Host": _HOST}, timeout=60
            ) as client,
        ):
            server = _server_of(settings, given, program)
            try:
                await asyncio.to_thread(server.start)
                yield Target(
                    house=house, clock=clock, client=client, port=settings.port, server=server
                )
            finally:
                server.kill()


def _server_of(settings: Settings, given: dict[str, Any], program: str) -> ServerProcess:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KUNDENPORTAL_")
    }
    for name, value in given.items():
        if value is not None:
            environment[f"KUNDENPORTAL_{name.upper()}"] = str(value)
    return ServerProcess(
        [sys.executable, "-m", program],
        settings.port,
        "/health",
        settings.data_dir / "server.log",
        environment,
    )


@contextmanager
def _database(kind: str) -> Iterator[tuple[str, Path]]:
    folder = Path(tempfile.mkdtemp(prefix="kundenportal-attack-"))
    try:
        if kind == "sqlite":
            yield f"sqlite+aiosqlite:///{folder / 'portal.db'}", folder
        else:
            with postgres_server() as server:
                yield server.new_database(), folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
