"""GET /self-added-documents/{id}/{file_name}: a file that a customer keeps with a contract (F9)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from backend import database
from backend.errors import NotFoundError
from backend.ids import decode_id
from backend.services.self_added_documents import find_self_added_document, open_self_added
from backend.web import session_cookie
from backend.web.downloads import refuse
from backend.web.stored_files import send_stored

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from backend.house import House
    from backend.models.self_added_contracts import SelfAddedDocument
    from backend.services.sessions import Viewer


async def download_self_added(request: Request) -> Response:
    """Send a file of the viewer's own; foreign and absent ones answer alike, the id decides."""
    house: House = request.app.state.house
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return refuse(request, 401, "refusal.not_signed_in")
    document = await _find(house, viewer, request.path_params["id"])
    if document is None:
        return refuse(request, 404, "refusal.not_found")
    opening = open_self_added(house, document)
    answer = await send_stored(request, document, opening, kind="self_added_document")
    if answer.status_code == HTTPStatus.OK:
        answer.background = session_cookie.recording_use(house, viewer)
    return answer


async def _find(house: House, viewer: Viewer, text: str) -> SelfAddedDocument | None:
    try:
        document_id = decode_id(text, "SelfAddedDocument")
    except NotFoundError:
        return None
    async with database.reading(house.sessions) as session:
        return await find_self_added_document(
            session, customer_id=viewer.customer_id, document_id=document_id
        )
