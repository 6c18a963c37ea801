"""The language in which a client wants to be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.models.user_accounts import Locale

if TYPE_CHECKING:
    from starlette.requests import Request


def locale_of(request: Request) -> Locale:
    """The first language that the client prefers and the portal speaks; else German."""
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        match part.partition(";")[0].strip().lower()[:2]:
            case "de":
                return Locale.DE
            case "en":
                return Locale.EN
    return Locale.DE
