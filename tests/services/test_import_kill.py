"""An import that is killed leaves whole records, and done again it ends as if nothing had been."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 300
CONTRACTS = 2_500
ENTRIES = 3_500

_CONTENT = {
    "contract": "number, line_code, kind, status, premium_amount, start_date, source_as_of, "
    "source_digest, balance, balance_on",
    "partner": "contract_id, role, sequence, customer_number, family_name",
    "customer": "given_name, family_name, birth_date",
    "customer_number": "number, customer_id",
    "bank_account": "contract_id, iban, valid_from, valid_to",
    "sepa_mandate": "contract_id, mandate_reference, status",
    "statement": "statement_key, opening_balance, closing_balance, to_date",
    "account_transaction": "contract_id, entry_key, sequence, amount, value_date, is_pending",
}


def _environment(data_dir: Path) -> Mapping[str, str]:
    return {**os.environ, "KUNDENPORTAL_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)}


def _start(data_dir: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "backend.cli", *arguments],
        cwd=ROOT,
        env=_environment(data_dir),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _run(data_dir: Path, *arguments: str) -> None:
    process = _start(data_dir, *arguments)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, errors.decode()


def _query(data_dir: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(data_dir / "portal.db")) as connection:
        return connection.execute(statement).fetchall()


def _content(data_dir: Path) -> dict[str, list[Any]]:
    return {
        table: _query(data_dir, f"SELECT {columns} FROM {table} ORDER BY id")  # noqa: S608
        for table, columns in _CONTENT.items()
    }


def _kill_at(data_dir: Path, table: str, rows: int, *arguments: str) -> int:
    """Kill the import as soon as `rows` rows are committed; return how many there are then."""
    process = _start(data_dir, *arguments)
    deadline = time.monotonic() + PATIENCE_SECONDS
    is_reached = f"SELECT count(*) >= {rows} FROM {table}"  # noqa: S608
    try:
        # One connection: what looks too slowly finds everything committed.
        with closing(sqlite3.connect(data_dir / "portal.db")) as connection:
            while process.poll() is None and time.monotonic() < deadline:
                with suppress(sqlite3.OperationalError):
                    if connection.execute(is_reached).fetchone() == (1,):
                        break
                time.sleep(0.002)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    [(count,)] = _query(data_dir, f"SELECT count(*) FROM {table}")  # noqa: S608
    return int(count)


@pytest.fixture(scope="module")
def gdv_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    contracts = [
        feeds.contract(f"HR{number}", feeds.anna(customer_number=f"{1 + number // 2:06}"))
        for number in range(CONTRACTS)
    ]
    return feeds.gdv_file(tmp_path_factory.mktemp("gdv") / "many.gdv", *contracts)


@pytest.fixture(scope="module")
def camt_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = [feeds.entry("1.00", f"Nr. {number % 50}") for number in range(ENTRIES)]
    head = feeds.statement(closing=str(Decimal(ENTRIES)))
    return feeds.camt_file(tmp_path_factory.mktemp("camt") / "many.xml", (head, entries))


@pytest.fixture
def killed(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with a fresh database."""
    return _fresh(tmp_path / "killed", sqlite_template)


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    gdv_path: Path,
    camt_path: Path,
) -> dict[str, dict[str, list[Any]]]:
    """What is in the database after imports that nobody disturbed, by name of the file."""
    contents = {}
    for path in (gdv_path, camt_path):
        data_dir = _fresh(tmp_path_factory.mktemp("whole") / "data", sqlite_template)
        _run(data_dir, "import", str(path))
        contents[path.name] = _content(data_dir)
    return contents


def _fresh(data_dir: Path, template: Path) -> Path:
    data_dir.mkdir()
    shutil.copy(template, data_dir / "portal.db")
    return data_dir


@pytest.mark.parametrize("rows", [1, 600, 1_100])
def test_a_killed_gdv_import_leaves_whole_contracts(
    killed: Path, gdv_path: Path, whole: dict[str, dict[str, list[Any]]], rows: int
) -> None:
    count = _kill_at(killed, "contract", rows, "import", str(gdv_path))
    assert rows <= count
    assert rows > 1 or count < CONTRACTS
    for table in ("partner", "bank_account", "sepa_mandate"):
        parts = f"SELECT count(DISTINCT contract_id), count(*) FROM {table}"  # noqa: S608
        assert _query(killed, parts) == [(count, count)]
    unlinked = "SELECT count(*) FROM partner WHERE customer_id IS NULL"
    assert _query(killed, unlinked) == [(0,)]
    _run(killed, "import", str(gdv_path))
    assert _content(killed) == whole[gdv_path.name]


@pytest.mark.parametrize("rows", [1, 1_500, 2_500])
def test_a_killed_statement_has_no_closing_balance(
    killed: Path, camt_path: Path, whole: dict[str, dict[str, list[Any]]], rows: int
) -> None:
    count = _kill_at(killed, "account_transaction", rows, "import", str(camt_path))
    assert rows <= count
    assert rows > 1 or count < ENTRIES
    if count < ENTRIES:
        assert _query(killed, "SELECT closing_balance FROM statement") == [(None,)]
        assert _query(killed, "SELECT balance FROM contract") == [(None,)]
    _run(killed, "import", str(camt_path))
    assert _content(killed) == whole[camt_path.name]
