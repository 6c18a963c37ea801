"""Web push on the wire: what browsers and push services make of it, and where it never goes."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import http_ece
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from backend.clock import SystemClock
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from backend.push_port import PushEndedError
from backend.settings import Settings
from tests.pushing import (
    FIREFOX,
    FakeBrowser,
    PushService,
    claims_of,
    from_base64url,
    in_base64url,
    push_service,
    web_push,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from backend.adapters.push_web import WebPushSender

KEEP = timedelta(days=3)
HOSTS = ("updates.push.services.mozilla.com", "*.push.apple.com")
VECTOR = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


@asynccontextmanager
async def _sending(
    folder: Path, **options: object
) -> AsyncIterator[tuple[WebPushSender, PushService]]:
    async with (
        push_service() as service,
        web_push(
            Settings(data_dir=folder), SystemClock(), *HOSTS, service.url, **options
        ) as sender,
    ):
        yield sender, service


def test_X3_the_vector_of_rfc_8291() -> None:
    """The library that encrypts does it as the standard's own example."""
    private = from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    message = http_ece.encrypt(
        b"When I grow up, I want to be a watermelon",
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
        private_key=ec.derive_private_key(int.from_bytes(private), ec.SECP256R1()),
        dh=from_base64url(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        auth_secret=from_base64url("BTBZMqHH6r4Tts7J_aSIgg"),
        version="aes128gcm",
    )
    assert in_base64url(message) == VECTOR


async def test_X3_only_the_browser_reads_a_message_and_its_service_knows_the_portal(
    tmp_path: Path,
) -> None:
    async with _sending(tmp_path) as (sender, service):
        browser = service.browser()
        for _ in range(2):
            await sender.send(browser.target, "Größe".encode(), topic="postbox", keep=KEEP)
        public = await sender.public_key()
    first, second = service.taken
    assert first.body != second.body
    assert browser.read(first.body).decode() == browser.read(second.body).decode() == "Größe"
    with pytest.raises(InvalidTag):
        replace(browser, auth=bytes(16)).read(first.body)
    assert (first.path, first.headers["ttl"], first.headers["topic"]) == (
        "/push/abc",
        "259200",
        "postbox",
    )
    assert first.headers["content-encoding"] == "aes128gcm"
    claims = claims_of(first.headers["authorization"], public)
    assert (claims["aud"], claims["sub"]) == (service.url, "mailto:post@trustee.example")
    assert 0 < claims["exp"] - SystemClock().now().timestamp() <= 12 * 3600


async def test_X3_the_key_is_made_once_and_lies_wrapped(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        async with _sending(tmp_path) as (sender, _service):
            keys.append(await sender.public_key())
    assert keys[0] == keys[1]
    assert (len(keys[0]), keys[0][0]) == (65, 4)
    assert (tmp_path / "root.key").stat().st_mode & 0o077 == 0
    assert keys[0] not in (tmp_path / "keys.db").read_bytes()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, PushEndedError) for status in (404, 410)),
        *((status, DeliveryRefusedError) for status in (400, 413)),
        *((status, DeliveryDeferredError) for status in (302, 401, 403, 429, 500, 503)),
    ],
)
async def test_X3_an_answer_tells_whether_to_try_again(
    tmp_path: Path, status: int, error: type[Exception]
) -> None:
    async with _sending(tmp_path) as (sender, service):
        service.answers.append((status, {"Location": f"{service.url}/elsewhere"}))
        with pytest.raises(error) as raised:
            await sender.send(service.browser().target, b"x", topic="postbox", keep=KEEP)
    assert raised.type is error
    assert len(service.taken) == 1
    assert service.url not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [("120", 120, 120), ("99999999999", 86400, 86400), ("Sat, 01 Jan 2050 00:00:00 GMT", 1e6, 1e9)],
)
async def test_X3_retry_after_is_told(tmp_path: Path, header: str, low: float, high: float) -> None:
    async with _sending(tmp_path) as (sender, service):
        service.answers.append((429, {"Retry-After": header}))
        with pytest.raises(DeliveryDeferredError) as raised:
            await sender.send(service.browser().target, b"x", topic="postbox", keep=KEEP)
    asked = raised.value.retry_after
    assert asked is not None
    assert low <= asked.total_seconds() <= high


async def test_X3_retry_after_that_says_nothing(tmp_path: Path) -> None:
    async with _sending(tmp_path) as (sender, service):
        service.answers.append((503, {"Retry-After": "soon"}))
        with pytest.raises(DeliveryDeferredError) as raised:
            await sender.send(service.browser().target, b"x", topic="postbox", keep=KEEP)
    assert raised.value.retry_after is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://updates.push.services.mozilla.com:8443/abc",
        "https://user@updates.push.services.mozilla.com/abc",
        "https://updates.push.services.mozilla.com.evil.example/abc",
        "https://updates.push.services.mozilla.com@evil.example/abc",
        "https://evil.example/?updates.push.services.mozilla.com",
        "https://push.apple.com/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/abc",
        "https://[broken/abc",
        "ftp://web.push.apple.com/abc",
        "file:///etc/passwd",
        "",
        FIREFOX + "a" * 1024,
    ],
)
async def test_X3_an_endpoint_elsewhere_is_not_accepted(tmp_path: Path, endpoint: str) -> None:
    browser = FakeBrowser(endpoint)
    async with _sending(tmp_path) as (sender, service):
        assert sender.accepts(FakeBrowser("https://web.push.apple.com/abc").target)
        assert not sender.accepts(browser.target)
        with pytest.raises(PushEndedError):
            await sender.send(browser.target, b"x", topic="postbox", keep=KEEP)
    assert service.taken == []


@pytest.mark.parametrize(
    "addresses", [[], ["127.0.0.1"], ["10.0.0.1"], ["::1"], ["93.184.215.14", "192.168.1.1"]]
)
async def test_X3_a_name_that_stands_for_a_private_address_is_not_asked(
    tmp_path: Path, addresses: Sequence[str]
) -> None:
    async def resolve(_host: str) -> Sequence[str]:
        return addresses

    async with _sending(tmp_path, resolve=resolve) as (sender, _service):
        with pytest.raises(DeliveryDeferredError, match="private address"):
            await sender.send(FakeBrowser().target, b"x", topic="postbox", keep=KEEP)


async def test_X3_keys_that_are_none_are_not_accepted(tmp_path: Path) -> None:
    browser = FakeBrowser()
    async with _sending(tmp_path) as (sender, _service):
        for target in (
            replace(browser.target, auth=bytes(15)),
            replace(browser.target, p256dh=b""),
            replace(browser.target, p256dh=b"\x04" + bytes(64)),
            replace(browser.target, p256dh=browser.point[:-1]),
        ):
            assert not sender.accepts(target)
        assert sender.accepts(browser.target)


@pytest.mark.parametrize(
    "services",
    ["*", "*.com", "127.0.0.1", "https://fcm.googleapis.com", "http://127.0.0.1:9", "fcm.*.com"],
)
def test_X3_push_services_are_names_of_hosts(services: str) -> None:
    with pytest.raises(ValueError, match="KUNDENPORTAL_PUSH_SERVICES"):
        Settings(push_services=services)
