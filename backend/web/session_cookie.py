"""How a request shows whose it is: the session cookie of browsers or a bearer token of apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.background import BackgroundTask

from backend import database
from backend.services import sessions

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from backend.database import SharedReading
    from backend.house import House
    from backend.services.sessions import Viewer

COOKIE = "__Host-session"
# A page that keeps itself up to date says so with its requests: nobody used the session.
UNATTENDED = "Kundenportal-Unattended"


def token_of(request: Request) -> str | None:
    """Return the token that a request carries, if any."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        return bearer
    return request.cookies.get(COOKIE)


async def authenticate(
    request: Request, house: House, reading: SharedReading | None = None
) -> Viewer | None:
    """Return who sent a request; `recording_use` belongs to the answer.

    With `reading` the look-up is part of that transaction, which the caller ends.
    """
    token = token_of(request)
    if token is None:
        return None
    begin = database.reading(house.sessions) if reading is None else reading.use()
    async with begin as session:
        return await sessions.authenticate(
            session,
            token=token,
            clock=house.clock,
            policy=house.policy,
            is_unattended=UNATTENDED in request.headers,
        )


def recording_use(
    house: House, viewer: Viewer, *, opened_bank_data: bool = False
) -> BackgroundTask:
    """Return what an answer does once it is sent: the session was used.

    Not before: a request that reads holds a connection, and asking for a second one to write
    with, all at once, would leave none to anybody.
    """
    return BackgroundTask(
        sessions.record_use,
        house.sessions,
        viewer=viewer,
        clock=house.clock,
        opened_bank_data=opened_bank_data,
    )


def set_cookie(response: Response, token: str) -> None:
    """Hand the token to the browser; it ends with the browser or on the server, not by date."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")


def clear_cookie(response: Response) -> None:
    """Make the browser forget the token."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
