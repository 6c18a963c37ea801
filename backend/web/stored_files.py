"""Files out of the object store, decrypted while they are sent: documents and forms alike."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Protocol

from starlette.responses import Response, StreamingResponse

from backend.ports import (
    CipherError,
    KeyMissingError,
    KeyStoreUnavailableError,
    ObjectMissingError,
    StoreUnavailableError,
)
from backend.web.downloads import RETRY_AFTER_SECONDS, SAFE_HEADERS, attachment, refuse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from starlette.requests import Request

_log = logging.getLogger(__name__)


class StoredFile(Protocol):
    """What a row says of the content that it stands for."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def file_name(self) -> str: ...  # noqa: D102
    @property
    def media_type(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102


async def send_stored(
    request: Request, file: StoredFile, opening: Awaitable[AsyncIterator[bytes]], *, kind: str
) -> Response:
    """Answer with a file as an attachment; `kind` is what the log calls it.

    Damage that shows only while sending breaks the connection off before the announced length is
    reached, so that no client takes a part for the whole.
    """
    try:
        content = await opening
    except (StoreUnavailableError, KeyStoreUnavailableError):
        _log.warning("%s_store_unavailable", kind, extra={kind: file.id}, exc_info=True)
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return refuse(request, 503, "refusal.try_again_later", headers=headers)
    except (ObjectMissingError, CipherError, KeyMissingError) as error:
        return _damaged(request, file, kind, error)
    headers = SAFE_HEADERS | attachment(file.file_name)
    headers |= {"Content-Length": str(file.size), "ETag": f'"{file.sha256}"'}
    if request.method == "HEAD":
        return Response(headers=headers, media_type=file.media_type)
    return StreamingResponse(
        _whole(file, content, kind), headers=headers, media_type=file.media_type
    )


async def _whole(
    file: StoredFile, content: AsyncIterator[bytes], kind: str
) -> AsyncIterator[bytes]:
    """Pass the content on; one of another size than announced is damaged, too."""
    sent = 0
    async for chunk in content:
        sent += len(chunk)
        if sent > file.size:
            raise CipherError(f"{kind} {file.id} is longer than its row says")
        yield chunk
    if sent < file.size:
        raise CipherError(f"{kind} {file.id} is shorter than its row says")


def _damaged(request: Request, file: StoredFile, kind: str, error: Exception) -> Response:
    request_id = secrets.token_hex(8)
    _log.error("%s_damaged", kind, extra={"request_id": request_id, kind: file.id}, exc_info=error)
    return refuse(request, 500, "refusal.defect", headers={"X-Request-Id": request_id})
