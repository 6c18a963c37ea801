"""GET /documents/{id}/{file_name}: the content of a document, decrypted while it is sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.background import BackgroundTasks

from backend import database
from backend.errors import NotFoundError
from backend.ids import decode_id
from backend.services.documents import find_document, open_content, record_download
from backend.web import session_cookie
from backend.web.downloads import refuse
from backend.web.stored_files import send_stored

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from backend.house import House
    from backend.models.documents import Document
    from backend.services.sessions import Viewer

# Asked for by the page that shows a document.
_SHOW = "show"


async def download_document(request: Request) -> Response:
    """Send a document of the viewer's postbox as a file.

    Foreign and absent documents answer alike. The file name in the path is for people: the id
    decides. Sent whole it counts as downloaded (X6); with `?show` it is only looked at, which
    `openDocument` tells. Damage that shows only while sending breaks the connection off before the
    announced length is reached, so that no client takes a part for the whole.
    """
    house: House = request.app.state.house
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return refuse(request, 401, "refusal.not_signed_in")
    document = await _find(house, viewer, request.path_params["id"])
    if document is None:
        return refuse(request, 404, "refusal.not_found")
    answer = await send_stored(request, document, open_content(house, document), kind="document")
    if answer.status_code == HTTPStatus.OK:
        answer.background = _recording(request, house, viewer, document)
    return answer


def _recording(
    request: Request, house: House, viewer: Viewer, document: Document
) -> BackgroundTasks:
    """Return what is written once the answer was sent whole."""
    tasks = BackgroundTasks([session_cookie.recording_use(house, viewer)])
    is_download = request.method == "GET" and _SHOW not in request.query_params
    if is_download and document.first_downloaded_at is None:
        tasks.add_task(
            record_download,
            house.sessions,
            customer_id=viewer.customer_id,
            document_id=document.id,
            now=house.clock.now(),
        )
    return tasks


async def _find(house: House, viewer: Viewer, text: str) -> Document | None:
    try:
        document_id = decode_id(text, "Document")
    except NotFoundError:
        return None
    async with database.reading(house.sessions) as session:
        return await find_document(
            session,
            customer_id=viewer.customer_id,
            document_id=document_id,
            now=house.clock.now(),
        )
