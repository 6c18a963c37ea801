"""The measured server: the portal, and beside it the handwritten handlers on the same database."""

from __future__ import annotations

import os
from typing import Any

import uvicorn

from backend import garbage
from backend.settings import read_settings


def main() -> None:
    """Serve on the port of the settings until told to stop."""
    garbage.pause()  # as `kundenportal serve` does
    from backend.app import create_app  # noqa: PLC0415
    from bench.handwritten import Handwritten  # noqa: PLC0415

    settings = read_settings(os.environ)
    portal = create_app(settings, when_built=garbage.resume)
    handwritten = Handwritten(settings.database)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/handwritten/"):
            await handwritten(scope, receive, send)
        else:
            await portal(scope, receive, send)

    async def with_lifespan(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await handwritten.open()
        await app(scope, receive, send)

    uvicorn.run(
        with_lifespan, host="127.0.0.1", port=settings.port, log_level="error", access_log=False
    )
    os._exit(0)  # driver threads of SQLite would keep the process


if __name__ == "__main__":
    main()
