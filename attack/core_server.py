"""The core system of the attack: keeps what it took on disk, and misbehaves at random."""

from __future__ import annotations

import json
import os
import random
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from attack.target import PUBLIC_URL
from backend.clock import TravellingClock
from backend.demo.core_system import CoreFault, DemoCore
from backend.signatures import SigningKey, key_id_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from starlette.requests import Request

HOST = "127.0.0.1"
# Taken and answered well more often than not, or nothing would come to an end.
FAULTS = (*CoreFault, CoreFault.NONE, CoreFault.NONE, CoreFault.NONE)


def appending(path: Path) -> Callable[..., None]:
    """Return what adds lines to a file; a kill loses none."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def append(*words: str) -> None:
        os.write(file, (" ".join(words) + "\n").encode())

    return append


def create_core(folder: Path, port: int, portal_port: int, portal_key: bytes) -> DemoCore:
    """Create the core system with what it took before it was killed."""

    async def portal_keys() -> Mapping[str, bytes]:
        return {key_id_of(portal_key): portal_key}

    core = DemoCore(
        key=SigningKey(bytes.fromhex((folder / "core.key").read_text(encoding="ascii"))),
        answer_url=f"http://{HOST}:{portal_port}",
        portal_url=PUBLIC_URL,
        clock=TravellingClock(path=Path((folder / "clock").read_text(encoding="utf-8"))),
        load_portal_keys=portal_keys,
        events_url=f"http://{HOST}:{port}/events",
        delay_seconds=0.2,
        when_saying=appending(folder / "said"),
        when_answered=appending(folder / "answered"),
    )
    for line in (folder / "taken").read_text(encoding="utf-8").splitlines():
        core.take(json.loads(line))
    take = appending(folder / "taken")
    core.when_taken = lambda event: take(json.dumps(event))
    return core


def create_server(folder: Path, core: DemoCore) -> Starlette:
    """Let the core system listen, and answer what it had not answered when it was killed."""
    answered = set((folder / "answered").read_text(encoding="ascii").split())
    meet = appending(folder / "met")
    chance = random.Random()  # faults, not secrets

    async def receive(request: Request) -> Response:
        is_calm = (folder / "calm").exists()
        core.fault = CoreFault.NONE if is_calm else chance.choice(FAULTS)
        meet(core.fault.value)
        return await core.receive(request)

    async def health(_request: Request) -> Response:
        return Response("ok")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        for event in core.events.values():
            if event["id"] not in answered:
                core.answer_later(event, CoreFault.NONE)
        yield

    return Starlette(
        routes=[
            Route("/events", receive, methods=["POST"]),
            Route("/health", health, methods=["GET"]),
        ],
        lifespan=lifespan,
    )


def main() -> None:
    """Serve until killed: FOLDER PORT PORTAL_PORT PORTAL_KEY."""
    folder, port, portal_port, portal_key = sys.argv[1:]
    core = create_core(Path(folder), int(port), int(portal_port), bytes.fromhex(portal_key))
    uvicorn.run(
        create_server(Path(folder), core),
        host=HOST,
        port=int(port),
        log_level="error",
        access_log=False,
    )


if __name__ == "__main__":
    main()
