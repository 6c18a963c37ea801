"""The portal with a watch on its event loop: how late a short sleep wakes up, and what CPU it took.

CPU of the loop's own thread tells what the portal does to its loop, whatever else the machine does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from typing import Any

import uvicorn

from backend.app import create_app
from backend.settings import read_settings

_STEP = 0.002


class Watched:
    """The portal as an ASGI app, beside it a task that measures the loop they share."""

    def __init__(self, portal: Any) -> None:
        self._portal = portal
        self._lags: list[tuple[float, float]] = []
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer `/lags` with what was measured since it was asked last; the portal the rest."""
        if self._watch is None:
            self._watch = asyncio.create_task(self._measure())
        if scope["type"] != "http" or scope["path"] != "/lags":
            await self._portal(scope, receive, send)
            return
        body = json.dumps(self._lags).encode()
        self._lags.clear()
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body})

    async def _measure(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                started, worked = time.perf_counter(), time.thread_time()
                await asyncio.sleep(_STEP)
                late = time.perf_counter() - started - _STEP
                self._lags.append((late, time.thread_time() - worked))


def main() -> None:
    settings = read_settings(os.environ)
    uvicorn.run(
        Watched(create_app(settings, spa=settings.data_dir / "no-spa")),
        host="127.0.0.1",
        port=settings.port,
        log_level="error",
        access_log=False,
        forwarded_allow_ips=settings.trusted_proxies,
    )


if __name__ == "__main__":
    main()
