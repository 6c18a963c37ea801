"""For modules whose rules don't touch the database: their tests run on SQLite alone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Stand for the fixture of the same name in every module that imports this one."""
    path = tmp_path / "portal.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"
