"""Port FileInspector: each file in a process of its own that can do nearly nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from backend.adapters.confined_process import running
from backend.file_ports import Inspected, InspectionError
from backend.inspection.refusals import UploadRefusal

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, AsyncIterable, Sequence

    from backend.inspection.rules import InspectionRules

_COMMAND = (sys.executable, "-P", "-m", "backend.inspection")
_CHUNK = 1 << 16


class InspectorProcess:
    """Starts `python -m backend.inspection` for each file, at most `at_once` at a time.

    The file goes in and comes out through pipes, never through the disk, and is never whole in
    the server's memory. A process that does not end within `timeout_seconds` is killed.
    """

    def __init__(
        self,
        *,
        command: Sequence[str] = _COMMAND,
        timeout_seconds: float = 30.0,
        at_once: int = 2,
    ) -> None:
        self._command = command
        self._timeout_seconds = timeout_seconds
        self._turns = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def inspect(
        self, content: AsyncIterable[bytes], rules: InspectionRules
    ) -> AsyncGenerator[Inspected]:
        """Judge a file and make it anew; what was made is read within the context."""
        async with self._turns, running(self._command) as process:
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    await _hand_in(process, content, rules)
                    verdict = await _read_verdict(process)
            except TimeoutError as error:
                raise InspectionError("the inspection took too long") from error
            yield verdict


async def _hand_in(process: Process, content: AsyncIterable[bytes], rules: InspectionRules) -> None:
    assert process.stdin is not None  # noqa: S101  # asked for above
    async with contextlib.AsyncExitStack() as cleanup:
        close = getattr(content, "aclose", None)
        if close is not None:
            cleanup.push_async_callback(close)
        # One that ends early has either given its verdict or none: reading it tells.
        with suppress(ConnectionError):
            process.stdin.write(rules.to_json())
            async for chunk in content:
                process.stdin.write(chunk)
                await process.stdin.drain()
            process.stdin.write_eof()


async def _read_verdict(process: Process) -> Inspected:
    assert process.stdout is not None  # noqa: S101  # asked for above
    try:
        verdict = json.loads(await process.stdout.readline())
        if "refusal" in verdict:
            return Inspected(UploadRefusal[verdict["refusal"]], "", _nothing())
        media_type, size = str(verdict["media_type"]), int(verdict["size"])
    except (ValueError, KeyError, TypeError) as error:
        raise InspectionError("the inspection ended without a verdict") from error
    return Inspected(None, media_type, _exactly(process.stdout, size))


async def _exactly(stream: asyncio.StreamReader, size: int) -> AsyncGenerator[bytes]:
    left = size
    while left:
        chunk = await stream.read(min(left, _CHUNK))
        if not chunk:
            raise InspectionError("the inspection ended before the file did")
        left -= len(chunk)
        yield chunk


async def _nothing() -> AsyncGenerator[bytes]:
    for _ in ():
        yield b""
