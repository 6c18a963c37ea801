"""A load driver on plain sockets: so many requests at a time, so many in all."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Measured:
    """What a round of requests took; times in seconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


async def drive(port: int, request: bytes, *, concurrency: int, requests: int) -> Measured:
    """Send the same request over and over; each connection waits for its answer."""
    times: list[float] = []
    left = iter(range(requests))
    started = time.perf_counter()
    await asyncio.gather(*(_connection(port, request, left, times) for _ in range(concurrency)))
    seconds = time.perf_counter() - started
    times.sort()
    return Measured(len(times), seconds, times[len(times) // 2], times[int(len(times) * 0.99)])


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `head` is the status line and the headers, as they were sent."""

    status: int
    head: str
    body: bytes


async def ask(port: int, request: bytes) -> bytes:
    """Send one request, which must succeed, and return the answer's body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return _body_of(await exchange(reader, writer, request))
    finally:
        writer.close()


async def _connection(port: int, request: bytes, left: object, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in left:  # type: ignore[attr-defined]  # an iterator shared by all connections
        started = time.perf_counter()
        _body_of(await exchange(reader, writer, request))
        times.append(time.perf_counter() - started)
    writer.close()


def _body_of(answer: Answer) -> bytes:
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(answer.head + answer.body.decode(errors="replace"))
    return answer.body


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> Answer:
    """Send one request over a connection and read its answer."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lower = head.lower()
    if "content-length:" in lower:
        length = int(lower.partition("content-length:")[2].partition("\r\n")[0])
        body = await reader.readexactly(length)
    else:
        body = await _read_chunks(reader)
    return Answer(int(head.split(" ", 2)[1]), head, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while (size := int(await reader.readline(), 16)) > 0:
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body
