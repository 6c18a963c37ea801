"""Feeds under a prefix of the bucket: fetched, imported like files and moved aside."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from backend.ports import ObjectExistsError
from backend.services.imports.files import is_feed
from backend.services.imports.pdf_files import listed_files

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from backend.ports import ObjectStore
    from backend.services.imports import FileReport, ImportHouse

    Import = Callable[[ImportHouse, Path, Path], Awaitable[FileReport]]

_DONE = "done/"
_FAILED = "failed/"
_REPORT_SUFFIX = ".report.json"


async def import_from_bucket(house: ImportHouse, prefix: str, import_one: Import) -> int:
    """Import every feed under a prefix, and return how many were taken.

    Objects appear whole, so that nothing has to settle. PDFs wait for the manifest that lists
    them. The prefix's done/ and failed/ hold what was taken, each with its report.
    """
    prefix = prefix if prefix.endswith("/") else f"{prefix}/"
    names = sorted(
        [
            info.key.removeprefix(prefix)
            async for info in house.objects.list(prefix)
            if not info.key.removeprefix(prefix).startswith((_DONE, _FAILED))
        ]
    )
    taken = 0
    # A manifest comes after the files that make its customers known.
    for name in sorted(names, key=lambda name: PurePosixPath(name).name == "manifest.json"):
        with tempfile.TemporaryDirectory() as folder:
            taken += await _import_one(house, prefix, name, Path(folder), import_one)
    return taken


async def _import_one(
    house: ImportHouse, prefix: str, name: str, folder: Path, import_one: Import
) -> int:
    feed = folder / name
    await _fetch(house.objects, prefix + name, feed)
    if not await asyncio.to_thread(is_feed, feed, folder):
        return 0
    parts: list[str] = []
    parent = PurePosixPath(name).parent
    for listed in await asyncio.to_thread(listed_files, feed):
        part = str(parent / listed)
        if await _exists(house.objects, prefix + part):
            await _fetch(house.objects, prefix + part, folder / part)
            parts.append(part)
    report = await import_one(house, folder, feed)
    place = prefix + (_DONE if report.is_usable else _FAILED)
    for part in parts:
        await _move(house.objects, prefix + part, place + part)
    content = json.dumps(report.as_json(), ensure_ascii=False, indent=2).encode()
    await _put_free(house.objects, place + name + _REPORT_SUFFIX, lambda: _once(content))
    await _move(house.objects, prefix + name, place + name)
    return 1


async def _fetch(objects: ObjectStore, key: str, path: Path) -> None:
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    stream = await asyncio.to_thread(path.open, "wb")
    try:
        async for chunk in objects.get(key):
            await asyncio.to_thread(stream.write, chunk)
    finally:
        stream.close()


async def _exists(objects: ObjectStore, key: str) -> bool:
    return any([info.key == key async for info in objects.list(key)])


async def _move(objects: ObjectStore, key: str, goal: str) -> None:
    """Copy and delete: killed in between, both are there and nothing is lost."""
    await _put_free(objects, goal, lambda: objects.get(key))
    await objects.delete(key)


async def _put_free(
    objects: ObjectStore, key: str, content: Callable[[], AsyncIterator[bytes]]
) -> None:
    number, free = 1, key
    while True:
        try:
            await objects.put(free, content())
        except ObjectExistsError:
            number += 1
            path = PurePosixPath(key)
            free = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
        else:
            return


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
