"""Many requests over many connections at once; what came back is counted by kind."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from bench.load import Answer, exchange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# As many as are let in to hash at once on two cores: beyond, most are sent away unheard.
CONNECTIONS = 12
_TRIES = 600


def request_of(
    query: str, variables: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """Return the bytes of a POST with one operation."""
    return raw_request(json.dumps({"query": query, "variables": variables or {}}), headers)


def raw_request(
    body: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    path: str = "/graphql",
) -> bytes:
    """Return the bytes of any request; a header given as empty is left out."""
    content = body.encode()
    usual = {
        "Host": "portal.test",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
    }
    lines = [f"{name}: {value}" for name, value in (usual | dict(headers or {})).items() if value]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode() + content


def from_client(number: int) -> dict[str, str]:
    """Return the header by which the trusted proxy tells one of 16 million clients."""
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


async def flood(
    port: int, requests: Iterable[bytes], *, connections: int = CONNECTIONS
) -> Counter[str]:
    """Send all requests, so many at once, and count the answers by kind."""
    kinds: Counter[str] = Counter()
    left = iter(requests)
    await asyncio.gather(*(_send(port, left, kinds) for _ in range(connections)))
    return kinds


def kind_of(answer: Answer) -> str:
    """Return the answer's type name, else the code of its error, else its status."""
    try:
        content = json.loads(answer.body)
    except ValueError:
        return f"HTTP {answer.status}"
    if errors := content.get("errors"):
        return str(errors[0].get("extensions", {}).get("code", answer.status))
    first = next(iter(content["data"].values()))
    return str(first["__typename"]) if first else "null"


async def _send(port: int, left: Iterator[bytes], kinds: Counter[str]) -> None:
    reader, writer = await _connect(port)
    for request in left:
        try:
            kinds[kind_of(await exchange(reader, writer, request))] += 1
        except (OSError, asyncio.IncompleteReadError):
            kinds["cut off"] += 1
            writer.close()
            reader, writer = await _connect(port)
    writer.close()


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect; while the server starts again, try again."""
    for _ in range(_TRIES):
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
    raise SystemExit("the attacked server does not come back")
