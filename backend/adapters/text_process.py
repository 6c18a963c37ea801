"""Port TextReader: PDFs of one customer, one after the other, in a process that can do nothing."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from backend.adapters.confined_process import running
from backend.file_ports import InspectionError
from backend.inspection.text import LENGTH_BYTES, MOST_CHARACTERS

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Sequence

_COMMAND = (sys.executable, "-P", "-m", "backend.inspection.text")
_LONGEST_ANSWER = 4 * MOST_CHARACTERS  # UTF-8


class TextProcess:
    """Starts `python -m backend.inspection.text`; a PDF that takes too long ends it."""

    def __init__(self, *, command: Sequence[str] = _COMMAND, timeout_seconds: float = 20.0) -> None:
        self._command = command
        self._timeout_seconds = timeout_seconds

    @asynccontextmanager
    async def reading(
        self,
    ) -> AsyncGenerator[Callable[[AsyncIterable[bytes], int], Awaitable[str]]]:
        """Open a reader for some PDFs of one customer."""
        async with running(self._command) as process:

            async def read(content: AsyncIterable[bytes], size: int) -> str:
                try:
                    async with asyncio.timeout(self._timeout_seconds):
                        return await _exchange(process, content, size)
                except (TimeoutError, EOFError, ConnectionError, ValueError) as error:
                    raise InspectionError("the text could not be read") from error

            yield read


async def _exchange(process: Process, content: AsyncIterable[bytes], size: int) -> str:
    assert process.stdin is not None  # noqa: S101  # a pipe
    assert process.stdout is not None  # noqa: S101  # as above
    process.stdin.write(size.to_bytes(LENGTH_BYTES, "big"))
    written = 0
    async for chunk in content:
        written += len(chunk)
        process.stdin.write(chunk)
        await process.stdin.drain()
    if written != size:
        raise ValueError(f"{written} bytes instead of {size}")
    length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES), "big")
    if length > _LONGEST_ANSWER:
        raise ValueError("a longer text than was agreed")
    return (await process.stdout.readexactly(length)).decode()
