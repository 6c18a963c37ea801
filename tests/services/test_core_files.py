"""Core systems that take files and answer by files: each event once, whatever dies (M2)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from backend import database
from backend.models.submissions import SubmissionState
from backend.services import job_folders
from backend.services.core_files import folder_of, write_core_files
from backend.services.imports import import_file
from tests.signing_in import person
from tests.submitting import BY_FILE, BY_HTTP, PAYLOAD, connect, reload, steps_of, submitted

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.portal import Portal

RECEIVED, TRANSMITTED = SubmissionState.RECEIVED, SubmissionState.TRANSMITTED
NS = {"m": "urn:kundenportal:mandate-amendments:1"}


def _batches(portal: Portal) -> list[Path]:
    return sorted(
        path for path in folder_of(portal.house, "sach").iterdir() if not path.name.startswith(".")
    )


def _events(batch: Path) -> list[dict[str, Any]]:
    lines = (batch / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


async def _answers(portal: Portal, path: Path, *lines: object, key: str = "sach") -> FileReport:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return await import_file(portal.house, path, institution_key=key)


async def test_M2_a_batch_holds_what_waits_and_its_manifest_proves_it(portal: Portal) -> None:
    connect(portal, BY_FILE)
    account = await person(portal)
    first = await submitted(portal, account.customer_id)
    second = await submitted(portal, account.customer_id)
    assert await write_core_files(portal.house) == 2
    assert await write_core_files(portal.house) == 0
    (batch,) = _batches(portal)
    assert [event["id"] for event in _events(batch)] == [first.uid, second.uid]
    assert _events(batch)[0]["payload"] == PAYLOAD
    manifest = json.loads((batch / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["batch"], manifest["events"]) == (batch.name, 2)
    assert manifest["files"] == [
        {
            "file": "events.jsonl",
            "sha256": hashlib.sha256((batch / "events.jsonl").read_bytes()).hexdigest(),
        }
    ]
    assert (batch / "events.jsonl").stat().st_mode & 0o077 == 0
    assert await steps_of(portal, first) == [RECEIVED, TRANSMITTED]
    assert (await reload(portal, second)).batch == batch.name


async def test_M2_only_core_systems_that_take_files_get_any(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    connect(portal, BY_FILE, key="bank")
    submission = await submitted(portal, (await person(portal)).customer_id)
    assert await write_core_files(portal.house) == 0
    assert (await reload(portal, submission)).state is RECEIVED


async def test_M2_a_run_that_dies_before_the_commit_repeats_nothing(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(portal, BY_FILE)
    submission = await submitted(portal, (await person(portal)).customer_id)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(database, "writing", die)
        with pytest.raises(KeyboardInterrupt):
            await write_core_files(portal.house)
    assert _batches(portal) == []
    assert await write_core_files(portal.house) == 1
    (batch,) = _batches(portal)
    assert [event["id"] for event in _events(batch)] == [submission.uid]


async def test_M2_a_run_that_dies_after_the_commit_is_finished_by_the_next(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(portal, BY_FILE)
    submission = await submitted(portal, (await person(portal)).customer_id)

    def die(*_: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(job_folders, "hand_over", die)
        with pytest.raises(KeyboardInterrupt):
            await write_core_files(portal.house)
    assert _batches(portal) == []
    assert await write_core_files(portal.house) == 0
    (batch,) = _batches(portal)
    assert [event["id"] for event in _events(batch)] == [submission.uid]


@pytest.mark.parametrize(
    ("original", "place"),
    [("DE16999999990001000002", "m:IBAN"), ("SMNDA", "m:Othr/m:Id")],
)
async def test_M2_a_continued_mandate_is_written_as_an_amendment(
    portal: Portal, original: str, place: str
) -> None:
    connect(portal, BY_FILE)
    mandate = {
        "reference": "M-1",
        "creditorIdentifier": "DE98ZZZ09999999999",
        "signedOn": "2020-01-31",
        "isContinued": True,
        "AmdmntInfInd": True,
        "OrgnlDbtrAcct": original,
    }
    replaced = {"reference": "M-2", "isContinued": False}
    contracts = [{"mandate": mandate}, {"mandate": replaced}, {"mandate": None}]
    payload = PAYLOAD | {"bic": "MUSLDE99XXX", "contracts": contracts}
    submission = await submitted(portal, (await person(portal)).customer_id, payload=payload)
    await write_core_files(portal.house)
    (batch,) = _batches(portal)
    root = etree.parse(batch / "mandate-amendments.xml").getroot()
    (amendment,) = root.findall("m:Amendment", NS)
    related = amendment.find("m:DrctDbtTx/m:MndtRltdInf", NS)
    assert amendment.findtext("m:EvtId", namespaces=NS) == submission.uid
    assert related is not None
    assert related.findtext("m:MndtId", namespaces=NS) == "M-1"
    assert related.findtext("m:AmdmntInd", namespaces=NS) == "true"
    original_account = f"m:AmdmntInfDtls/m:OrgnlDbtrAcct/m:Id/{place}"
    assert related.findtext(original_account, namespaces=NS) == original
    assert amendment.findtext("m:DbtrAcct/m:Id/m:IBAN", namespaces=NS) == PAYLOAD["iban"]
    manifest = json.loads((batch / "manifest.json").read_text(encoding="utf-8"))
    names = [file["file"] for file in manifest["files"]]
    assert names == ["events.jsonl", "mandate-amendments.xml"]


async def test_M2_a_file_of_answers_settles_and_may_come_again(
    portal: Portal, tmp_path: Path
) -> None:
    connect(portal, BY_FILE)
    account = await person(portal)
    good = await submitted(portal, account.customer_id)
    bad = await submitted(portal, account.customer_id)
    await write_core_files(portal.house)
    lines = (
        {"submission": good.uid, "outcome": "CONFIRMED"},
        {"submission": bad.uid, "outcome": "REFUSED", "reason": "Unbekannt."},
    )
    report = await _answers(portal, tmp_path / "acknowledgements.jsonl", *lines)
    assert (report.format, report.accepted, report.duplicates) == ("acknowledgements", 2, 0)
    again = await _answers(portal, tmp_path / "acknowledgements.jsonl", *lines)
    assert (again.accepted, again.duplicates, again.findings) == (0, 2, [])
    assert await steps_of(portal, good) == [RECEIVED, TRANSMITTED, SubmissionState.CONFIRMED]
    assert await steps_of(portal, bad) == [RECEIVED, TRANSMITTED, SubmissionState.REFUSED]


async def test_M2_answers_that_can_not_be_right_are_findings_and_the_rest_is_applied(
    portal: Portal, tmp_path: Path
) -> None:
    connect(portal, BY_FILE)
    submission = await submitted(portal, (await person(portal)).customer_id)
    report = await _answers(
        portal,
        tmp_path / "a.jsonl",
        {"submission": submission.uid, "outcome": "CONFIRMED"},
        {"submission": "0" * 32, "outcome": "CONFIRMED"},
        {"submission": submission.uid, "outcome": "REFUSED", "reason": "Nein."},
        {"submission": submission.uid, "outcome": "REFUSED"},
    )
    assert (report.accepted, report.rejected) == (1, 3)
    assert [(finding.line, finding.field) for finding in report.findings] == [
        (2, "submission"),
        (3, "outcome"),
        (4, "reason"),
    ]
    assert (await reload(portal, submission)).state is SubmissionState.CONFIRMED


async def test_M2_answers_of_another_institution_or_of_nobody_change_nothing(
    portal: Portal, tmp_path: Path
) -> None:
    connect(portal, BY_FILE)
    submission = await submitted(portal, (await person(portal)).customer_id)
    line = {"submission": submission.uid, "outcome": "CONFIRMED"}
    foreign = await _answers(portal, tmp_path / "a.jsonl", line, key="bank")
    nobody = await import_file(portal.house, tmp_path / "a.jsonl")
    assert not foreign.is_usable
    assert not nobody.is_usable
    assert await steps_of(portal, submission) == [RECEIVED]
