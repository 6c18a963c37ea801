"""A ZIP that comes out in pieces while files go in; only its table of contents is kept."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import anyio.to_thread

from backend.clock import BERLIN

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable
    from datetime import datetime

# PDFs hardly shrink; a compressed entry also tells where it ends, for programs that read a ZIP
# from its beginning.
_LEVEL = 1
# Threads are not changed for less.
_GATHERED = 64 * 1024
# Only the owner reads what was unpacked.
_FILE_MODE = 0o600


class ArchiveStream:
    """One ZIP for a client that can't seek; entries beyond 4 GiB are ZIP64.

    What its methods yield, one after the other, is the archive.
    """

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._archive = zipfile.ZipFile(
            self._outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL
        )

    async def add(
        self, name: str, content: AsyncIterable[bytes], *, written_at: datetime, size: int = 0
    ) -> AsyncGenerator[bytes]:
        """Yield what the archive grows by with one more file; `size` is about what will come.

        If `content` raises, the entry ends with what came until then, and others may follow.
        """
        entry = zipfile.ZipInfo(name, date_time=written_at.astimezone(BERLIN).timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = _FILE_MODE << 16
        entry.file_size = size
        with self._archive.open(entry, "w") as file:
            async for chunk in _gathered(content):
                await anyio.to_thread.run_sync(file.write, chunk)
                if piece := self._outlet.take():
                    yield piece
        yield self._outlet.take()

    def finish(self) -> bytes:
        """Return the last piece: the table of contents."""
        self._archive.close()
        return self._outlet.take()


class _Outlet:
    """The file that the archive is written to, until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open here."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


async def _gathered(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    """Join small chunks, such as rows; large ones pass as they are."""
    held: list[bytes] = []
    size = 0
    async for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= _GATHERED:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
