"""`kundenportal stats`: how much of everything is in the database."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from backend.commands.environment import current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands
    from backend.services.statistics import Statistics
    from backend.settings import Settings

_DESCRIPTION = """\
Count what is in the database. Visible contracts are those that show to a customer today:
the policyholder is one natural person, the contract has begun in Berlin, and it is not of
occupational origin.

examples:
  kundenportal stats
  kundenportal stats --json
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "stats", run, summary="count what is in the database", description=_DESCRIPTION
    )
    parser.add_argument("--json", action="store_true", help="one JSON object for programs")


def run(arguments: argparse.Namespace) -> int:
    """Print the numbers."""
    statistics = asdict(asyncio.run(_count(load_settings())))
    if arguments.json:
        sys.stdout.write(json.dumps(statistics) + "\n")
        return 0
    width = max(map(len, statistics))
    for name, number in statistics.items():
        sys.stdout.write(f"{name.replace('_', ' '):<{width}}  {number:>12,}\n")
    return 0


async def _count(settings: Settings) -> Statistics:
    from backend.clock import berlin_today  # noqa: PLC0415  # costs start time of --help
    from backend.services.statistics import count_everything  # noqa: PLC0415  # as above

    async with current_house(settings) as house, house.sessions() as session:
        return await count_everything(session, today=berlin_today(house.clock), policy=house.policy)
