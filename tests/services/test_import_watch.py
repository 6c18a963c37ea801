"""The watched folder and the watched prefix: taken when whole, put aside, never lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from sqlalchemy import func, select

from backend.models.contracts import Contract
from backend.models.documents import Document
from backend.models.institutions import Institution
from backend.services.import_watch import import_waiting
from tests.portal import open_portal
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from backend.clock import StoppedClock
    from backend.settings import Settings
    from tests.portal import Portal


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
async def watching(settings: Settings, clock: StoppedClock, inbox: Path) -> AsyncIterator[Portal]:
    """A portal that watches a folder and a prefix."""
    changed = structs.replace(settings, import_dir=inbox, import_s3_prefix="inbox")
    async with open_portal(changed, clock) as opened:
        yield opened


async def _wait(portal: Portal) -> int:
    return await import_waiting(portal.house, settle_seconds=0)


async def _count(portal: Portal, kind: type[Any]) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count(kind.id))) or 0


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_file_is_imported_and_moved_with_its_report(watching: Portal, inbox: Path) -> None:
    feeds.gdv_file(inbox / "a.gdv", feeds.contract())
    assert await _wait(watching) == 1
    assert _files(inbox) == ["done/a.gdv", "done/a.gdv.report.json"]
    report = json.loads((inbox / "done/a.gdv.report.json").read_text(encoding="utf-8"))
    assert (report["accepted"], report["format"]) == (1, "gdv")
    assert await _wait(watching) == 0
    assert await _count(watching, Contract) == 1


async def test_a_subfolder_names_the_institution(watching: Portal, inbox: Path) -> None:
    (inbox / "leben").mkdir()
    feeds.gdv_file(inbox / "leben" / "a.gdv", feeds.contract())
    assert await _wait(watching) == 1
    async with watching.transaction() as session:
        key = await session.scalar(
            select(Institution.key).join(Contract, Contract.institution_id == Institution.id)
        )
    assert key == "leben"
    assert _files(inbox) == ["done/leben/a.gdv", "done/leben/a.gdv.report.json"]


async def test_what_gives_nothing_is_kept_apart(watching: Portal, inbox: Path) -> None:
    (inbox / "a.txt").write_text("nothing of ours", encoding="utf-8")
    (inbox / "nobody").mkdir()
    feeds.gdv_file(inbox / "nobody" / "b.gdv", feeds.contract())
    assert await _wait(watching) == 2
    assert _files(inbox) == [
        "failed/a.txt",
        "failed/a.txt.report.json",
        "failed/nobody/b.gdv",
        "failed/nobody/b.gdv.report.json",
    ]
    assert await _count(watching, Contract) == 0


async def test_unfinished_files_and_lone_pdfs_wait(watching: Portal, inbox: Path) -> None:
    feeds.gdv_file(inbox / "a.gdv.part", feeds.contract())
    (inbox / "letter.pdf").write_bytes(feeds.PDF)
    assert await _wait(watching) == 0
    assert _files(inbox) == ["a.gdv.part", "letter.pdf"]


async def test_a_file_that_still_grows_waits(
    watching: Portal, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = feeds.gdv_file(inbox / "a.gdv", feeds.contract())

    async def grow(_seconds: float) -> None:
        with path.open("ab") as stream:
            stream.write(b" ")

    monkeypatch.setattr("backend.services.import_watch.asyncio.sleep", grow)
    assert await _wait(watching) == 0
    monkeypatch.undo()
    assert await _wait(watching) == 1


async def test_a_manifest_brings_its_files_after_the_customers(
    watching: Portal, inbox: Path
) -> None:
    feeds.manifest_file(inbox / "sach", feeds.letter())
    feeds.gdv_file(inbox / "sach" / "z.gdv", feeds.contract())
    assert await _wait(watching) == 2
    assert await _count(watching, Document) == 1
    assert [name for name in _files(inbox) if not name.endswith("report.json")] == [
        "done/sach/D-1.pdf",
        "done/sach/manifest.json",
        "done/sach/z.gdv",
    ]


async def test_a_second_delivery_of_one_name_keeps_both(watching: Portal, inbox: Path) -> None:
    for days in (0, 1):
        as_of = feeds.DAY + timedelta(days=days)
        feeds.gdv_file(inbox / "a.gdv", feeds.contract(), as_of=as_of)
        assert await _wait(watching) == 1
    assert [name for name in _files(inbox) if name.endswith(".gdv")] == [
        "done/a-2.gdv",
        "done/a.gdv",
    ]


async def test_one_file_that_breaks_the_import_does_not_stop_the_next(
    watching: Portal, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds.gdv_file(inbox / "a.gdv", feeds.contract("A"))
    feeds.gdv_file(inbox / "b.gdv", feeds.contract("B"))
    real = import_waiting.__globals__["import_file"]

    async def break_on_a(house: Any, path: Path, **options: Any) -> Any:
        if path.name == "a.gdv":
            raise ValueError("a defect")
        return await real(house, path, **options)

    monkeypatch.setattr("backend.services.import_watch.import_file", break_on_a)
    assert await _wait(watching) == 2
    assert [name for name in _files(inbox) if name.endswith(".gdv")] == [
        "done/b.gdv",
        "failed/a.gdv",
    ]


async def _put(portal: Portal, key: str, path: Path) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield path.read_bytes()

    await portal.house.objects.put(key, content())


async def test_objects_under_the_prefix_are_imported_and_moved(
    watching: Portal, tmp_path: Path
) -> None:
    manifest = feeds.manifest_file(tmp_path / "d", feeds.letter())
    await _put(watching, "inbox/sach/manifest.json", manifest)
    await _put(watching, "inbox/sach/D-1.pdf", tmp_path / "d" / "D-1.pdf")
    gdv = feeds.gdv_file(tmp_path / "z.gdv", feeds.contract())
    await _put(watching, "inbox/sach/z.gdv", gdv)
    assert await _wait(watching) == 2
    keys = sorted([info.key async for info in watching.house.objects.list("inbox/")])
    assert keys == [
        "inbox/done/sach/D-1.pdf",
        "inbox/done/sach/manifest.json",
        "inbox/done/sach/manifest.json.report.json",
        "inbox/done/sach/z.gdv",
        "inbox/done/sach/z.gdv.report.json",
    ]
    assert (await _count(watching, Contract), await _count(watching, Document)) == (1, 1)
    assert await _wait(watching) == 0
