"""The attacked server with a way in: each request is a change that goes to the core system."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import uvicorn
from sqlalchemy import select
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend import database
from backend.app import create_app
from backend.clock import TravellingClock
from backend.models.institutions import Institution
from backend.models.submissions import SubmissionKind
from backend.services.submissions import submit
from backend.settings import read_settings

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.house import House

PATH = "/attack/submit"
INSTITUTION = "sach"


async def take(request: Request) -> Response:
    """Submit what a feature would submit, in its transaction; 200 means that it is kept."""
    house: House = request.app.state.house
    content = await request.json()
    async with database.writing(house.sessions) as session:
        institution_id = await session.scalar(
            select(Institution.id).where(Institution.key == INSTITUTION)
        )
        submission = await submit(
            session,
            house,
            customer_id=content["customer"],
            institution_id=institution_id or 0,
            kind=SubmissionKind.BANK_ACCOUNT_CHANGED,
            subject="Bankverbindung ändern",
            payload={"number": content["number"]},
        )
    return JSONResponse({"submission": submission.uid})


def main() -> None:
    """Serve on the port of the settings until killed."""
    settings = read_settings(os.environ)
    app = create_app(
        settings,
        clock=TravellingClock(path=settings.data_dir / "clock"),
        spa=settings.data_dir / "no-spa",
    )
    app.router.routes.insert(0, Route(PATH, take, methods=["POST"]))
    uvicorn.run(app, host="127.0.0.1", port=settings.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
