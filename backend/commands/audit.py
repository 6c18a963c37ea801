"""`kundenportal audit verify`: whether the audit log hangs together."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from backend.commands.environment import FAILED, current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands
    from backend.services.audit import Verified
    from backend.settings import Settings

_DESCRIPTION = """\
Follow the audit log from its first entry to its last: each carries a hash over itself and the
one before, so that a changed, removed or inserted entry shows. Note the hash of the last entry
somewhere else and hand it in next time: then cutting off the newest entries shows, too.

examples:
  kundenportal audit verify
  kundenportal audit verify --head 5f0c…

exit code:
  0  the log hangs together
  1  it does not; the first fault is named
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "audit", run, summary="verify the audit log", description=_DESCRIPTION
    )
    parser.add_argument("what", choices=["verify"], help="what to do with the log")
    parser.add_argument("--head", metavar="HASH", help="hash of a last entry noted earlier")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found."""
    found = asyncio.run(_verify(load_settings(), arguments.head))
    sys.stdout.write(f"intact entries  {found.intact:,}\nlast hash       {found.head}\n")
    if found.fault is None:
        return 0
    sys.stdout.write(f"fault           {found.fault}\n")
    return FAILED


async def _verify(settings: Settings, known_head: str | None) -> Verified:
    from backend.services.audit import verify_audit  # noqa: PLC0415  # costs start time of --help

    async with current_house(settings) as house, house.sessions() as session:
        return await verify_audit(session, known_head=known_head)
