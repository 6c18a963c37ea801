"""GET /health: whether the database answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse

from backend import database

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.context import House


async def health(request: Request) -> JSONResponse:
    """Answer 200 when the portal can serve, 503 when it is degraded."""
    house: House = request.app.state.house
    try:
        async with database.reading(house.sessions) as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return JSONResponse({"status": "degraded", "database": "down"}, status_code=503)
    return JSONResponse({"status": "ok", "database": "up"})
