"""What a serving process holds in memory from its start on (a bench prints how much that is)."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

# Needed by few requests, by one database or by no request at all; each costs 0.5 to 12 MB.
LOADED_WHEN_NEEDED = {
    "alembic",
    "cryptography.x509",
    "holidays",
    "httpx",
    "phonenumbers",
    "pikepdf",
    "psycopg",
    "rich",
    "schwifty",
    "sqlalchemy.dialects.postgresql",
    "typst",
    "webauthn",
    "xml.etree",
}
PROGRAM = """
import sys, tempfile
from backend.app import create_app
from backend.settings import Settings
import backend.web.graphql, backend.web.server

create_app(Settings(data_dir=tempfile.mkdtemp()))
# A module that waits for its first use has run nothing yet.
print(*(name for name, one in sys.modules.items() if type(one).__name__ != "_LazyModule"))
"""


def test_a_serving_process_on_sqlite_loads_only_what_it_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "sqlalchemy.dialects.sqlite" in loaded
    assert loaded & LOADED_WHEN_NEEDED == set()
    assert [name for name in LOADED_WHEN_NEEDED if find_spec(name) is None] == []
