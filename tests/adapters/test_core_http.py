from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend.adapters.core_http import HttpCoreSystems
from backend.clock import SystemClock
from backend.message_signatures import SignedMessage, verify_message
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from backend.signatures import SigningKey, key_id_of
from tests.adapters.listening import listening
from tests.servers import HOST, silent_server

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

KEY = SigningKey(bytes(range(32)))
EVENT = b'{"id": "e1"}'


class _Signer:
    async def load(self) -> SigningKey:
        return KEY


def _system(seconds: float = 2.0) -> HttpCoreSystems:
    return HttpCoreSystems(_Signer(), SystemClock(), timeout_seconds=seconds)


def _answering(
    status: int, seen: list[tuple[dict[str, str], bytes]]
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers["Content-Length"]))
        seen.append((headers, body))
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return serve


async def test_M2_an_event_arrives_signed_under_its_id() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []
    async with listening(_answering(202, seen)) as port, _system() as core:
        url = f"http://{HOST}:{port}/events"
        await core.transmit(url, EVENT, "e1")
    ((headers, body),) = seen
    assert (headers["Idempotency-Key"], body) == ("e1", EVENT)
    assert '"idempotency-key"' in headers["Signature-Input"]
    verified = verify_message(
        SignedMessage("POST", url, headers, body),
        {key_id_of(KEY.public_key): KEY.public_key},
        now=SystemClock().now(),
    )
    assert verified.key_id == key_id_of(KEY.public_key)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, DeliveryRefusedError) for status in (400, 410, 413, 422)),
        *((status, DeliveryDeferredError) for status in (302, 401, 403, 404, 409, 429, 500, 503)),
    ],
)
async def test_an_answer_tells_whether_to_try_again(status: int, error: type[Exception]) -> None:
    async with listening(_answering(status, [])) as port, _system() as core:
        with pytest.raises(error, match=str(status)):
            await core.transmit(f"http://{HOST}:{port}/events", EVENT, "e1")


async def test_a_core_system_that_is_down_or_silent_defers() -> None:
    async with listening(_answering(202, [])) as port:
        pass
    async with _system(0.2) as core:
        with pytest.raises(DeliveryDeferredError, match="ConnectError"):
            await core.transmit(f"http://{HOST}:{port}/events", EVENT, "e1")
        with silent_server() as silent, pytest.raises(DeliveryDeferredError, match="ReadTimeout"):
            await core.transmit(f"http://{HOST}:{silent}/events", EVENT, "e1")
