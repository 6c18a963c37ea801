"""Cross-site requests: what another site makes a signed-in browser send is not executed."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from attack.flood import raw_request
from attack.target import PUBLIC_URL
from backend.web.session_cookie import COOKIE
from tests.signing_in import WHO_AM_I, person

if TYPE_CHECKING:
    from attack.tally import Tally
    from attack.target import Target

FEWEST = 20
_SIGN_OUT = "mutation { signOut { isSignedOut } }"
_BODY = json.dumps({"query": _SIGN_OUT})
_QUERY = f"/graphql?query={quote(_SIGN_OUT)}"
_FORM = f"query={quote(_SIGN_OUT)}"
_ORIGINS = (
    "https://evil.example",
    "http://portal.test",
    "https://portal.test:8443",
    "https://portal.test.evil.example",
    "https://evil-portal.test",
    "https://sub.portal.test",
    "https://portal.test@evil.example",
    "https://PORTAL.test",
    "https://portal.test/",
    f"{PUBLIC_URL}, https://evil.example",
    "file://",
    "null",
)
_TYPES = (
    "text/plain",
    "text/plain; application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/graphql",
    "application/jsonx",
    "application/csp-report",
    "",
)


def variants() -> dict[str, bytes]:
    """Return requests that a foreign page can make a browser send, by name."""
    ours = {"Origin": PUBLIC_URL}
    found = {f"origin {origin}": raw_request(_BODY, {"Origin": origin}) for origin in _ORIGINS}
    for site in ("cross-site", "same-site", "nonsense"):
        found[f"our origin, but {site}"] = raw_request(_BODY, ours | {"Sec-Fetch-Site": site})
        found[f"no origin, {site}"] = raw_request(_BODY, {"Sec-Fetch-Site": site})
    for kind in _TYPES:
        body = _FORM if "form" in kind else _BODY
        # Of our own origin: the media type alone must do.
        found[f"media type {kind or 'none'}"] = raw_request(body, ours | {"Content-Type": kind})
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        found[f"{method} with the query in the address"] = raw_request(
            "", ours, method=method, path=_QUERY
        )
        found[f"{method} with a body"] = raw_request(_BODY, ours, method=method)
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        found[f"GET with {name}"] = raw_request(
            _BODY, ours | {name: "POST"}, method="GET", path=_QUERY
        )
    foreign = {"Origin": "https://evil.example"}
    found["POST with the query in the address"] = raw_request("{}", foreign, path=_QUERY)
    found["our host named by a proxy header"] = raw_request(
        _BODY, foreign | {"X-Forwarded-Host": "evil.example"}
    )
    found["our page as referrer"] = raw_request(_BODY, foreign | {"Referer": f"{PUBLIC_URL}/"})
    found["our host in another's name"] = raw_request(_BODY, ours | {"Host": "evil.example"})
    return found


async def attack(target: Target, tally: Tally) -> None:
    """Send each with a signed-in cookie; then our own request, which must be executed."""
    token = await target.sign_in(await person(target))
    executed, statuses = [], {}
    for name, request in variants().items():
        statuses[name] = await _status(target.port, request, token)
        if not await _is_signed_in(target, token):
            executed.append(name)
            token = await target.sign_in(await person(target, f"{len(executed)}@example.org"))
    for name, status in statuses.items():
        tally.count(f"{status} {name}")
    tally.bound(
        f"{len(executed)} of {len(statuses)} executed (bound 0; at least {FEWEST}) {executed}",
        holds=not executed and len(statuses) >= FEWEST,
    )
    ours = raw_request(_BODY, {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"})
    await _status(target.port, ours, token)
    tally.bound("our own page's request is executed", holds=not await _is_signed_in(target, token))


async def _status(port: int, request: bytes, token: str) -> int:
    head, _, body = request.partition(b"\r\n\r\n")
    request = head + f"\r\nCookie: {COOKIE}={token}\r\nConnection: close\r\n\r\n".encode() + body
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        answer = await reader.read(2000)
    finally:
        writer.close()
    return int(answer.split(b" ", 2)[1])


async def _is_signed_in(target: Target, token: str) -> bool:
    return (await target.execute(WHO_AM_I, token=token))["viewer"] is not None
