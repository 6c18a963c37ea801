"""Small byte streams for the tests of adapters."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

MIB = 1 << 20


async def chunked(content: bytes, size: int = 100_000) -> AsyncGenerator[bytes]:
    """Yield `content` in chunks of `size` bytes."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def collect(chunks: AsyncIterable[bytes]) -> bytes:
    """Join all chunks."""
    return b"".join([chunk async for chunk in chunks])


def random_bytes(size: int, seed: int = 1) -> bytes:
    """Return the same incompressible bytes for the same arguments."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - test data, no secret
