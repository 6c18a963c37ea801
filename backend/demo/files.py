"""Writes the demo world as files in the real formats, as an institution would hand them over.

The folder has one subfolder per institution; a feed is found by its content, never by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.demo.banking import (
    deposit_statements,
    joint_statements,
    master_data,
    pending_report,
    vienna_statements,
)
from backend.demo.camt_writer import write_camt
from backend.demo.forms import write_forms
from backend.demo.gdv_writer import Faults, write_gdv
from backend.demo.insurance import BROKEN_CONTRACT, MASKED_CONTRACT, contracts_of
from backend.demo.insurance_records import INSURERS, header_of
from backend.demo.letters import letters, write_letters
from backend.demo.mt940_writer import write_mt940
from backend.feeds.bank_records import StatementKind

if TYPE_CHECKING:
    from pathlib import Path

    from backend.feeds.bank_records import Entry, Statement
    from backend.group import Group

_FAULTS = Faults(broken=frozenset({BROKEN_CONTRACT}), masked=frozenset({MASKED_CONTRACT}))


def write_world(folder: Path, group: Group) -> list[tuple[str, Path]]:
    """Write all feeds; return (institution key, file) in the order of their import."""
    names = {institution.key: institution.name for institution in group.institutions}
    written = [(key, _write_insurer(folder / key, key, names[key])) for key in INSURERS]
    written += [("bank", path) for path in _write_bank(folder / "bank")]
    for key in (*INSURERS, "bank"):
        target = folder / key / "documents"
        if write_letters(target, key, letters()):
            written.append((key, target / "manifest.json"))
    for key, name in names.items():
        target = folder / key / "forms"
        if write_forms(target, key, name):
            written.append((key, target / "forms.json"))
    return written


def _write_insurer(folder: Path, key: str, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "2026-11-20.gdv"
    with path.open("wb") as stream:
        write_gdv(stream, header_of(key, name), contracts_of(key), _FAULTS)
    return path


def _write_bank(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    accounts = folder / "accounts.jsonl"
    accounts.write_text("\n".join(master_data()) + "\n", encoding="utf-8")
    paths = [accounts]
    for name, statements in (("joint", joint_statements()), ("deposit", deposit_statements())):
        for statement, entries in statements:
            path = folder / f"camt053-{name}-{statement.created_on}.xml"
            _write_camt(path, StatementKind.CAMT_053, statement, entries)
            paths.append(path)
    # The newest file comes twice, as happens: the second time changes nothing.
    again = folder / f"{paths[-1].stem}-again.xml"
    again.write_bytes(paths[-1].read_bytes())
    intraday = folder / "camt052-joint-2026-11-21.xml"
    _write_camt(intraday, StatementKind.CAMT_052, *pending_report())
    vienna = folder / "umsaetze-wien.sta"
    with vienna.open("wb") as stream:
        write_mt940(stream, vienna_statements())
    return [*paths, again, intraday, vienna]


def _write_camt(
    path: Path, kind: StatementKind, statement: Statement, entries: list[Entry]
) -> None:
    with path.open("wb") as stream:
        write_camt(stream, kind, [(statement, entries)], message_id=path.stem[:35])
