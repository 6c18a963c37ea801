"""Port to the institutions' core systems: what goes there, and how it may fail."""

from __future__ import annotations

from typing import Protocol


class CoreSystems(Protocol):
    """Hands events to core systems."""

    async def transmit(self, url: str, event: bytes, idempotency_key: str) -> None:
        """Return once the core system at `url` has taken responsibility for an event (JSON).

        It recognises a repetition by `idempotency_key`. Raises DeliveryDeferredError,
        DeliveryRefusedError, or KeyStoreUnavailableError if nothing can be signed.
        """
