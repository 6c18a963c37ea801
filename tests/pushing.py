"""Browsers and a push service for tests: what was sent is read as a browser reads it."""

from __future__ import annotations

import base64
import json
import os
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.adapters.key_database import KeyDatabase
from backend.adapters.key_store import Keyring
from backend.adapters.keys_file import open_root_key
from backend.adapters.push_web import WebPushSender
from backend.app import TENANT
from backend.push_port import PushTarget
from tests.adapters.listening import listening

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Sequence

    from backend.clock import Clock
    from backend.settings import Settings

SUBSCRIBE = """mutation ($input: SubscribeToPushInput!) { subscribeToPush(input: $input) {
  __typename ... on PushSubscription { id deviceName isCurrent }
  ... on InvalidInput { fields { path message } } } }"""
UNSUBSCRIBE = """mutation ($id: ID!) { unsubscribeFromPush(input: {subscription: $id}) {
  __typename ... on PushUnsubscribed { subscriptions { id } } } }"""
SUBSCRIPTIONS = "{ viewer { pushSubscriptions { id deviceName createdAt isCurrent } } }"
FIREFOX = "https://updates.push.services.mozilla.com/wpush/v2/"


def in_base64url(content: bytes) -> str:
    """Write bytes as the push standards do: base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Read them."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class FakeBrowser:
    """A browser's half of a subscription; reads with arithmetic of its own, not the portal's."""

    endpoint: str = FIREFOX + "abc"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        """Its public key."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def target(self) -> PushTarget:
        """What the portal knows of it."""
        return PushTarget(self.endpoint, self.point, self.auth)

    @property
    def given(self) -> dict[str, Any]:
        """The variables with which it subscribes."""
        keys = {"p256dh": in_base64url(self.point), "auth": in_base64url(self.auth)}
        return {"input": {"endpoint": self.endpoint} | keys}

    def read(self, message: bytes) -> bytes:
        """Decrypt one record of aes128gcm (RFC 8188, RFC 8291)."""
        salt, public, sealed = message[:16], message[21:86], message[86:]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        shared = _hkdf(
            self.key.exchange(ec.ECDH(), theirs),
            self.auth,
            b"WebPush: info\0" + self.point + public,
            32,
        )
        content = AESGCM(_hkdf(shared, salt, b"Content-Encoding: aes128gcm\0", 16)).decrypt(
            _hkdf(shared, salt, b"Content-Encoding: nonce\0", 12), sealed, None
        )
        return content.rstrip(b"\0").removesuffix(b"\x02")


def claims_of(authorization: str, public_key: bytes) -> dict[str, Any]:
    """Return what a VAPID header (RFC 8292) claims, its signature verified as a service does."""
    found = re.fullmatch(r"vapid t=([\w-]+\.[\w-]+)\.([\w-]+),k=([\w-]+)", authorization)
    assert found is not None, authorization
    signed, signature = found[1], from_base64url(found[2])
    assert from_base64url(found[3]) == public_key
    halves = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key).verify(
        utils.encode_dss_signature(*halves), signed.encode(), ec.ECDSA(hashes.SHA256())
    )
    head, claims = (json.loads(from_base64url(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return dict(claims)


@dataclass(frozen=True)
class PushedMessage:
    """What a push service was handed."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """A push service on this machine; `answers` are given one after the other, then 201."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    taken: list[PushedMessage] = field(default_factory=list)

    def browser(self, name: str = "abc") -> FakeBrowser:
        """A browser that subscribed here."""
        return FakeBrowser(f"{self.url}/push/{name}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request and close the connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        self.taken.append(PushedMessage(head[0].split()[1], headers, body))
        status, extra = self.answers.pop(0) if self.answers else (HTTPStatus.CREATED, {})
        more = "".join(f"{name}: {value}\r\n" for name, value in extra.items())
        answer = f"HTTP/1.1 {int(status)} X\r\nContent-Length: 0\r\nConnection: close\r\n{more}\r\n"
        writer.write(answer.encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """Run a push service on a free port."""
    service = PushService()
    async with listening(service.serve) as port:
        service.url = f"http://127.0.0.1:{port}"
        yield service


async def no_resolver(host: str) -> Sequence[str]:
    """Stand for the network: nothing leaves this machine."""
    raise OSError(host)


@asynccontextmanager
async def web_push(
    settings: Settings, clock: Clock, *services: str, **options: Any
) -> AsyncIterator[WebPushSender]:
    """Open the sender of a portal with its key, for other push services."""
    async with KeyDatabase(settings.keys) as database:
        root_key = await open_root_key(settings.root_key, may_create=await database.is_empty())
        keyring = Keyring(database, root_key, tenant=TENANT)
        options = {"resolve": no_resolver} | options
        async with WebPushSender(
            keyring, services, "post@trustee.example", clock, **options
        ) as sender:
            yield sender


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
