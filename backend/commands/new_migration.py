"""`kundenportal new-migration`: write a migration for changed models."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands

_DESCRIPTION = """\
For developers: write a migration into backend/migrations/versions from the difference
between the migrations that are there and the models. Read it before you commit it.

example:
  kundenportal new-migration "Add the withdrawal of consents"
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "new-migration",
        run,
        summary="write a migration for changed models (developers)",
        description=_DESCRIPTION,
    )
    parser.add_argument("message", help="what changes, in a few words")


def run(arguments: argparse.Namespace) -> int:
    """Write the migration."""
    asyncio.run(_write(arguments.message))
    return 0


async def _write(message: str) -> None:
    from backend.database import create_engine  # noqa: PLC0415  # costs start time of --help
    from backend.migrate import upgrade_database, write_migration  # noqa: PLC0415  # as above

    # A fresh database: what somebody tried out in their own must not get into a migration.
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite+aiosqlite:///{Path(folder) / 'migrated.db'}")
        try:
            await upgrade_database(engine)
            await write_migration(engine, message)
        finally:
            await engine.dispose()
