"""A load driver on plain sockets: so many requests at a time, so many in all."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass


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


async def ask(port: int, request: bytes) -> bytes:
    """Send one request and return the answer's body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await _exchange(reader, writer, request)
    finally:
        writer.close()


async def _connection(port: int, request: bytes, left: object, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in left:  # type: ignore[attr-defined]  # an iterator shared by all connections
        started = time.perf_counter()
        await _exchange(reader, writer, request)
        times.append(time.perf_counter() - started)
    writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> bytes:
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if not head.startswith("http/1.1 200"):
        raise RuntimeError(head + (await reader.read(2000)).decode(errors="replace"))
    if "content-length:" in head:
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        return await reader.readexactly(length)
    body = b""
    while (size := int(await reader.readline(), 16)) > 0:
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body
