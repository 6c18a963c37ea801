"""Create and upgrade the database with Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

_SCRIPTS = Path(__file__).with_name("migrations")


async def upgrade_database(engine: AsyncEngine) -> None:
    """Bring the database to the newest version; doing it again changes nothing."""
    async with engine.connect() as connection:
        # Alembic rebuilds SQLite tables, which foreign keys would hinder.
        options = await connection.execution_options(sqlite_begin="IMMEDIATE")
        await options.run_sync(_upgrade)
        await options.commit()


async def write_migration(engine: AsyncEngine, message: str) -> None:
    """Write a migration from the difference between database and models."""
    async with engine.connect() as connection:
        await connection.run_sync(_revise, message)


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _revise(connection: Connection, message: str) -> None:
    command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
