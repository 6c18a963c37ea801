"""POST /uploads: a customer's file, taken in as it comes.

`?institution=ID` sends it for a message; `?for=self-added-contract` and `?for=account-statement`
for the customer's own use.
"""

from __future__ import annotations

import asyncio
import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from backend.errors import (
    NotFoundError,
    NotSignedInError,
    TooManyAttemptsError,
    UploadRefusedError,
)
from backend.ids import decode_id, encode_id
from backend.inspection.refusals import UploadRefusal
from backend.models.uploads import UploadPurpose
from backend.ports import KeyStoreUnavailableError, PortError, StoreUnavailableError
from backend.services.uploads import SentFile, receive_upload
from backend.web import session_cookie
from backend.web.language import locale_of
from backend.web.refused import RequestRefusedError, refusal_response
from backend.web.request_guard import check_origin
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from backend.house import House
    from backend.services.sessions import Viewer

CHUNK_SECONDS = 20.0
BODY_SECONDS = 600.0
_EXTENDED_NAME = re.compile(r"filename\*\s*=\s*UTF-8''([^;\s]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r'filename\s*=\s*"([^"]*)"', re.IGNORECASE)
_REFUSALS: dict[type[Exception], tuple[int, str, str]] = {
    NotSignedInError: (401, "NOT_SIGNED_IN", "refusal.not_signed_in"),
    NotFoundError: (404, "NOT_FOUND", "refusal.not_found"),
    TooManyAttemptsError: (429, "TOO_MANY_ATTEMPTS", "refusal.too_many_uploads"),
    StoreUnavailableError: (503, "UNAVAILABLE", "refusal.upload_later"),
    KeyStoreUnavailableError: (503, "UNAVAILABLE", "refusal.upload_later"),
}
_PURPOSES = {
    purpose.value.replace("_", "-"): purpose
    for purpose in UploadPurpose
    if purpose is not UploadPurpose.MESSAGE
}
_STATUS = {
    UploadRefusal.TOO_LARGE: 413,
    UploadRefusal.TYPE_NOT_ALLOWED: 415,
    UploadRefusal.NO_BANK_FILE: 415,
}

_log = logging.getLogger(__name__)


async def receive_file(request: Request) -> Response:
    """Answer 201 with the id of the upload, which `node` shows; else why it was refused.

    The body is the file, `Content-Type` what it is said to be, its name comes in
    `Content-Disposition`.
    """
    house: House = request.app.state.house
    try:
        check_origin(request, house.settings)
        viewer = await session_cookie.authenticate(request, house)
        if viewer is None:
            raise NotSignedInError
        return await _receive(request, house, viewer)
    except RequestRefusedError as refusal:
        return refusal_response(refusal)
    except UploadRefusedError as error:
        reason = error.refusal
        status = _STATUS.get(reason, 422)
        return _refuse(request, status, reason.name, f"upload.{reason.value}")
    except tuple(_REFUSALS) as error:
        if isinstance(error, PortError):
            _log.warning("upload_store_unavailable", exc_info=True)
        return _refuse(request, *_REFUSALS[type(error)])


async def _receive(request: Request, house: House, viewer: Viewer) -> Response:
    purpose, institution_id = _addressed(request)
    upload = await receive_upload(
        house,
        viewer=viewer,
        sent=SentFile(
            purpose=purpose,
            institution_id=institution_id,
            file_name=_file_name(request.headers.get("content-disposition", "")),
            media_type=request.headers.get("content-type", ""),
            content=read_body(request),
        ),
    )
    return JSONResponse(
        {"id": encode_id("Upload", upload.id), "state": upload.state.name},
        status_code=201,
        headers={"Cache-Control": "no-store"},
        background=session_cookie.recording_use(house, viewer),
    )


def _addressed(request: Request) -> tuple[UploadPurpose, int | None]:
    purpose = _PURPOSES.get(request.query_params.get("for", ""))
    if purpose is not None:
        return purpose, None
    institution = request.query_params.get("institution", "")
    return UploadPurpose.MESSAGE, decode_id(institution, "Institution")


async def read_body(request: Request) -> AsyncIterator[bytes]:
    """Pass the body on while it comes, and in time."""
    chunks = request.stream()
    now = asyncio.get_running_loop().time
    ends_at = now() + BODY_SECONDS
    try:
        while True:
            async with asyncio.timeout(min(CHUNK_SECONDS, ends_at - now())):
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield chunk
    except TimeoutError as error:
        raise RequestRefusedError("TOO_SLOW", "The file did not arrive.", status=408) from error
    except ClientDisconnect as error:
        raise RequestRefusedError("GONE", "The client hung up.") from error


def _file_name(disposition: str) -> str:
    if extended := _EXTENDED_NAME.search(disposition):
        return unquote(extended[1], errors="replace")
    plain = _PLAIN_NAME.search(disposition)
    return plain[1] if plain else ""


def _refuse(request: Request, status: int, reason: str, key: str) -> JSONResponse:
    again = {"Retry-After": "10"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return JSONResponse(
        {"reason": reason, "message": word(key, locale_of(request))},
        status_code=status,
        headers={"Cache-Control": "no-store"} | again,
    )
