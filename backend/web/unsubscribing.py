"""/abbestellen/{token}: what the List-Unsubscribe of product information leads to (RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from backend.ports import KeyStoreUnavailableError
from backend.services import consent_decisions
from backend.services.unsubscribing import PATH
from backend.web.downloads import RETRY_AFTER_SECONDS, refuse

if TYPE_CHECKING:
    from starlette.requests import Request

_LARGEST_BODY = 2048
# A form, in either encoding, whose one field says that a person pressed.
_FIELD, _PRESSED = b"List-Unsubscribe", b"One-Click"


async def unsubscribe_by_mail(request: Request) -> Response:
    """Take the consent back at once: the mail program's server asks, without cookies or Origin."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                return refuse(request, 413, "refusal.invalid_input")
    except ClientDisconnect:
        return refuse(request, 400, "refusal.invalid_input")
    if _FIELD not in body or _PRESSED not in body:
        return refuse(request, 400, "refusal.invalid_input")
    try:
        is_good = await consent_decisions.withdraw_by_mail(
            request.app.state.house, token=request.path_params["token"]
        )
    except KeyStoreUnavailableError:
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return refuse(request, 503, "refusal.defect", headers=headers)
    if not is_good:
        return refuse(request, 404, "refusal.not_found")
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


async def show_consents(_request: Request) -> Response:
    """Lead a person to where consents are decided: looking at an address must not end anything."""
    return RedirectResponse("/profil/einstellungen/einwilligungen", status_code=303)


UNSUBSCRIBING_ROUTES = (
    Route(f"{PATH}/{{token}}", unsubscribe_by_mail, methods=["POST"]),
    Route(f"{PATH}/{{token}}", show_consents, methods=["GET"]),
)
