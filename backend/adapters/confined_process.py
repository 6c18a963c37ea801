"""Starting a process that may be taken over: nothing of the server's reaches it, and it ends."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Sequence

_ROOT = Path(__file__).parent.parent.parent
# Nothing of the server's environment reaches the process: no secret, no path.
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8"}
_LONGEST_LINE = 4096
_CHUNK = 1 << 16


@asynccontextmanager
async def running(command: Sequence[str]) -> AsyncGenerator[Process]:
    """Run a command with pipes for stdin and stdout; killed at the end, whatever it is doing."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # What decoders print may quote the file.
        stderr=asyncio.subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        limit=_LONGEST_LINE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await _let_go(process)


async def _let_go(process: Process) -> None:
    """Wait for the end and take in what is left, without which the pipes would stay open."""
    assert process.stdin is not None  # noqa: S101  # asked for above
    assert process.stdout is not None  # noqa: S101  # as above
    process.stdin.close()
    with suppress(OSError):
        await process.stdin.wait_closed()
    while await process.stdout.read(_CHUNK):
        pass
    await process.wait()
