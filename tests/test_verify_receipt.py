"""`kundenportal verify-receipt`: what it says and its exit codes, without database or network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from backend.cli import main
from tests.receipt_vectors import read

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

VECTORS = read()
OF_A_FILE = 3


def _write(path: Path, value: Any) -> str:
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    exit_code = main(["verify-receipt", *arguments])
    return exit_code, capsys.readouterr().out


def test_M1_a_genuine_receipt_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = _write(tmp_path / "quittung-3.json", VECTORS["receipts"][OF_A_FILE])
    (tmp_path / "rechnung.pdf").write_bytes(f"file {OF_A_FILE}".encode())
    exit_code, told = _run(
        capsys,
        receipt,
        "--public-key",
        _write(tmp_path / "public-key.json", VECTORS["publicKey"]),
        "--tree-head",
        _write(tmp_path / "tree-heads.json", VECTORS["treeHeads"]),
        "--content",
        str(tmp_path / "rechnung.pdf"),
    )
    assert exit_code == 0
    assert "result     genuine" in told
    assert "not seen" not in told
    assert f"position   {OF_A_FILE}" in told


def test_M1_what_could_not_be_checked_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = _write(tmp_path / "quittung-3.json", VECTORS["receipts"][OF_A_FILE])
    exit_code, told = _run(capsys, receipt)
    assert exit_code == 0
    assert told.count("not seen") == 3


def test_M1_a_changed_receipt_ends_with_1_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = VECTORS["receipts"][0] | {"content": "something else"}
    exit_code, told = _run(capsys, _write(tmp_path / "quittung-0.json", receipt))
    assert exit_code == 1
    assert "WRONG      the content is not what was submitted" in told
    assert "NOT GENUINE" in told


def test_M1_a_file_that_is_missing_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify-receipt", str(tmp_path / "absent.json")]) == 2
    assert "absent.json can't be read" in capsys.readouterr().err
