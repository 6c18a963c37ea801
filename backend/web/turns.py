"""Turns: requests that come in one moment start one after the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Turns:
    """ASGI middleware: each request starts in a round of the event loop of its own.

    A request works for a millisecond or two before it waits for anything. 500 that come in one
    moment would do so in one round, and everything else would stand still for a second.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._next = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for one's turn, while others go on, and pass the request on."""
        if scope["type"] == "http":
            async with self._next:
                await asyncio.sleep(0)
        await self._app(scope, receive, send)
