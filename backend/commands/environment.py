"""What commands share: settings from the environment, the open house, errors with exit codes."""

from __future__ import annotations

import getpass
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from backend.clock import TravellingClock
from backend.logs import configure_logs
from backend.settings import SettingsError, read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from backend.clock import Clock
    from backend.house import House
    from backend.settings import Settings

FAILED = 1
WRONG_USAGE = 2
_ADVICE = "run: kundenportal migrate"


class CommandError(Exception):
    """A command can't do its work; the message tells the operator what to do."""

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def load_settings() -> Settings:
    """Return the settings and set up the logs.

    Raises:
        CommandError: a variable has a value that can't be used.
    """
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        message = "\n  ".join(["the settings can't be used:", *error.problems])
        raise CommandError(message, WRONG_USAGE) from None
    configure_logs(settings.log_level)
    return settings


def clock_of(settings: Settings) -> Clock | None:
    """Return the sandbox's clock, which travels; None outside: the machine's clock."""
    path = settings.data_dir / "clock"
    return TravellingClock(path=path) if settings.sandbox and path.exists() else None


async def require_current_database(settings: Settings) -> None:
    """Raise CommandError unless the database is there and at the newest version."""
    from backend.database import create_engine  # noqa: PLC0415  # costs start time of --help
    from backend.database_version import is_current  # noqa: PLC0415  # as above

    _require_file(settings.database)
    engine = create_engine(settings.database)
    try:
        if not await is_current(engine):
            raise CommandError(f"the database is not at the newest version; {_ADVICE}")
    except OperationalError as error:
        raise CommandError(f"the database can't be reached: {error.orig}") from error
    finally:
        await engine.dispose()


def _require_file(database_url: str) -> None:
    """SQLite would create the file in silence."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    if not Path(url.database).exists():
        raise CommandError(f"there is no database at {url.database}; {_ADVICE}")


@asynccontextmanager
async def current_house(settings: Settings) -> AsyncGenerator[House]:
    """Open the house on a database at the newest version.

    Raises:
        CommandError: the database has to be migrated first.
    """
    from backend.app import open_house  # noqa: PLC0415  # costs start time of --help

    await require_current_database(settings)
    actor = f"operator:{getpass.getuser()}"
    async with open_house(settings, clock=clock_of(settings), actor=actor) as house:
        yield house
