"""`kundenportal migrate`: create or upgrade the database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from backend.commands.environment import load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands
    from backend.settings import Settings

_DESCRIPTION = """\
Create the database of KUNDENPORTAL_DATABASE_URL (a SQLite file in the data folder if it is
not set) or bring it to the newest version. Doing it again changes nothing.

examples:
  kundenportal migrate
  KUNDENPORTAL_DATABASE_URL=postgresql://portal@localhost/portal kundenportal migrate
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    add_command(
        commands,
        "migrate",
        run,
        summary="create or upgrade the database",
        description=_DESCRIPTION,
    )


def run(_arguments: argparse.Namespace) -> int:
    """Migrate to the newest version."""
    asyncio.run(_migrate(load_settings()))
    return 0


async def _migrate(settings: Settings) -> None:
    from backend.database import create_engine  # noqa: PLC0415  # costs start time of --help
    from backend.migrate import upgrade_database  # noqa: PLC0415  # as above

    engine = create_engine(settings.database)
    try:
        await upgrade_database(engine)
    finally:
        await engine.dispose()
