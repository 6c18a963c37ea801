"""Blocking work in threads and byte streams in blocks, safe under cancellation."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import anyio.lowlevel

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable

T = TypeVar("T")
P = ParamSpec("P")

BLOCK_SIZE = 1 << 20
"""Bytes handled per step: one Tink segment, and few enough thread switches not to matter."""


async def finish(work: Awaitable[T]) -> T:
    """Await `work` to its end even if the caller is cancelled meanwhile; then pass that on.

    Needed wherever stopping half-way would leave a thread writing to a closed file.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    with anyio.CancelScope(shield=True):
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        task.cancelled() or task.exception()  # seen; the cancellation matters more
        raise cancelled
    await anyio.lowlevel.checkpoint_if_cancelled()
    return task.result()


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking `work` in a thread; it is never still running when this returns or raises."""
    return await finish(asyncio.to_thread(work, *args, **kwargs))


async def in_blocks(chunks: AsyncIterable[bytes], size: int) -> AsyncGenerator[bytes]:
    """Regroup chunks of any length into blocks of exactly `size` bytes, the last one shorter.

    Closes `chunks` at the end if it is a generator, however the iteration ends.
    """
    held: list[bytes] = []
    missing = size
    async with AsyncExitStack() as cleanup:
        close = getattr(chunks, "aclose", None)
        if close is not None:
            cleanup.push_async_callback(close)
        async for chunk in chunks:
            start = 0
            while len(chunk) - start >= missing:
                held.append(chunk[start : start + missing])
                start += missing
                yield b"".join(held)
                held, missing = [], size
            if start < len(chunk):
                held.append(chunk[start:])
                missing -= len(chunk) - start
        if held:
            yield b"".join(held)
