"""Web and worker as two processes of their own, each back at once when it was killed.

They are forked from a process that has loaded everything already: a kill every few hundred
milliseconds would else meet nothing but Python that starts.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
import traceback
from typing import TYPE_CHECKING

from msgspec.structs import replace

from backend.app import create_app, open_house
from backend.clock import TravellingClock
from backend.schema import schema
from backend.services.import_watch import import_waiting
from backend.settings import Settings, read_settings
from backend.web.server import serve
from backend.worker import JOBS, run_worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backend.house import House

# What loads late in the portal is loaded before the first fork.
LOADED = (schema, import_waiting)
_SETTLE_SECONDS = 0.02
_IMPORT_SECONDS = 0.05
_LOOK_SECONDS = 0.5


def pid_file(folder: Path, role: str) -> Path:
    """Where the id of the process that plays a role stands."""
    return folder / f"{role}.pid"


def clock_of(settings: Settings) -> TravellingClock:
    """Return the clock that the attack sets for both."""
    return TravellingClock(path=settings.data_dir / "clock")


def run_web(settings: Settings) -> None:
    """Serve until killed."""
    app = create_app(settings, clock=clock_of(settings), spa=settings.data_dir / "no-spa")
    serve(
        app,
        host="127.0.0.1",
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def run_jobs(settings: Settings) -> None:
    """Do the worker's jobs until killed; it takes files sooner, or it would never live to."""
    jobs = [
        replace(job, run=_import_soon, every_seconds=_IMPORT_SECONDS)
        if job.name == "imports"
        else job
        for job in JOBS
    ]

    async def work() -> None:
        async with open_house(settings, clock=clock_of(settings)) as house:
            await run_worker(house, asyncio.Event(), jobs)

    asyncio.run(work())


async def _import_soon(house: House) -> int:
    return await import_waiting(house, settle_seconds=_SETTLE_SECONDS)


ROLES: dict[str, Callable[[Settings], None]] = {"web": run_web, "worker": run_jobs}


def main() -> None:
    """Keep both running until killed."""
    settings = read_settings(os.environ)
    running = {_fork(role, settings): role for role in ROLES}
    while True:
        role = running.pop(os.wait()[0])
        running[_fork(role, settings)] = role


def _fork(role: str, settings: Settings) -> int:
    child = os.fork()
    if child:
        path = pid_file(settings.data_dir, role)
        new = path.with_suffix(".new")
        new.write_text(str(child), encoding="ascii")
        new.replace(path)
        return child
    try:
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
        ROLES[role](settings)
    except BaseException:  # noqa: BLE001  # the child must never go on as the one that forks
        traceback.print_exc()
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


def _end_with(parent: int) -> None:
    """Who is killed takes nobody along: its children have to see to that."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
