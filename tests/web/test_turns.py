"""Requests that come in one moment start one after the other, and hold up nobody else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from backend.web.turns import Turns

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

REQUESTS = 50


async def _nothing(*_: Any) -> Any:
    """Stand for what a server hands to an app."""


async def test_each_request_starts_in_a_round_of_its_own() -> None:
    rounds = 0
    started: list[int] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        started.append(rounds)

    async def count_rounds() -> None:
        nonlocal rounds
        while len(started) < REQUESTS:
            rounds += 1
            await asyncio.sleep(0)

    turns = Turns(app)
    await asyncio.gather(
        count_rounds(), *(turns({"type": "http"}, _nothing, _nothing) for _ in range(REQUESTS))
    )
    assert len(set(started)) == REQUESTS


async def test_a_request_that_waits_keeps_nobody_from_starting() -> None:
    is_over = asyncio.Event()
    started = 0

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        nonlocal started
        started += 1
        if started == REQUESTS:
            is_over.set()
        await is_over.wait()

    turns = Turns(app)
    await asyncio.gather(*(turns({"type": "http"}, _nothing, _nothing) for _ in range(REQUESTS)))
    assert started == REQUESTS


async def test_whoever_hangs_up_while_waiting_does_not_keep_the_turn() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(0)

    turns = Turns(app)
    waiting = [asyncio.create_task(turns({"type": "http"}, _nothing, _nothing)) for _ in range(10)]
    await asyncio.sleep(0)
    for gone in waiting[:9]:
        gone.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await turns({"type": "http"}, _nothing, _nothing)
    assert not waiting[9].cancelled()
