"""The command-line program: exit codes, reports, and what it says to operators."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.script import ScriptDirectory

from backend.cli import build_parser, main
from backend.database_version import newest_version
from tests.returned_mails import postfix
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("KUNDENPORTAL_DATA_DIR", str(folder))
    monkeypatch.setenv("KUNDENPORTAL_LOG_LEVEL", "ERROR")
    return folder


@pytest.fixture
def migrated(data_dir: Path) -> Path:
    assert main(["migrate"]) == 0
    return data_dir


@pytest.fixture
def stats(capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, int]]:
    def read() -> dict[str, int]:
        capsys.readouterr()
        assert main(["stats", "--json"]) == 0
        numbers: dict[str, int] = json.loads(capsys.readouterr().out)
        return numbers

    return read


def _refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    exit_code = main(arguments)
    return exit_code, capsys.readouterr().err


def test_help_names_every_command_and_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for name in (
        "serve",
        "worker",
        "migrate",
        "import",
        "activation-codes",
        "recovery",
        "product-mail",
        "notices",
        "bounces",
        "deletion",
        "retained",
        "stats",
        "verify-receipt",
        "export-schema",
        "sandbox",
    ):
        assert f"    {name} " in told or f"    {name}\n" in told
    assert "kundenportal import feeds/" in told


def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["import"])
    assert ended.value.code == 2
    assert "PATH" in capsys.readouterr().err


@pytest.mark.usefixtures("data_dir")
def test_a_database_that_is_missing_is_said_clearly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract())
    for arguments in (["import", str(path)], ["stats"], ["serve"]):
        exit_code, told = _refused(arguments, capsys)
        assert exit_code == 1
        assert "run: kundenportal migrate" in told


def test_a_database_of_an_older_version_is_said_clearly(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir.mkdir()
    (data_dir / "portal.db").touch()
    exit_code, told = _refused(["stats"], capsys)
    assert (exit_code, "not at the newest version" in told) == (1, True)


def test_the_newest_version_is_the_one_that_alembic_migrates_to() -> None:
    scripts = ScriptDirectory(str(ROOT / "backend" / "migrations"))
    assert scripts.get_heads() == [newest_version()]


@pytest.mark.usefixtures("migrated")
def test_the_audit_log_tells_what_operators_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(feeds.gdv_file(tmp_path / "a.gdv", feeds.contract()))]) == 0
    capsys.readouterr()
    assert main(["audit", "verify"]) == 0
    told = capsys.readouterr().out
    assert "intact entries  1\n" in told
    head = told.split()[-1]
    assert main(["audit", "verify", "--head", head]) == 0
    assert main(["audit", "verify", "--head", "0" * 63 + "1"]) == 1
    assert "entries were cut off" in capsys.readouterr().out


@pytest.mark.usefixtures("migrated")
def test_migrating_again_changes_nothing(stats: Callable[[], dict[str, int]]) -> None:
    before = stats()
    assert main(["migrate"]) == 0
    assert stats() == before


@pytest.mark.usefixtures("migrated")
def test_an_import_reports_each_file_as_json(tmp_path: Path) -> None:
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract("A"), feeds.contract("B"))
    report = tmp_path / "report.json"
    for accepted, duplicates in ((2, 0), (0, 2)):
        assert main(["import", str(path), "--report", str(report)]) == 0
        assert json.loads(report.read_text(encoding="utf-8")) == [
            {
                "path": str(path),
                "format": "gdv",
                "records": 2,
                "accepted": accepted,
                "rejected": 0,
                "duplicates": duplicates,
                "findings": [],
            }
        ]


@pytest.mark.usefixtures("migrated")
def test_findings_do_not_fail_but_a_file_without_anything_does(tmp_path: Path) -> None:
    odd = feeds.gdv_file(tmp_path / "odd.gdv", feeds.contract(insurer_number="1"), insurer="1")
    empty = tmp_path / "empty.gdv"
    empty.touch()
    report = tmp_path / "report.json"
    assert main(["import", str(odd)]) == 0
    assert main(["import", str(odd), str(empty), "--report", str(report)]) == 1
    outcomes: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))
    assert [(one["format"], len(one["findings"])) for one in outcomes] == [("gdv", 1), (None, 1)]


@pytest.mark.usefixtures("migrated")
def test_an_unknown_institution_lists_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stats: Callable[[], dict[str, int]]
) -> None:
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract())
    exit_code, told = _refused(["import", "--institution", "nobody", str(path)], capsys)
    assert exit_code == 2
    assert "known: leben, sach, kranken, bank, bkk" in told
    assert stats()["contracts"] == 0


@pytest.mark.usefixtures("migrated")
def test_a_path_that_is_not_there_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, told = _refused(["import", str(tmp_path / "nothing")], capsys)
    assert (exit_code, "no such file or folder" in told) == (2, True)


@pytest.mark.usefixtures("migrated")
def test_a_format_that_is_forced_is_not_asked_of_the_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract())
    assert main(["import", "--format", "camt", str(path)]) == 1
    assert "camt, 1 records, 0 accepted" in capsys.readouterr().out


@pytest.mark.usefixtures("migrated")
def test_a_folder_is_read_customers_first_and_letters_last(
    tmp_path: Path, stats: Callable[[], dict[str, int]]
) -> None:
    folder = tmp_path / "feeds"
    feeds.manifest_file(folder / "a", feeds.letter())
    feeds.camt_file(folder / "b.xml", (feeds.statement(closing="1.00"), [feeds.entry("1.00", "x")]))
    feeds.accounts_file(folder / "c.jsonl", feeds.account())
    feeds.gdv_file(folder / "z.gdv", feeds.contract())
    (folder / "ignored.part").touch()
    expected = {
        "institutions": 5,
        "customers": 2,
        "user_accounts": 0,
        "partners": 2,
        "contracts": 1,
        "contracts_visible_to_a_customer": 1,
        "savings_accounts": 1,
        "statements": 1,
        "transactions": 1,
        "transactions_pending": 0,
        "documents": 1,
        "findings": 0,
    }
    for _ in range(2):
        assert main(["import", str(folder)]) == 0
        assert stats() == expected


@pytest.mark.usefixtures("migrated")
def test_the_table_of_numbers_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["stats"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["institutions", "5"]
    assert len({len(line) for line in lines}) == 1


def test_a_setting_that_cannot_be_used_is_named(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KUNDENPORTAL_PORT", "many")
    exit_code, told = _refused(["stats"], capsys)
    assert exit_code == 2
    assert "KUNDENPORTAL_PORT" in told
    assert not data_dir.exists()


@pytest.mark.usefixtures("migrated")
def test_letters_with_codes_are_written_for_who_was_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = feeds.gdv_file(
        tmp_path / "a.gdv",
        feeds.contract(
            "HR1", feeds.anna(street="Lindenweg 7", postal_code="70173", city="Stuttgart")
        ),
    )
    assert main(["import", str(path)]) == 0
    capsys.readouterr()
    assert main(["activation-codes", "--institution", "sach"]) == 0
    told, folder = capsys.readouterr().out.splitlines()
    assert told == "letters: 1, customers without address: 0, without birth date: 0"
    assert sorted(path.name for path in Path(folder).iterdir()) == ["000001.pdf", "manifest.json"]
    assert main(["activation-codes", "--institution", "sach"]) == 0
    assert capsys.readouterr().out.startswith("letters: 0,")


@pytest.mark.usefixtures("migrated")
def test_letters_of_an_unknown_institution_are_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exit_code, told = _refused(["activation-codes", "--institution", "absent"], capsys)
    assert exit_code == 2
    assert "leben" in told


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export-schema"]) == 0
    assert "type Query" in capsys.readouterr().out


def test_the_program_runs_as_a_process() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", "--help"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"usage: kundenportal")


@pytest.mark.usefixtures("migrated")
def test_product_mail_says_how_many_it_reaches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "mail.txt"
    text.write_text("Ab morgen.", encoding="utf-8")
    assert main(_product_mail("sach", text)) == 0
    assert capsys.readouterr().out == "mails: 0, left out: 0\n"
    assert _refused(_product_mail("nobody", text), capsys)[0] == 2
    assert _refused(_product_mail("sach", tmp_path / "absent.txt"), capsys)[0] == 2
    assert _refused(_product_mail("sach", text, "two\nlines"), capsys)[0] == 2


def _product_mail(institution: str, text: Path, subject: str = "Neu") -> list[str]:
    given = {"--institution": institution, "--subject": subject, "--text": str(text)}
    return ["product-mail", *(part for pair in given.items() for part in pair)]


@pytest.mark.usefixtures("migrated")
def test_M2_bounces_that_are_about_nothing_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged, letter = tmp_path / "forged.eml", tmp_path / "letter.eml"
    forged.write_bytes(postfix("0" * 32))
    letter.write_bytes(b"Hallo")
    assert main(["bounces", str(forged), str(letter)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{forged}: about no notice of ours",
        f"{letter}: no delivery report",
    ]
    assert _refused(["bounces", str(tmp_path)], capsys)[0] == 1
    assert main(["notices", "--days", "7"]) == 0
    assert capsys.readouterr().out == ""
