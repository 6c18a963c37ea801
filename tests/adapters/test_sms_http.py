from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend.adapters.sms_http import HttpSmsSender
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from tests.adapters.listening import listening
from tests.servers import HOST, silent_server, sms_gateway

if TYPE_CHECKING:
    import asyncio

NUMBER = "+4915112345678"


async def test_a_text_arrives_with_its_number() -> None:
    with sms_gateway() as gateway:
        async with HttpSmsSender(gateway.url, gateway.token) as sender:
            await sender.send(NUMBER, "Ihre TAN: 471100 (Grüße)", "outbox-1")

    assert gateway.texts == {"outbox-1": (NUMBER, "Ihre TAN: 471100 (Grüße)")}


async def test_a_repetition_carries_the_same_key_and_is_no_second_text() -> None:
    with sms_gateway() as gateway:
        async with HttpSmsSender(gateway.url, gateway.token) as sender:
            await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")
            await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")

    assert gateway.requests == 2
    assert gateway.texts == {"outbox-1": (NUMBER, "Ihre TAN: 471100")}


async def test_a_wrong_token_defers() -> None:
    with sms_gateway() as gateway:
        async with HttpSmsSender(gateway.url, "wrong") as sender:
            with pytest.raises(DeliveryDeferredError, match="401"):
                await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")

    assert gateway.texts == {}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, DeliveryRefusedError) for status in (400, 409, 413, 422)),
        *((status, DeliveryDeferredError) for status in (302, 307, 402, 403, 404, 408, 429)),
        *((status, DeliveryDeferredError) for status in (500, 502, 503, 504)),
    ],
)
async def test_an_answer_tells_whether_to_try_again(status: int, error: type[Exception]) -> None:
    with sms_gateway() as gateway:
        gateway.statuses.append(status)
        async with HttpSmsSender(gateway.url, gateway.token) as sender:
            with pytest.raises(error, match=str(status)) as caught:
                await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")

    assert type(caught.value) is error
    assert "471100" not in str(caught.value)
    assert NUMBER not in str(caught.value)
    assert gateway.requests == 1
    assert gateway.texts == {}


async def test_a_gateway_that_recovers_takes_the_text() -> None:
    with sms_gateway() as gateway:
        gateway.statuses.append(503)
        async with HttpSmsSender(gateway.url, gateway.token) as sender:
            with pytest.raises(DeliveryDeferredError):
                await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")
            await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")

    assert gateway.texts == {"outbox-1": (NUMBER, "Ihre TAN: 471100")}


async def test_a_gateway_that_is_down_defers() -> None:
    with sms_gateway() as gateway:
        url = gateway.url
    async with HttpSmsSender(url, gateway.token) as sender:
        with pytest.raises(DeliveryDeferredError, match="ConnectError"):
            await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")


async def test_a_silent_gateway_defers() -> None:
    with silent_server() as port:
        url = f"http://{HOST}:{port}/"
        async with HttpSmsSender(url, "token", timeout_seconds=0.1) as sender:
            with pytest.raises(DeliveryDeferredError, match="ReadTimeout"):
                await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")


async def test_a_gateway_that_hangs_up_defers() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with listening(hang_up) as port:
        url = f"http://{HOST}:{port}/"
        async with HttpSmsSender(url, "token") as sender:
            with pytest.raises(DeliveryDeferredError, match="RemoteProtocolError"):
                await sender.send(NUMBER, "Ihre TAN: 471100", "outbox-1")
