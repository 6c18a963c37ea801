"""`kundenportal bounces`: tell the portal which notices came back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend.commands.environment import FAILED, CommandError, current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from backend.commands.parsing import Subcommands

_DESCRIPTION = """\
Read mails that came back to the trustee and write which notices failed: delivery reports
(RFC 3464), one mail a file. The letters behind them go out on paper, and the customer is
asked for another address. Reading a file again changes nothing. The worker does the same
with the mailbox KUNDENPORTAL_BOUNCE_MAILDIR.

example:
  kundenportal bounces ~/Maildir/new/*

exit code:
  0  every file was a report about a notice
  1  a file was not (it says which), or the database can't be used
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "bounces", run, summary="read which notices came back", description=_DESCRIPTION
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a mail as it came")


def run(arguments: argparse.Namespace) -> int:
    """Read the files."""
    for path in arguments.files:
        if not path.is_file():
            raise CommandError(f"{path} is no file")
    return asyncio.run(_take(arguments.files))


async def _take(paths: Sequence[Path]) -> int:
    from backend.services.bounces import read_start, take_bounce  # noqa: PLC0415  # start time

    exit_code = 0
    async with current_house(load_settings()) as house:
        for path in paths:
            bounce = await take_bounce(house, read_start(path))
            sys.stdout.write(f"{path}: {bounce.value}\n")
            if not bounce.is_settled:
                exit_code = FAILED
    return exit_code
