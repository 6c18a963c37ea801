"""GET /export.zip: everything a customer has in the portal, made while it is sent."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from backend.clock import berlin_today
from backend.errors import TooManyAttemptsError
from backend.models.user_accounts import Locale
from backend.ports import KeyStoreUnavailableError, StoreUnavailableError
from backend.services.exports import begin_export
from backend.web import session_cookie
from backend.web.downloads import RETRY_AFTER_SECONDS, SAFE_HEADERS, attachment, refuse
from backend.web.refused import RequestRefusedError
from backend.web.request_guard import check_origin
from backend.wording import word

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.house import House

_MEDIA_TYPE = "application/zip"

_log = logging.getLogger(__name__)


async def download_export(request: Request) -> Response:
    """Send the viewer's documents and data as one ZIP, in the language of `locale`.

    Another site can't make the browser ask for it: each download counts and is told by mail. When
    the store fails while sending, the connection breaks off, so that no part passes for the whole.
    """
    house: House = request.app.state.house
    try:
        check_origin(request, house.settings)
    except RequestRefusedError:
        return refuse(request, 403, "refusal.foreign_page")
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return refuse(request, 401, "refusal.not_signed_in")
    locale = _locale(request, viewer.locale)
    name = f"{word('export.file_name', locale)}-{berlin_today(house.clock).isoformat()}.zip"
    headers = SAFE_HEADERS | attachment(name)
    if request.method == "HEAD":
        return Response(headers=headers, media_type=_MEDIA_TYPE)
    try:
        pieces = await begin_export(house, viewer=viewer, locale=locale)
    except TooManyAttemptsError as error:
        seconds = max(1, round((error.retry_at - house.clock.now()).total_seconds()))
        retry = {"Retry-After": str(seconds)}
        return refuse(request, 429, "refusal.too_many_attempts", headers=retry)
    except (StoreUnavailableError, KeyStoreUnavailableError):
        _log.warning("export_unavailable", extra={"viewer": viewer.id}, exc_info=True)
        retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return refuse(request, 503, "refusal.try_again_later", headers=retry)
    return StreamingResponse(
        pieces,
        headers=headers,
        media_type=_MEDIA_TYPE,
        # The transactions of every account are in it.
        background=session_cookie.recording_use(house, viewer, opened_bank_data=True),
    )


def _locale(request: Request, fallback: Locale) -> Locale:
    wanted = request.query_params.get("locale")
    return next((locale for locale in Locale if locale.value == wanted), fallback)
