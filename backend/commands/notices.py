"""`kundenportal notices`: list the notices that did not reach anybody."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from backend.commands.environment import current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands

_DAYS = 30
_DESCRIPTION = """\
List the notices by mail that failed: when, the institution, its id of the letter, why, and
what became of the letter on paper. Nothing of the customer is shown.

example:
  kundenportal notices --days 7

exit code:
  0  done, whether there are any or not
  1  the database can't be used
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "notices", run, summary="list notices that failed", description=_DESCRIPTION
    )
    parser.add_argument("--days", type=int, default=_DAYS, help=f"how far back (default {_DAYS})")


def run(arguments: argparse.Namespace) -> int:
    """List them."""
    asyncio.run(_list(arguments.days))
    return 0


async def _list(days: int) -> None:
    from backend.services.notices import list_failed  # noqa: PLC0415  # costs start time of --help

    async with current_house(load_settings()) as house, house.sessions() as session:
        failed = await list_failed(session, since=house.clock.now() - timedelta(days=days))
    for one in failed:
        failure = "" if one.notice.failure is None else one.notice.failure.value
        sys.stdout.write(
            f"{one.notice.failed_at:%Y-%m-%d %H:%M}  {one.institution_key:<12}  "
            f"{one.external_id}  {failure} ({one.notice.detail})  paper: {one.paper.value}\n"
        )
