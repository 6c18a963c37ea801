"""A client of server-sent events that speaks to the app directly and can hang up."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tests.portal import Portal

PATH = "/postbox/changes"
_PATIENCE_SECONDS = 30


@dataclass
class EventStream:
    """What came so far; `status` is 0 until the answer has begun."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    is_over: bool = False
    _text: str = ""
    _taken: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def next_event(self) -> str:
        """Wait for the next event and return its name; "" if the stream ends instead."""
        while True:
            events = self._events()
            if len(events) > self._taken:
                self._taken += 1
                return events[self._taken - 1]
            if self.is_over:
                return ""
            await self._wait()

    async def heartbeat(self) -> None:
        """Wait for a comment, which browsers skip."""
        while "\n\n:\n\n" not in self._text:
            await self._wait()

    def waiting(self) -> list[str]:
        """Return the events that nobody has taken yet."""
        return self._events()[self._taken :]

    async def _wait(self) -> None:
        self._news.clear()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._news.wait()

    def _events(self) -> list[str]:
        lines = self._text.splitlines()
        return [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]

    async def take(self, message: Any) -> None:
        """Take a message of the app."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self._text += message.get("body", b"").decode()
            self.is_over = not message.get("more_body", False)
        self._news.set()

    async def begin(self) -> None:
        """Wait for the status and, of a stream, its first words."""
        while not self._text and not self.is_over:
            await self._wait()


@asynccontextmanager
async def listening(
    portal: Portal, token: str | None, headers: Mapping[str, str] | None = None
) -> AsyncIterator[EventStream]:
    """Open the stream of changes; the client hangs up at the end."""
    stream = EventStream()
    hung_up = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await hung_up.wait()
        return {"type": "http.disconnect"}

    call = asyncio.create_task(
        portal.app(_scope(portal, token, headers or {}), receive, stream.take)
    )
    try:
        await stream.begin()
        yield stream
    finally:
        hung_up.set()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await call


def _scope(portal: Portal, token: str | None, headers: Mapping[str, str]) -> dict[str, Any]:
    given = {"host": urlsplit(portal.house.settings.public_url).netloc} | dict(headers)
    if token is not None:
        given["authorization"] = f"Bearer {token}"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("portal.test", 443),
    }
