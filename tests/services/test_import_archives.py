"""ZIP archives of banks: every file in them, whatever is wrong with one, nothing beyond bounds."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from sqlalchemy import select

from backend.feeds import archives
from backend.feeds.findings import FeedError
from backend.models.imports import ImportRun
from backend.models.transactions import Transaction
from backend.services.imports import import_file
from backend.services.imports.files import list_feeds
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.portal import Portal

NO_HOLDER = "no holder known: nobody sees this account yet"


def _camt(folder: Path, name: str = "a.xml", closing: str = "10.00") -> bytes:
    path = folder / name
    entries = [feeds.entry(closing, f"Zahlung {closing}")]
    feeds.camt_file(path, (feeds.statement(closing=closing), entries))
    content = path.read_bytes()
    path.unlink()
    return content


def _archive(path: Path, files: dict[str, bytes], method: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _counts(report: FileReport) -> tuple[int, int, int]:
    return report.accepted, report.duplicates, report.rejected


def _told(report: FileReport) -> list[tuple[str | None, str | None]]:
    return [(one.record, one.field) for one in report.findings if one.reason != NO_HOLDER]


async def test_each_file_of_an_archive_is_imported_and_twice_changes_nothing(
    portal: Portal, tmp_path: Path
) -> None:
    files = {"C53/eins.xml": _camt(tmp_path), "leer/": b"", "__MACOSX/._eins.xml": b"x"}
    files["zwei.sta"] = (
        b":20:X\r\n:25:99999999/0001000009\r\n:28C:1/1\r\n:60F:C261119EUR0,00\r\n"
        b":61:2611201120C5,00NTRFNONREF\r\n:86:Miete\r\n:62F:C261120EUR5,00\r\n-\r\n"
    )
    path = _archive(tmp_path / "auszuege.zip", files)
    first = await import_file(portal.house, path)
    again = await import_file(portal.house, path)
    assert (_counts(first), _counts(again)) == ((2, 0, 0), (0, 2, 0))
    assert (first.path, first.format, _told(first)) == (str(path), "zip", [])
    async with portal.transaction() as session:
        runs = (await session.scalars(select(ImportRun.file_name).order_by(ImportRun.id))).all()
        entries = (await session.scalars(select(Transaction.id))).all()
    assert runs == ["auszuege.zip eins.xml", "auszuege.zip zwei.sta"]
    assert len(entries) == 2


async def test_file_that_came_by_itself_before_is_known_in_an_archive(
    portal: Portal, tmp_path: Path
) -> None:
    content = _camt(tmp_path)
    (tmp_path / "a.xml").write_bytes(content)
    await import_file(portal.house, tmp_path / "a.xml")
    report = await import_file(portal.house, _archive(tmp_path / "a.zip", {"a.xml": content}))
    assert (_counts(report), report.format) == ((0, 1, 0), "camt")


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("lies.mich", b"Ihre Bank", "format"),
        ("noch.zip", b"PK\x03\x04" + bytes(40), "format"),
        ("kaputt.xml", b"<Document><BkToCstmrStmt><Stmt>", "XML"),
        ("manifest.json", b'[{"id": "1", "sha256": "", "file": "a.pdf", "subject": ""}]', "file"),
    ],
)
async def test_bad_file_is_named_and_the_others_import(
    portal: Portal, tmp_path: Path, name: str, content: bytes, field: str
) -> None:
    files = {"gut.xml": _camt(tmp_path), name: content, "b.xml": _camt(tmp_path, closing="20.00")}
    report = await import_file(portal.house, _archive(tmp_path / "a.zip", files))
    assert (report.accepted, report.is_usable) == (2, True)
    assert [(record, where) for record, where in _told(report) if where == field] == [(name, field)]


async def test_damaged_file_is_not_taken_over_in_part(portal: Portal, tmp_path: Path) -> None:
    path = _archive(tmp_path / "a.zip", {"a.xml": _camt(tmp_path)}, ZIP_STORED)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"</Ntry>", b"</Ntrz>", 1))
    report = await import_file(portal.house, path)
    assert (_counts(report), _told(report)) == ((0, 0, 1), [("a.xml", "ZIP")])
    async with portal.transaction() as session:
        assert (await session.scalars(select(Transaction.id))).all() == []


def _bomb(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", _camt(folder) + b" " * (1 << 22))
    return buffer.getvalue()


def _encrypted(folder: Path) -> bytes:
    content = bytearray(_archive(folder / "x.zip", {"a.xml": _camt(folder)}).read_bytes())
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(magic) + place, 1)
    return bytes(content)


def _packed_oddly(folder: Path) -> bytes:
    return _archive(folder / "x.zip", {"a.xml": _camt(folder)}, ZIP_LZMA).read_bytes()


def _places_outside(folder: Path) -> bytes:
    content = bytearray(_archive(folder / "x.zip", {"a.xml": _camt(folder)}).read_bytes())
    struct.pack_into("<I", content, content.rindex(b"PK\x05\x06") + 16, 1 << 31)
    return bytes(content)


def _cut_off(folder: Path) -> bytes:
    return _archive(folder / "x.zip", {"a.xml": _camt(folder)}).read_bytes()[:-30]


def _long_list(folder: Path) -> bytes:
    content = bytearray(_archive(folder / "x.zip", {"a.xml": _camt(folder)}).read_bytes())
    struct.pack_into("<I", content, content.rindex(b"PK\x05\x06") + 12, 1 << 25)
    return bytes(content)


@pytest.mark.parametrize(
    "make", [_bomb, _encrypted, _packed_oddly, _places_outside, _cut_off, _long_list]
)
async def test_archive_that_is_not_read_gives_nothing_and_says_why(
    portal: Portal, tmp_path: Path, make: object
) -> None:
    assert callable(make)
    path = tmp_path / "a.zip"
    path.write_bytes(make(tmp_path))
    report = await import_file(portal.house, path)
    assert (report.is_usable, {field for _, field in _told(report)}) == (False, {"ZIP"})
    async with portal.transaction() as session:
        assert (await session.scalars(select(Transaction.id))).all() == []


async def test_archive_without_files_says_so(portal: Portal, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04" + _archive(tmp_path / "b.zip", {}).read_bytes())
    report = await import_file(portal.house, path)
    assert [one.reason for one in report.findings] == ["there is no file in the archive"]


def test_archives_count_and_stand_among_the_feeds_by_their_first_file(tmp_path: Path) -> None:
    _archive(tmp_path / "z.zip", {"a.xml": _camt(tmp_path)})
    (tmp_path / "b.json").write_bytes(b"[]")
    assert [path.name for path in list_feeds(tmp_path)] == ["z.zip", "b.json"]


def test_number_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    path = _archive(tmp_path / "a.zip", {f"{number}.xml": b"x" for number in range(3)})
    with (
        path.open("rb") as stream,
        pytest.raises(FeedError, match="more than 2 files"),
        archives.open_archive(stream),
    ):
        pass
