from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.adapters.streams import finish, in_blocks, in_thread
from tests.adapters.chunks import chunked

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@given(st.lists(st.binary(max_size=40), max_size=12), st.integers(1, 17))
def test_blocks_have_the_asked_size_and_keep_every_byte(chunks: list[bytes], size: int) -> None:
    async def source() -> AsyncGenerator[bytes]:
        for chunk in chunks:
            yield chunk

    async def regroup() -> list[bytes]:
        return [block async for block in in_blocks(source(), size)]

    blocks = asyncio.run(regroup())

    assert b"".join(blocks) == b"".join(chunks)
    assert all(len(block) == size for block in blocks[:-1])
    assert all(blocks)


async def test_blocks_close_their_source_when_the_reader_stops_early() -> None:
    source = chunked(b"x" * 100, 10)
    blocks = in_blocks(source, 10)

    assert await anext(blocks) == b"x" * 10
    await blocks.aclose()

    with pytest.raises(StopAsyncIteration):
        await anext(source)


async def test_a_cancelled_caller_waits_until_its_thread_has_ended() -> None:
    started, release, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        release.wait(10)
        ended.set()

    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done()
    release.set()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_cancelled_scope_waits_until_its_thread_has_ended() -> None:
    release, ended = threading.Event(), threading.Event()

    def work() -> None:
        release.wait(10)
        ended.set()

    with anyio.CancelScope() as scope:
        asyncio.get_running_loop().call_later(0.01, scope.cancel)
        asyncio.get_running_loop().call_later(0.05, release.set)
        await in_thread(work)

    assert scope.cancelled_caught
    assert ended.is_set()


async def test_an_error_of_the_work_reaches_the_caller() -> None:
    async def fail() -> None:
        raise LookupError("from inside")

    with pytest.raises(LookupError, match="from inside"):
        await finish(fail())
