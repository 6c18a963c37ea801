"""`kundenportal submissions`: empty, or every line explains itself (M2)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from backend import database
from backend.app import open_house
from backend.cli import main
from backend.models.personal_details import (
    PersonalDetailsChange,
    PersonalDetailsEvidence,
    PersonalDetailsKind,
    PersonalDetailsState,
)
from backend.models.submissions import SubmissionKind
from backend.services.submission_watch import reroute_overdue
from backend.services.submissions import submit
from backend.settings import Settings
from tests import factories

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an empty portal."""
    monkeypatch.setenv("KUNDENPORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KUNDENPORTAL_LOG_LEVEL", "ERROR")
    assert main(["migrate"]) == 0
    return tmp_path


@pytest.fixture
def reference(database_of_its_own: Path) -> str:
    """A submission that the service desk was asked about."""
    return asyncio.run(_submitted(database_of_its_own))


@pytest.fixture
def renamed(database_of_its_own: Path) -> str:
    """A new name that was sent with a certificate."""
    return asyncio.run(_renamed(database_of_its_own))


async def _submitted(folder: Path) -> str:
    async with open_house(Settings(data_dir=folder)) as house:
        async with database.writing(house.sessions) as session:
            owner = await factories.customer(session)
            await factories.user_account(session, owner)
            submission = await submit(
                session,
                house,
                customer_id=owner.id,
                institution_id=(await factories.institution(session)).id,
                kind=SubmissionKind.BANK_ACCOUNT_CHANGED,
                subject="Neue Bankverbindung",
                payload={"iban": "DE43999999990001000001"},
            )
        await reroute_overdue(house)
        return submission.uid


async def _renamed(folder: Path) -> str:
    async with (
        open_house(Settings(data_dir=folder)) as house,
        database.writing(house.sessions) as session,
    ):
        owner = await factories.customer(session)
        sach = await factories.institution(session)
        key, stored = await factories.stored_file(house, owner, b"%PDF-1.7 certificate")
        given = {"file_name": "Urkunde.pdf", "sha256": stored.sha256, "object_key": key}
        sent_at = datetime(2026, 11, 20, 12, tzinfo=UTC)
        document = await factories.document(session, owner, sent_at, **given)
        told = {"fileName": "Urkunde.pdf", "sha256": document.sha256}
        submission = await submit(
            session,
            house,
            customer_id=owner.id,
            institution_id=sach.id,
            kind=SubmissionKind.PERSONAL_DETAILS_CHANGED,
            subject="Neuer Name",
            payload={"evidence": [told]},
        )
        change = PersonalDetailsChange(
            customer_id=owner.id,
            institution_id=sach.id,
            kind=PersonalDetailsKind.NAME,
            version=1,
            state=PersonalDetailsState.PENDING,
            change_uid=submission.uid,
            submission_uid=submission.uid,
            given_name="Anna",
            family_name="Neumann",
            effective_from=sent_at.date(),
            changed_at=sent_at,
        )
        session.add(change)
        await session.flush()
        session.add(PersonalDetailsEvidence(change_id=change.id, document_id=document.id))
        return submission.uid


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    exit_code = main(["submissions", *arguments])
    return exit_code, capsys.readouterr().out


def _petra(what: str, reference: str, *more: str) -> tuple[str, ...]:
    return (what, reference, "--case-handler", "Petra Muster", *more)


def test_M2_what_is_stuck_is_told_until_the_desk_has_settled_it(
    reference: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, told = _told(capsys, "--stuck", "--json")
    (line,) = [json.loads(line) for line in told.splitlines()]
    assert (exit_code, line["uid"], line["state"]) == (1, reference, "REROUTED")
    assert "service@musterland.example" in line["why"]
    assert datetime.fromisoformat(line["due_at"]).tzinfo
    assert "DE43" not in told

    assert _told(capsys, *_petra("confirm", reference)) == (0, "done\n")
    assert _told(capsys, *_petra("confirm", reference)) == (0, "it was answered so before\n")
    assert _told(capsys, "--stuck") == (0, "")
    assert _told(capsys) == (0, "")


def test_M2_the_content_is_shown_with_a_name_and_a_reason(
    reference: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, told = _told(capsys, *_petra("show", reference, "--reason", "Umleitung"))
    event: dict[str, Any] = json.loads(told)
    assert (exit_code, event["payload"]) == (0, {"iban": "DE43999999990001000001"})
    assert main(["submissions", "show", reference]) == 2
    assert main(["submissions", *_petra("refuse", reference)]) == 2


def test_M2_what_is_not_there_or_was_settled_otherwise_fails(
    reference: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _told(capsys, *_petra("confirm", "0" * 32))[0] == 1
    assert _told(capsys, *_petra("refuse", reference, "--reason", "Nein."))[0] == 0
    assert _told(capsys, *_petra("confirm", reference))[0] == 1


def test_M2_the_public_key_is_printed(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    del reference
    exit_code, told = _told(capsys, "key")
    assert exit_code == 0
    assert len(told.split()[-1]) == 64


def test_F37_evidence_is_written_for_the_desk(
    renamed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pruefung"
    asked = _petra("evidence", renamed, "--reason", "Prüfung", "--to", str(folder))
    file = folder / renamed / "2026-11-20 Urkunde.pdf"
    assert _told(capsys, *asked) == (0, f"{file}\n")
    assert file.read_bytes() == b"%PDF-1.7 certificate"
    assert main(["submissions", *asked]) == 1
    assert capsys.readouterr().err.endswith(f"{folder / renamed} is there already\n")


def test_F37_evidence_that_is_not_there_is_told(
    reference: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--reason", "Prüfung", "--to", str(tmp_path / "pruefung"))
    assert main(["submissions", *_petra("evidence", reference, *where)]) == 1
    assert capsys.readouterr().err.endswith("no file was sent along\n")
    assert main(["submissions", *_petra("evidence", "0" * 32, *where)]) == 1
    assert main(["submissions", *_petra("evidence", reference, *where[:2])]) == 2
    assert not (tmp_path / "pruefung").exists()
