"""What every download has in common: headers that keep it a file, and refusals as plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import PlainTextResponse

from backend.web.language import locale_of
from backend.wording import word

if TYPE_CHECKING:
    from starlette.requests import Request

# Nothing in a downloaded file may run in the portal's origin, whatever it contains.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}
# When the store is down, this is when to ask again.
RETRY_AFTER_SECONDS = 10
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')


def attachment(file_name: str) -> dict[str, str]:
    """Return the header under which a browser saves a file (RFC 6266, names by RFC 8187)."""
    storable = file_name.encode(errors="ignore").decode()
    name = _NOT_IN_A_NAME.sub("_", storable).strip(". ") or "download"
    plain = name.encode("ascii", errors="replace").decode().replace("?", "_")
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''"
        + quote(name, safe="")
    }


def refuse(
    request: Request, status: int, key: str, *, headers: dict[str, str] | None = None
) -> PlainTextResponse:
    """Answer with a sentence instead of a file."""
    return PlainTextResponse(
        word(key, locale_of(request)),
        status_code=status,
        headers={"Cache-Control": "no-store"} | (headers or {}),
    )
