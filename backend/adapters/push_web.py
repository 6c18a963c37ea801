"""Web push (RFC 8030): encrypted for one browser (RFC 8291), signed by the portal (RFC 8292)."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from backend.push_port import PushEndedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    import httpx
    from cryptography.hazmat.primitives.asymmetric import ec

    from backend.adapters.key_store import Keyring
    from backend.clock import Clock
    from backend.push_port import PushTarget

_OWNER = "house:push"
_PRIVATE_BYTES = 32
_POINT_BYTES = 65
_AUTH_BYTES = 16
_LONGEST_ENDPOINT = 1024
_TIMEOUT_SECONDS = 5.0
# RFC 8292 allows a day; a proxy that keeps one of these has it for less.
_SIGNATURE_HOLDS = timedelta(hours=12)
_ENDED = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
# Answers that blame the message; all others blame the moment or our set-up.
_REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}


async def _resolve(host: str) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, 443)
    return [str(address[4][0]) for address in found]


class WebPushSender:
    """Port PushSender; `async with` ends the connections.

    An endpoint comes from a browser, so it says where this server sends a request: only to names
    in `services` (`*.example.org` stands for all below), by https on its usual port, at public
    addresses, and no redirect is followed. An entry `http://127.0.0.1:PORT` is for tests and the
    sandbox. `contact` is whom a push service may write to.
    """

    def __init__(
        self,
        keyring: Keyring,
        services: Collection[str],
        contact: str,
        clock: Clock,
        *,
        resolve: Callable[[str], Awaitable[Sequence[str]]] = _resolve,
    ) -> None:
        self._keyring = keyring
        self._services = services
        self._contact = contact
        self._clock = clock
        self._resolve = resolve
        self._opened: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._opened is not None:
            await self._opened.aclose()

    @property
    def is_offered(self) -> bool:
        """Whether there is any push service that this portal sends to."""
        return bool(self._services)

    async def public_key(self) -> bytes:
        """Return what a browser subscribes with: a point on P-256."""
        return (await self._key())[_PRIVATE_BYTES:]

    def accepts(self, target: PushTarget) -> bool:
        """Tell whether the endpoint is an allowed push service's, and the keys are some."""
        return (
            len(target.endpoint) <= _LONGEST_ENDPOINT
            and (self._is_public(target.endpoint) or self._is_local(target.endpoint))
            and len(target.auth) == _AUTH_BYTES
            and _is_point(target.p256dh)
        )

    async def send(
        self, target: PushTarget, content: bytes, *, topic: str, keep: timedelta
    ) -> None:
        """Hand in a message; the push service keeps the last one of a topic."""
        import httpx  # noqa: PLC0415  # costs start time

        if not self.accepts(target):
            raise PushEndedError("the push service is not allowed (any more)")
        if not self._is_local(target.endpoint):
            await self._check_addresses(urlsplit(target.endpoint).hostname or "")
        try:
            answer = await self._client().post(
                target.endpoint,
                content=_encrypt(content, target),
                headers={
                    "Authorization": await self._authorization(target.endpoint),
                    "Content-Encoding": "aes128gcm",
                    "Content-Type": "application/octet-stream",
                    "TTL": str(int(keep.total_seconds())),
                    "Topic": topic,
                },
            )
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise DeliveryDeferredError(f"the push service is not usable: {reason}") from error
        self._judge(answer)

    def _judge(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if answer.is_success:
            return
        if status in _ENDED:
            raise PushEndedError(f"the browser takes no messages any more ({status})")
        if status in _REFUSED:
            raise DeliveryRefusedError(f"the push service refused the message ({status})")
        raise DeliveryDeferredError(
            f"the push service deferred the message ({status})",
            retry_after=_retry_after(answer.headers.get("retry-after"), self._clock.now()),
        )

    def _client(self) -> httpx.AsyncClient:
        import httpx  # noqa: PLC0415  # as above

        if self._opened is None:
            self._opened = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False)
        return self._opened

    def _is_public(self, endpoint: str) -> bool:
        try:
            parts = urlsplit(endpoint)
            host = parts.hostname or ""
        except ValueError:
            return False
        # Nothing but the name: no user, no other port, no upper case or escape that means more.
        is_plain = parts.scheme == "https" and parts.netloc == host
        return is_plain and any(fnmatchcase(host, service) for service in self._services)

    def _is_local(self, endpoint: str) -> bool:
        local = (service for service in self._services if service.startswith("http://"))
        return any(endpoint.startswith(f"{service}/") for service in local)

    async def _check_addresses(self, host: str) -> None:
        try:
            addresses = await self._resolve(host)
        except OSError as error:
            raise DeliveryDeferredError("the push service's name is not known") from error
        if not addresses or not all(ipaddress.ip_address(one).is_global for one in addresses):
            raise DeliveryDeferredError("the push service's name stands for a private address")

    async def _authorization(self, endpoint: str) -> str:
        from py_vapid import Vapid02  # noqa: PLC0415  # 10 MB

        parts = urlsplit(endpoint)
        key = (await self._key())[:_PRIVATE_BYTES]
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((self._clock.now() + _SIGNATURE_HOLDS).timestamp()),
            "sub": f"mailto:{self._contact}",
        }
        signed = Vapid02.from_raw(base64.urlsafe_b64encode(key)).sign(claims)
        return str(signed["Authorization"])

    async def _key(self) -> bytes:
        return (await self._keyring.load_or_create(_OWNER, _new_key)).keyset


def _new_key() -> bytes:
    """Generate a key: the number, then its point, so that showing it needs no arithmetic."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  # as above

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_numbers().private_value.to_bytes(_PRIVATE_BYTES) + _point(key.public_key())


def _encrypt(content: bytes, target: PushTarget) -> bytes:
    import http_ece  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  # as above

    encrypted: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=target.p256dh,
        auth_secret=target.auth,
        version="aes128gcm",
    )
    return encrypted


def _is_point(key: bytes) -> bool:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  # as above

    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError:
        return False
    return len(key) == _POINT_BYTES


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415  # as above

    return key.public_bytes(form.Encoding.X962, form.PublicFormat.UncompressedPoint)


def _retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Read a number of seconds or a date; anything else says nothing."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return timedelta(seconds=min(int(header), timedelta(days=1).total_seconds()))
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC) - now
