"""Objects in memory: for tests that are not about storage."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from backend.ports import (
    ObjectExistsError,
    ObjectInfo,
    ObjectMissingError,
    require_object_key,
    require_object_prefix,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable


class MemoryObjects:
    """Port ObjectStore without any durability; `objects` may be inspected and damaged by tests."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.objects: dict[str, bytes] = {}
        self._modified_at: dict[str, datetime] = {}
        self._now = now

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        """Keep an object. Raises ObjectExistsError if the key is taken."""
        require_object_key(key)
        content = b"".join([chunk async for chunk in chunks])
        if key in self.objects:
            raise ObjectExistsError(key)
        self.objects[key] = content
        self._modified_at[key] = self._now()

    async def get(self, key: str) -> AsyncGenerator[bytes]:
        """Iterate over an object's bytes. Raises ObjectMissingError."""
        try:
            yield self.objects[require_object_key(key)]
        except KeyError:
            raise ObjectMissingError(key) from None

    async def delete(self, key: str) -> None:
        """Forget an object; one that is absent is no error."""
        self.objects.pop(require_object_key(key), None)

    async def list(self, prefix: str = "") -> AsyncGenerator[ObjectInfo]:
        """Iterate over the objects whose key starts with `prefix`."""
        require_object_prefix(prefix)
        for key in sorted(self.objects):
            if key.startswith(prefix):
                yield ObjectInfo(key, len(self.objects[key]), self._modified_at[key])

    async def check(self) -> None:
        """Memory always answers."""
