"""Requests that are not executed: a client's fault, told with a code and what to do."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

_LONGEST_MESSAGE = 500
# Seconds after which whoever was sent away comes again.
_SOONEST = 1
_SPREAD = 10


class RequestRefusedError(Exception):
    """A client's fault found before execution.

    `code` is stable, for programs; `message` says in English what to do; `status` is HTTP's.
    """

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message[:_LONGEST_MESSAGE]
        self.status = status


def refusal_response(refusal: RequestRefusedError) -> Response:
    """Return the answer to a refused request, in the shape of a GraphQL error.

    Whoever came when too much was asked for at once is told when to come again: not all at once.
    """
    headers = {"Cache-Control": "no-store"}
    if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(_SOONEST + secrets.randbelow(_SPREAD))
    return JSONResponse(
        {"errors": [{"message": refusal.message, "extensions": {"code": refusal.code}}]},
        status_code=refusal.status,
        headers=headers,
    )
