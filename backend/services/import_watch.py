"""Feeds that wait in the watched folder or under the watched prefix: imported and put aside."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from backend.feeds.findings import Finding
from backend.models.institutions import Institution
from backend.ports import PortError
from backend.services.import_bucket import import_from_bucket
from backend.services.imports import FileReport, import_file
from backend.services.imports.files import list_feeds
from backend.services.imports.pdf_files import listed_files
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backend.services.imports import ImportHouse

_log = logging.getLogger(__name__)

DONE = "done"
FAILED = "failed"
REPORT_SUFFIX = ".report.json"
SETTLE_SECONDS = 1.0


async def import_waiting(house: ImportHouse, *, settle_seconds: float = SETTLE_SECONDS) -> int:
    """Import the feeds that wait, and return how many were taken.

    A file in the folder KUNDENPORTAL_IMPORT_DIR is taken once its size and time stand still for a
    moment; names that are hidden or end in ".part" are not looked at, and PDFs wait for their
    manifest. A subfolder with the key of an institution says whose files they are. What gave
    something moves to done/, what gave nothing to failed/, each with its report beside it.
    Objects below KUNDENPORTAL_IMPORT_S3_PREFIX are treated alike.

    Raises:
        PortError, OperationalError: an outside system is down; everything is still there.
    """
    taken = 0
    folder = house.settings.import_dir
    if folder is not None and folder.is_dir():
        taken += await _import_folder(house, folder, settle_seconds)
    if house.settings.import_s3_prefix:
        taken += await import_from_bucket(house, house.settings.import_s3_prefix, import_put_down)
    return taken


class Delivery(Value):
    """A feed with the files that belong to it, all below `root`."""

    root: Path
    feed: Path
    parts: tuple[Path, ...]


async def _import_folder(house: ImportHouse, folder: Path, settle_seconds: float) -> int:
    before = await asyncio.to_thread(_snapshot, folder)
    if not before:
        return 0
    await asyncio.sleep(settle_seconds)
    after = await asyncio.to_thread(_snapshot, folder)
    still = {path for path, state in after.items() if before.get(path) == state}
    taken = 0
    for feed in await asyncio.to_thread(_feeds_in, folder):
        delivery = await asyncio.to_thread(_delivery, folder, feed)
        if still.issuperset((feed, *delivery.parts)):
            report = await import_put_down(house, folder, feed)
            await asyncio.to_thread(_put_aside, delivery, report)
            taken += 1
    return taken


async def import_put_down(house: ImportHouse, root: Path, feed: Path) -> FileReport:
    """Import a file that lies below `root`, for the institution of its first folder.

    A file on which the import breaks off unexpectedly gives nothing; only what is down outside
    raises, as the file can't help it.
    """
    parts = feed.relative_to(root).parts
    key = parts[0] if len(parts) > 1 else None
    report = FileReport(str(feed))
    if key is not None and not await _is_institution(house, key):
        reason = f"the folder {key} is no institution's key"
        report.note(Finding(None, None, "institution", reason, rejects=True))
        return report
    try:
        report = await import_file(house, feed, institution_key=key)
    except (PortError, OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001  # one file must not stop those behind it
        _log.exception("import_broke_off", extra={"file": feed.name})
        reason = "the import broke off unexpectedly; the log says more"
        report.note(Finding(None, None, None, reason, rejects=True))
    _log.info(
        "file_imported",
        extra={
            "file": feed.name,
            "format": report.format,
            "accepted": report.accepted,
            "rejected": report.rejected,
            "duplicates": report.duplicates,
            "findings": len(report.findings),
        },
    )
    return report


async def _is_institution(house: ImportHouse, key: str) -> bool:
    async with house.sessions() as session:
        query = select(Institution.id).where(Institution.key == key)
        return await session.scalar(query) is not None


def _snapshot(folder: Path) -> Mapping[Path, tuple[int, int]]:
    """Size and time of every file that may be taken."""
    found = {}
    for path in folder.rglob("*"):
        if path.relative_to(folder).parts[0] in {DONE, FAILED}:
            continue
        try:
            state = path.stat()
        except FileNotFoundError:
            continue
        if path.is_file():
            found[path] = (state.st_size, state.st_mtime_ns)
    return found


def _feeds_in(folder: Path) -> list[Path]:
    return [
        path
        for path in list_feeds(folder)
        if path.relative_to(folder).parts[0] not in {DONE, FAILED}
    ]


def _delivery(root: Path, feed: Path) -> Delivery:
    paths = {feed.parent / name for name in listed_files(feed)}
    return Delivery(root, feed, tuple(sorted(path for path in paths if path.is_file())))


def _put_aside(delivery: Delivery, report: FileReport) -> None:
    """Move a delivery, the feed last: killed on the way, it is imported and moved once more."""
    root = delivery.root
    place = root / (DONE if report.is_usable else FAILED)
    for part in delivery.parts:
        _move(part, _free(place / part.relative_to(root)))
    goal = _free(place / delivery.feed.relative_to(root))
    goal.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(report.as_json(), ensure_ascii=False, indent=2)
    goal.with_name(goal.name + REPORT_SUFFIX).write_text(content + "\n", encoding="utf-8")
    _move(delivery.feed, goal)


def _move(path: Path, goal: Path) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True)
    path.rename(goal)


def _free(path: Path) -> Path:
    """A name nobody has: a second delivery of the same name must not replace the first."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
