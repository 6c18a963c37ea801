"""GET, HEAD and PATCH /claim-documents/{id}: parts of a sealed file, the core of tus 1.0."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from backend import database
from backend.errors import (
    NotFoundError,
    NotSignedInError,
    WrongHashError,
    WrongOffsetError,
    WrongPartSizeError,
)
from backend.ids import decode_id
from backend.ports import KeyStoreUnavailableError, PortError, StoreUnavailableError
from backend.services.claim_documents import append_part, find_claim_document
from backend.web import session_cookie
from backend.web.language import locale_of
from backend.web.refused import RequestRefusedError, refusal_response
from backend.web.request_guard import check_origin
from backend.web.uploads import read_body
from backend.wording import word

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.house import House
    from backend.services.sessions import Viewer

MEDIA_TYPE = "application/offset+octet-stream"
_LONGEST_OFFSET = 15
_HEADERS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
_REFUSALS: dict[type[Exception], tuple[int, str, str]] = {
    NotSignedInError: (401, "NOT_SIGNED_IN", "refusal.not_signed_in"),
    NotFoundError: (404, "NOT_FOUND", "refusal.not_found"),
    WrongOffsetError: (409, "WRONG_OFFSET", "refusal.wrong_offset"),
    WrongPartSizeError: (422, "WRONG_PART_SIZE", "refusal.wrong_part_size"),
    WrongHashError: (422, "HASH_MISMATCH", "refusal.wrong_hash"),
    StoreUnavailableError: (503, "UNAVAILABLE", "refusal.upload_later"),
    KeyStoreUnavailableError: (503, "UNAVAILABLE", "refusal.upload_later"),
}

_log = logging.getLogger(__name__)


async def receive_part(request: Request) -> Response:
    """Answer GET and HEAD with how much is safe, PATCH by storing a part; else why not."""
    house: House = request.app.state.house
    try:
        check_origin(request, house.settings)
        viewer = await session_cookie.authenticate(request, house)
        if viewer is None:
            raise NotSignedInError
        if request.method != "PATCH":
            return await _progress(request, house, viewer)
        return await _append(request, house, viewer)
    except RequestRefusedError as refusal:
        return refusal_response(refusal)
    except tuple(_REFUSALS) as error:
        if isinstance(error, PortError):
            _log.warning("claim_store_unavailable", exc_info=True)
        return _refuse(request, error)


async def _progress(request: Request, house: House, viewer: Viewer) -> Response:
    async with database.reading(house.sessions) as session:
        document = await find_claim_document(
            session,
            customer_id=viewer.customer_id,
            document_id=decode_id(request.path_params["id"], "ClaimDocument"),
        )
    if document is None:
        raise NotFoundError
    return JSONResponse(
        {"receivedBytes": document.received_bytes, "size": document.size},
        headers=_HEADERS
        | {"Upload-Offset": str(document.received_bytes), "Upload-Length": str(document.size)},
    )


async def _append(request: Request, house: House, viewer: Viewer) -> Response:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise RequestRefusedError("TYPE_NOT_ALLOWED", f"Send {MEDIA_TYPE}.", status=415)
    written = request.headers.get("upload-offset", "")
    if not (written.isascii() and written.isdigit() and len(written) <= _LONGEST_OFFSET):
        raise RequestRefusedError("BAD_OFFSET", "Upload-Offset is a number of bytes.")
    safe = await append_part(
        house,
        viewer=viewer,
        document_id=decode_id(request.path_params["id"], "ClaimDocument"),
        offset=int(written),
        content=read_body(request),
    )
    return Response(
        status_code=204,
        headers=_HEADERS | {"Upload-Offset": str(safe)},
        background=session_cookie.recording_use(house, viewer),
    )


def _refuse(request: Request, error: Exception) -> JSONResponse:
    status, reason, key = _REFUSALS[type(error)]
    headers = dict(_HEADERS)
    if isinstance(error, WrongOffsetError):
        headers["Upload-Offset"] = str(error.offset)
    if isinstance(error, PortError):
        headers["Retry-After"] = "10"
    return JSONResponse(
        {"reason": reason, "message": word(key, locale_of(request))},
        status_code=status,
        headers=headers,
    )
