"""GET /forms/{id}/{file_name}: a form of the download centre (F110)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
from backend.errors import NotFoundError
from backend.ids import decode_id
from backend.services.forms import find_form, open_form
from backend.web import session_cookie
from backend.web.downloads import refuse
from backend.web.stored_files import send_stored

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from backend.house import House
    from backend.models.forms import Form


async def download_form(request: Request) -> Response:
    """Send a form that is offered today to whoever is signed in; the id decides, not the name."""
    house: House = request.app.state.house
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return refuse(request, 401, "refusal.not_signed_in")
    form = await _find(house, request.path_params["id"])
    if form is None:
        return refuse(request, 404, "refusal.not_found")
    answer = await send_stored(request, form, open_form(house, form), kind="form")
    if answer.status_code == HTTPStatus.OK:
        answer.background = session_cookie.recording_use(house, viewer)
    return answer


async def _find(house: House, text: str) -> Form | None:
    try:
        form_id = decode_id(text, "Form")
    except NotFoundError:
        return None
    async with database.reading(house.sessions) as session:
        return await find_form(session, form_id=form_id, today=berlin_today(house.clock))
