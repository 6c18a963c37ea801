"""Headers that tell a browser to trust as little as possible, and the check of the Host."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from backend.settings import Settings

# Probes of load balancers ask by address.
_HOST_FREE_PATHS = frozenset({"/health"})
# Through these pass the addresses of the service worker (frontend/src/lib/registerServiceWorker.ts)
# and of the worker that reads PDFs (frontend/src/features/documents/pdf.ts).
_TRUSTED_TYPES_POLICIES = "kundenportal kundenportal-pdf"

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "blob:",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": _TRUSTED_TYPES_POLICIES,
}


def content_security_policy(**changes: str | None) -> str:
    """Return the policy; a change replaces a directive (`style_src=…`) or drops it (None)."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    merged = _POLICY | named
    return "; ".join(f"{name} {value}" for name, value in merged.items() if value is not None)


def headers_of(settings: Settings) -> dict[str, str]:
    """Return the headers that every answer carries unless it has its own."""
    headers = {
        "Content-Security-Policy": content_security_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": (
            "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
            "geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=(), midi=(), "
            "display-capture=(), browsing-topics=()"
        ),
    }
    if settings.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


class SecurityHeaders:
    """ASGI middleware: adds the headers; a route that sets one of them itself keeps its own."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._headers = headers_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OnlyOurHost:
    """ASGI middleware: answers under the public address only, so that no other name is trusted."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._public_url = settings.public_url
        self._hosts = _spellings(settings.public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it names our host."""
        if scope["type"] == "http" and scope["path"] not in _HOST_FREE_PATHS:
            named = [value for name, value in scope["headers"] if name == b"host"]
            if len(named) != 1 or named[0].decode("latin-1").lower() not in self._hosts:
                refusal = PlainTextResponse(
                    f"This portal is reached at {self._public_url}\n", status_code=421
                )
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _spellings(public_url: str) -> frozenset[str]:
    parts = urlsplit(public_url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = parts.port or usual
    return frozenset({f"{host}:{port}", host} if port == usual else {f"{host}:{port}"})
