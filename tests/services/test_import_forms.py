"""Forms in: checked and inspected, never another content under one version, withdrawn at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from msgspec.structs import replace
from sqlalchemy import func, select

from backend.file_ports import ScannerUnavailableError
from backend.models.forms import Form, FormWord
from backend.services.documents import FORMS, delete_orphans
from backend.services.forms import open_form
from backend.services.import_watch import import_waiting
from backend.services.imports import import_file
from tests.graphql.test_uploads import Scanner
from tests.portal import open_portal
from tests.security.hostile_pdfs import pdf
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.clock import StoppedClock
    from backend.house import House
    from backend.services.imports import FileReport
    from backend.settings import Settings
    from tests.portal import Portal

ACTIVE = pdf("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")


async def _forms(portal: Portal) -> list[Form]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(Form).order_by(Form.id)))


async def _import(
    portal: Portal, folder: Path, *forms: dict[str, Any], **values: Any
) -> FileReport:
    path = feeds.forms_file(folder, *forms, **values)
    return await import_file(portal.house, path, institution_key="sach")


async def test_F110_a_form_is_stored_as_it_was_delivered_and_never_in_clear(
    portal: Portal, tmp_path: Path
) -> None:
    report = await _import(portal, tmp_path, feeds.form())
    assert (report.format, report.accepted, report.findings) == ("forms", 1, [])
    [form] = await _forms(portal)
    content = b"".join([chunk async for chunk in await open_form(portal.house, form)])
    assert content == feeds.FORM_PDF
    lying = b"".join([chunk async for chunk in portal.house.objects.get(form.object_key)])
    assert b"%PDF" not in lying


async def test_F110_the_same_list_again_changes_nothing(portal: Portal, tmp_path: Path) -> None:
    await _import(portal, tmp_path, feeds.form())
    before = [form.object_key for form in await _forms(portal)]
    report = await _import(portal, tmp_path, feeds.form())
    assert (report.accepted, report.duplicates, report.rejected) == (0, 1, 0)
    assert [form.object_key for form in await _forms(portal)] == before


async def test_F110_another_content_needs_another_version(portal: Portal, tmp_path: Path) -> None:
    await _import(portal, tmp_path, feeds.form())
    [before] = await _forms(portal)
    other = pdf(pages=2)
    report = await _import(portal, tmp_path, feeds.form(content=other), content=other)
    assert [(one.record, one.field) for one in report.findings] == [("form F-1", "version")]
    [after] = await _forms(portal)
    assert after.sha256 == before.sha256
    report = await _import(portal, tmp_path, feeds.form(content=other, version="2"), content=other)
    assert report.accepted == 1
    assert [form.version for form in await _forms(portal)] == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "values", "field", "reason"),
    [
        (feeds.FORM_PDF, {"sha256": "0" * 64}, "sha256", "the file has another one"),
        (b"no PDF at all", {}, "file", "is no PDF"),
        (ACTIVE, {}, "file", "is refused: ACTIVE_CONTENT"),
        (feeds.PDF, {}, "file", "is refused: DAMAGED"),
    ],
)
async def test_F110_what_is_not_as_announced_or_acts_is_a_finding_and_the_rest_goes_on(
    portal: Portal, tmp_path: Path, content: bytes, values: dict[str, Any], field: str, reason: str
) -> None:
    path = feeds.forms_file(tmp_path, feeds.form("BAD", content, **values), feeds.form("GOOD"))
    (tmp_path / "BAD.pdf").write_bytes(content)
    report = await import_file(portal.house, path, institution_key="sach")
    assert [(one.record, one.field, one.reason) for one in report.findings] == [
        ("form BAD", field, reason)
    ]
    assert [form.external_id for form in await _forms(portal)] == ["GOOD"]
    stored = [info.key async for info in portal.house.objects.list(FORMS)]
    assert len(stored) == 1


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ("Eicar-Signature", "is refused: MALWARE"),
        (
            ScannerUnavailableError("down"),
            "is refused: the malware scanner is away; import it again",
        ),
    ],
)
async def test_F110_a_form_goes_past_the_malware_scanner_as_uploads_do(
    portal: Portal, tmp_path: Path, found: str | Exception, reason: str
) -> None:
    path = feeds.forms_file(tmp_path, feeds.form())

    def scanned_by(answer: str | Exception | None) -> House:
        return replace(portal.house, scanner=Scanner(feeds.FORM_PDF, answer))

    report = await import_file(scanned_by(found), path, institution_key="sach")
    assert [(one.field, one.reason) for one in report.findings] == [("file", reason)]
    assert await _forms(portal) == []
    assert [info.key async for info in portal.house.objects.list(FORMS)] == []
    report = await import_file(scanned_by(None), path, institution_key="sach")
    assert (report.accepted, report.findings) == (1, [])


async def test_F110_a_missing_file_and_an_unnamed_institution_are_findings(
    portal: Portal, tmp_path: Path
) -> None:
    path = feeds.forms_file(tmp_path, feeds.form())
    unnamed = await import_file(portal.house, path)
    assert [one.field for one in unnamed.findings] == ["institution"]
    (tmp_path / "F-1.pdf").unlink()
    missing = await import_file(portal.house, path, institution_key="sach")
    assert [one.reason for one in missing.findings] == ["is missing"]
    assert await _forms(portal) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"file": "../F-1.pdf"}, "file"),
        ({"title": {"de": "Nur deutsch"}}, "title.en"),
        ({"title": "kein Paar"}, "title"),
        ({"category": "ART"}, "category"),
        ({"valid_until": "2025-12-31"}, "valid_until"),
        ({"keywords": "claim"}, "keywords"),
        ({"version": ""}, "version"),
    ],
)
async def test_F110_a_wrong_field_is_named(
    portal: Portal, tmp_path: Path, values: dict[str, Any], field: str
) -> None:
    path = tmp_path / "forms.json"
    path.write_text(json.dumps([feeds.form(**values)]))
    report = await import_file(portal.house, path, institution_key="sach")
    assert field in {one.field for one in report.findings}
    assert await _forms(portal) == []


async def test_F110_a_withdrawn_form_stays_withdrawn_when_an_old_list_comes_again(
    portal: Portal, tmp_path: Path
) -> None:
    await _import(portal, tmp_path / "a", feeds.form())
    report = await _import(portal, tmp_path / "b", {"form": "F-1", "withdrawn": True})
    assert report.accepted == 1
    report = await _import(portal, tmp_path / "b", {"form": "F-1", "withdrawn": True})
    assert (report.accepted, report.duplicates) == (0, 1)
    await _import(portal, tmp_path / "a", feeds.form())
    assert [form.is_withdrawn for form in await _forms(portal)] == [True]


async def test_F110_a_delivery_in_the_watched_folder_is_put_aside_whole(
    settings: Settings, clock: StoppedClock, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    feeds.forms_file(inbox / "bank", feeds.form())
    changed = structs.replace(settings, import_dir=inbox)
    async with open_portal(changed, clock) as portal:
        assert await import_waiting(portal.house, settle_seconds=0) == 1
        assert len(await _forms(portal)) == 1
    names = {path.name for path in (inbox / "done" / "bank").iterdir()}
    assert names == {"F-1.pdf", "forms.json", "forms.json.report.json"}


async def test_F110_the_object_of_a_form_is_no_orphan(portal: Portal, tmp_path: Path) -> None:
    await _import(portal, tmp_path, feeds.form())
    [form] = await _forms(portal)
    later = form.imported_at.replace(year=2100)
    assert await delete_orphans(portal.house.sessions, portal.house.objects, now=later) == 0
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count(FormWord.token)))
        await session.delete(await session.get_one(Form, form.id))
    assert await delete_orphans(portal.house.sessions, portal.house.objects, now=later) == 1
