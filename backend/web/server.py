"""Serving over HTTP until interrupted; connections that would never end by themselves are ended."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    import socket

    from starlette.applications import Starlette

_DID_NOT_START = 3


def serve(app: Starlette, **options: Any) -> None:
    """Serve like `uvicorn.run`, which would wait for open streams before it stops."""
    # The portal speaks no WebSocket; that library is not even loaded.
    server = _Server(uvicorn.Config(app, ws="none", **options), app)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(_DID_NOT_START)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End open streams first."""
        self._app.state.postbox_streams.end_all()
        await super().shutdown(sockets)
