"""Objects as files on local disk: whole and durable, or not there at all."""

from __future__ import annotations

import os
import stat
import time
from contextlib import aclosing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from backend.adapters.streams import BLOCK_SIZE, in_blocks, in_thread
from backend.ports import (
    ObjectExistsError,
    ObjectInfo,
    ObjectMissingError,
    StoreUnavailableError,
    require_object_key,
    require_object_prefix,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterator
    from pathlib import Path

_DRAFTS = ".drafts"
_ABANDONED_AFTER_SECONDS = 24 * 3600
_LIST_BATCH = 1000


class DiskObjects:
    """Port ObjectStore below one folder; `async with` prepares it.

    An object is written to a draft, synced, and then linked to its name, which fails if the name
    is taken: two writers of one key can't both win, and a crash leaves a draft, never half an
    object. Drafts of a crashed process are removed a day later, at the next start.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._drafts = root / _DRAFTS
        self._durable_folders = {root}

    async def __aenter__(self) -> Self:
        await in_thread(self._prepare)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is held open between calls."""

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        """Write an object durably. Raises ObjectExistsError if the key is taken."""
        draft = _Draft(self._drafts / uuid4().hex, self._path(key), self._durable_folders)
        try:
            await in_thread(draft.begin)
            async with aclosing(in_blocks(chunks, BLOCK_SIZE)) as blocks:
                async for block in blocks:
                    await in_thread(draft.write, block)
            await in_thread(draft.publish)
        except BaseException:
            await in_thread(draft.discard)
            raise

    async def get(self, key: str) -> AsyncGenerator[bytes]:
        """Iterate over an object's bytes in blocks of 1 MiB."""
        reader = _Reader(self._path(key))
        try:
            if not await in_thread(reader.begin):
                await in_thread(self._require_mounted)
                raise ObjectMissingError(key)
            while block := await in_thread(reader.read):
                yield block
        finally:
            reader.close()

    async def delete(self, key: str) -> None:
        """Remove an object durably; one that is absent is no error."""
        await in_thread(self._delete, self._path(key))

    async def list(self, prefix: str = "") -> AsyncGenerator[ObjectInfo]:
        """Iterate over the objects whose key starts with `prefix`."""
        found = self._walk(prefix)
        while batch := await in_thread(_take, found):
            for info in batch:
                yield info

    async def check(self) -> None:
        """Raise StoreUnavailableError unless a file can be written and synced now."""
        probe = _Draft(self._drafts / uuid4().hex, self._drafts, self._durable_folders)
        try:
            await in_thread(probe.probe)
        finally:
            await in_thread(probe.discard)

    def _path(self, key: str) -> Path:
        return self._root / require_object_key(key)

    def _prepare(self) -> None:
        with _disk_errors():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._drafts.mkdir(mode=0o700, exist_ok=True)
            oldest = time.time() - _ABANDONED_AFTER_SECONDS
            for draft in self._drafts.iterdir():
                with suppress(FileNotFoundError):
                    if draft.stat().st_mtime < oldest:
                        draft.unlink()

    def _delete(self, path: Path) -> None:
        with _disk_errors():
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                self._require_mounted()
            else:
                _sync_folder(path.parent)

    def _walk(self, prefix: str) -> Iterator[ObjectInfo]:
        with _disk_errors():
            self._require_mounted()
        folder = require_object_prefix(prefix).rpartition("/")[0]
        for entry_key, entry in _files(self._root / folder, f"{folder}/" if folder else ""):
            if entry_key.startswith(prefix):
                with suppress(FileNotFoundError):  # deleted while we walk
                    status = entry.stat(follow_symlinks=False)
                    modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
                    yield ObjectInfo(entry_key, status.st_size, modified_at)

    def _require_mounted(self) -> None:
        # Without this, an unmounted disk would look like a store that lost every object.
        if not self._drafts.is_dir():
            raise StoreUnavailableError("the folder of objects is not there")


class _Reader:
    """A file being read; owns its descriptor, so that a cancelled opening can't leak it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def begin(self) -> bool:
        """Open the file; False if there is none."""
        with _disk_errors():
            try:
                self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            except (FileNotFoundError, NotADirectoryError):
                return False
            return stat.S_ISREG(os.fstat(self._descriptor).st_mode)

    def read(self) -> bytes:
        with _disk_errors():
            return os.read(self._descriptor, BLOCK_SIZE)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)


class _Draft:
    """A file on its way to become an object; each method runs in a thread, one at a time."""

    def __init__(self, draft: Path, target: Path, durable_folders: set[Path]) -> None:
        self._draft = draft
        self._target = target
        self._durable_folders = durable_folders
        self._descriptor = -1
        self._is_published = False

    def begin(self) -> None:
        with _disk_errors():
            if self._target.exists():
                raise ObjectExistsError(self._target.name)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._descriptor = os.open(self._draft, flags, 0o600)

    def write(self, block: bytes) -> None:
        with _disk_errors():
            rest = memoryview(block)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def publish(self) -> None:
        with _disk_errors():
            os.fsync(self._descriptor)
            _make_durable(self._target.parent, self._durable_folders)
            try:
                self._target.hardlink_to(self._draft)
            except FileExistsError:
                raise ObjectExistsError(self._target.name) from None
            self._is_published = True
            _sync_folder(self._target.parent)
            self._close()
            self._draft.unlink()

    def probe(self) -> None:
        with _disk_errors():
            self._descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(self._descriptor, b"\0" * 4096)
            os.fsync(self._descriptor)

    def discard(self) -> None:
        self._close()
        with suppress(OSError):
            self._draft.unlink()
        if self._is_published:
            with suppress(OSError):
                self._target.unlink()
                _sync_folder(self._target.parent)

    def _close(self) -> None:
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


@contextmanager
def _disk_errors() -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(f"the disk of objects fails: {error.strerror}") from error


def _take(found: Iterator[ObjectInfo]) -> list[ObjectInfo]:
    with _disk_errors():
        return list(islice(found, _LIST_BATCH))


def _files(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as scanned:
            entries = [entry for entry in scanned if not entry.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder / entry.name, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry


def _make_durable(folder: Path, durable_folders: set[Path]) -> None:
    # A folder that exists may have been made by another process a moment ago and not be synced
    # yet, so each process syncs each folder once.
    if folder in durable_folders:
        return
    _make_durable(folder.parent, durable_folders)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)
    durable_folders.add(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
