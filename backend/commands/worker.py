"""`kundenportal worker`: the jobs behind the portal in a process of their own."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from backend.commands.environment import current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands
    from backend.settings import Settings

_DESCRIPTION = """\
Deliver mails and text messages, import what waits in KUNDENPORTAL_IMPORT_DIR and below
KUNDENPORTAL_IMPORT_S3_PREFIX, and clean up. Set KUNDENPORTAL_WORKER_IN_PROCESS=false for
the servers beside it. Ends in good order on SIGTERM.

example:
  KUNDENPORTAL_IMPORT_DIR=/srv/feeds kundenportal worker
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    add_command(
        commands, "worker", run, summary="deliver, import and clean up", description=_DESCRIPTION
    )


def run(_arguments: argparse.Namespace) -> int:
    """Work until interrupted."""
    asyncio.run(_work(load_settings()))
    return 0


async def _work(settings: Settings) -> None:
    from backend.worker import run_worker  # noqa: PLC0415  # costs start time of --help

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with current_house(settings) as house:
        await run_worker(house, stop)
