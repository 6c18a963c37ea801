"""GET /health: whether the database answers and GraphQL is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse

from backend import database

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.house import House
    from backend.web.late_graphql import LateGraphQL


async def health(request: Request) -> JSONResponse:
    """Answer 200 when the portal can serve, 503 when it is degraded.

    GraphQL may still be `starting`: what is asked of it meanwhile waits a moment.
    """
    house: House = request.app.state.house
    graphql: LateGraphQL = request.app.state.graphql
    database_state = "up"
    try:
        async with database.reading(house.sessions) as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        database_state = "down"
    is_degraded = "down" in {database_state, graphql.state}
    return JSONResponse(
        {
            "status": "degraded" if is_degraded else "ok",
            "database": database_state,
            "graphql": graphql.state,
        },
        status_code=503 if is_degraded else 200,
    )
