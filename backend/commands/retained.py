"""`kundenportal retained`: how many records are locked until when."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from backend.commands.environment import current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from backend.commands.parsing import Subcommands
    from backend.services.retained_records import RetainedCount
    from backend.settings import Settings

_DESCRIPTION = """\
Count the records that the law keeps beyond a deletion, by kind and last day. What they say is
not read, by this command or any other; the worker deletes them after their last day. That
somebody looked is written into the audit log.

example:
  kundenportal retained
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    add_command(commands, "retained", run, summary="count locked records", description=_DESCRIPTION)


def run(_arguments: argparse.Namespace) -> int:
    """Print a line for each kind and day."""
    for count in asyncio.run(_count(load_settings())):
        sys.stdout.write(f"{count.until}  {count.kind.value:<18}  {count.records:>10,}\n")
    return 0


async def _count(settings: Settings) -> Sequence[RetainedCount]:
    from backend import database  # noqa: PLC0415  # costs start time of --help
    from backend.services.audit import append_audit  # noqa: PLC0415  # as above
    from backend.services.retained_records import count_retained  # noqa: PLC0415  # as above

    async with (
        current_house(settings) as house,
        database.writing(house.sessions) as session,
    ):
        counts = await count_retained(session)
        await append_audit(
            session,
            actor=house.actor,
            action="retained_records.counted",
            subject="all",
            detail={"records": sum(count.records for count in counts)},
            clock=house.clock,
        )
        return counts
