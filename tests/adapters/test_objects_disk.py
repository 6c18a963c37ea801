from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backend.adapters.objects_disk import DiskObjects
from backend.ports import ObjectMissingError, StoreUnavailableError
from tests.adapters.chunks import MIB, chunked, collect, random_bytes

if TYPE_CHECKING:
    from collections.abc import Generator

PROJECT = Path(__file__).parents[2]

KILLED_WRITER = """
import asyncio, sys
from pathlib import Path
from backend.adapters.objects_disk import DiskObjects

async def endless():
    while True:
        yield bytes(1 << 20)
        print("block", flush=True)

async def main():
    async with DiskObjects(Path(sys.argv[1])) as objects:
        await objects.put("a/b", endless())

asyncio.run(main())
"""


@contextmanager
def full_disk(largest_file: int) -> Generator[None]:
    """Let the kernel refuse to write any file beyond a size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def open_files() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def files_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


async def test_objects_and_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    async with DiskObjects(tmp_path / "objects") as objects:
        await objects.put("ab/cd", chunked(b"x"))

    assert stat.S_IMODE((tmp_path / "objects").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "objects/ab").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "objects/ab/cd").stat().st_mode) == 0o600


async def test_a_full_disk_refuses_the_object_and_keeps_the_others(tmp_path: Path) -> None:
    async with DiskObjects(tmp_path) as objects:
        await objects.put("before", chunked(b"kept"))

        with full_disk(2 * MIB), pytest.raises(StoreUnavailableError, match="File too large"):
            await objects.put("big", chunked(random_bytes(5 * MIB)))

        assert await collect(objects.get("before")) == b"kept"
        assert files_in(tmp_path) == ["before"]


async def test_a_full_disk_fails_the_check(tmp_path: Path) -> None:
    async with DiskObjects(tmp_path) as objects:
        with full_disk(0), pytest.raises(StoreUnavailableError):
            await objects.check()

    assert files_in(tmp_path) == []


async def test_an_unmounted_folder_is_unavailable_not_empty(tmp_path: Path) -> None:
    async with DiskObjects(tmp_path / "mount") as objects:
        (tmp_path / "mount").rename(tmp_path / "elsewhere")

        with pytest.raises(StoreUnavailableError):
            await collect(objects.get("a"))
        with pytest.raises(StoreUnavailableError):
            await objects.put("a", chunked(b"x"))
        with pytest.raises(StoreUnavailableError):
            await objects.delete("a")
        with pytest.raises(StoreUnavailableError):
            assert [info async for info in objects.list()] == []
        with pytest.raises(StoreUnavailableError):
            await objects.check()

    assert not (tmp_path / "mount").exists()


async def test_a_folder_is_no_object(tmp_path: Path) -> None:
    async with DiskObjects(tmp_path) as objects:
        await objects.put("a/b", chunked(b"x"))

        with pytest.raises(ObjectMissingError):
            await collect(objects.get("a"))


async def test_a_killed_writer_leaves_a_draft_that_no_reader_sees(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_WRITER, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as writer:  # noqa: ASYNC220
        assert writer.stdout is not None
        assert [writer.stdout.readline() for _ in range(3)] == [b"block\n"] * 3
        writer.kill()

    async with DiskObjects(tmp_path) as objects:
        assert [info async for info in objects.list()] == []
        with pytest.raises(ObjectMissingError):
            await collect(objects.get("a/b"))
        assert len(files_in(tmp_path)) == 1
        assert files_in(tmp_path)[0].startswith(".drafts/")


async def test_only_drafts_older_than_a_day_are_removed_at_the_start(tmp_path: Path) -> None:
    async with DiskObjects(tmp_path):
        pass
    for name, hours in [("old", 25), ("young", 23)]:
        draft = tmp_path / ".drafts" / name
        draft.write_bytes(b"x")
        written_at = time.time() - hours * 3600
        os.utime(draft, (written_at, written_at))

    async with DiskObjects(tmp_path):
        pass

    assert files_in(tmp_path) == [".drafts/young"]


async def test_a_reader_that_stops_early_closes_the_file(tmp_path: Path) -> None:
    async with DiskObjects(tmp_path) as objects:
        await objects.put("a", chunked(random_bytes(3 * MIB)))
        open_before = open_files()
        reader = objects.get("a")
        assert len(await anext(reader)) == MIB

        await reader.aclose()

        assert open_files() <= open_before
