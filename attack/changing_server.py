"""The attacked server with a way in: each request executes a change as an approval would."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec
import uvicorn
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend.app import create_app
from backend.clock import TravellingClock
from backend.settings import read_settings
from backend.web import session_cookie
from tests.racing import OPERATIONS, execute

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.house import House

PATH = "/attack/change/"


async def take(request: Request) -> Response:
    """Execute what an approval would execute, in its transaction; say how it ended."""
    house: House = request.app.state.house
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return Response(status_code=401)
    operation = OPERATIONS[request.path_params["operation"]]
    change = msgspec.json.decode(await request.body(), type=operation.input_type)
    return JSONResponse({"outcome": await execute(house, viewer, operation, change)})


def main() -> None:
    """Serve on the port of the settings until killed."""
    settings = read_settings(os.environ)
    app = create_app(
        settings,
        clock=TravellingClock(path=settings.data_dir / "clock"),
        spa=settings.data_dir / "no-spa",
    )
    app.router.routes.insert(0, Route(f"{PATH}{{operation}}", take, methods=["POST"]))
    uvicorn.run(app, host="127.0.0.1", port=settings.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
