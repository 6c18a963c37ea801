"""Whether a database is at the newest version, told without loading Alembic at every start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


async def is_current(engine: AsyncEngine) -> bool:
    """Tell whether the database is at the newest version."""
    async with engine.connect() as connection:
        return await connection.run_sync(_version_of) == newest_version()


def newest_version() -> str:
    """Return the newest migration's number; migrations follow one another, without branches."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


def _version_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
