"""What becomes of a defect anywhere in the portal: logged with an id, told without a detail."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)


class MaskDefects:
    """ASGI middleware: answers 500 with a request id when nothing was answered yet."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as defect:
            request_id = secrets.token_hex(8)
            _log.error(
                "request_defect",
                extra={"request_id": request_id, "path": scope["path"]},
                exc_info=defect,
            )
            if has_begun:
                raise
            await _masked(request_id)(scope, receive, send)


def _masked(request_id: str) -> JSONResponse:
    error = {
        "message": "Something went wrong on our side.",
        "extensions": {"code": "INTERNAL", "requestId": request_id},
    }
    return JSONResponse({"errors": [error]}, status_code=500, headers={"Cache-Control": "no-store"})
