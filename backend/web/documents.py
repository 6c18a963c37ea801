"""GET /documents/{id}/{file_name}: the content of a document, decrypted while it is sent."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from starlette.background import BackgroundTasks
from starlette.responses import Response, StreamingResponse

from backend import database
from backend.errors import NotFoundError
from backend.ids import decode_id
from backend.ports import (
    CipherError,
    KeyMissingError,
    KeyStoreUnavailableError,
    ObjectMissingError,
    StoreUnavailableError,
)
from backend.services.documents import find_document, open_content, record_download
from backend.web import session_cookie
from backend.web.downloads import RETRY_AFTER_SECONDS, SAFE_HEADERS, attachment, refuse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from backend.house import House
    from backend.models.documents import Document
    from backend.services.sessions import Viewer

_log = logging.getLogger(__name__)

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
    try:
        content = await open_content(house, document)
    except (StoreUnavailableError, KeyStoreUnavailableError):
        _log.warning("document_store_unavailable", extra={"document": document.id}, exc_info=True)
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return refuse(request, 503, "refusal.try_again_later", headers=headers)
    except (ObjectMissingError, CipherError, KeyMissingError) as error:
        return _damaged(request, document, error)
    answer = _answer(request, document, content)
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


def _answer(request: Request, document: Document, content: AsyncIterator[bytes]) -> Response:
    headers = SAFE_HEADERS | attachment(document.file_name)
    headers |= {"Content-Length": str(document.size), "ETag": f'"{document.sha256}"'}
    if request.method == "HEAD":
        return Response(headers=headers, media_type=document.media_type)
    return StreamingResponse(
        _whole(document, content), headers=headers, media_type=document.media_type
    )


async def _whole(document: Document, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Pass the content on; one of another size than announced is damaged, too."""
    sent = 0
    async for chunk in content:
        sent += len(chunk)
        if sent > document.size:
            raise CipherError(f"document {document.id} is longer than its row says")
        yield chunk
    if sent < document.size:
        raise CipherError(f"document {document.id} is shorter than its row says")


def _damaged(request: Request, document: Document, error: Exception) -> Response:
    request_id = secrets.token_hex(8)
    _log.error(
        "document_damaged",
        extra={"request_id": request_id, "document": document.id},
        exc_info=error,
    )
    return refuse(request, 500, "refusal.defect", headers={"X-Request-Id": request_id})
