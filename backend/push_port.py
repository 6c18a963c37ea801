"""Port: what takes messages to the push services of browsers, and the errors it answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from backend.ports import DeliveryRefusedError

if TYPE_CHECKING:
    from datetime import timedelta


class PushEndedError(DeliveryRefusedError):
    """This browser takes no messages any more, or none from here: forget it."""


@dataclass(frozen=True, slots=True)
class PushTarget:
    """A browser: its address at its push service, its public key, and a secret for encryption."""

    endpoint: str = field(repr=False)
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)


class PushSender(Protocol):
    """Encrypts messages for a browser and hands them to its push service."""

    @property
    def is_offered(self) -> bool:
        """Whether there is any push service that this portal sends to."""
        ...

    async def public_key(self) -> bytes:
        """Return what a browser subscribes with: a point on P-256. The first use makes the key.

        Raises KeyStoreUnavailableError, or CipherError if the stored key was tampered with.
        """
        ...

    def accepts(self, target: PushTarget) -> bool:
        """Tell whether this is the address of an allowed push service, with keys that are some."""
        ...

    async def send(
        self, target: PushTarget, content: bytes, *, topic: str, keep: timedelta
    ) -> None:
        """Return once the push service has taken the message, which it keeps for a while.

        Of those that still wait there under one topic the last one is kept.

        Raises:
            PushEndedError: the browser has unsubscribed, or its push service is not allowed.
            DeliveryRefusedError: never this message.
            DeliveryDeferredError: not now; `retry_after` says when, if the push service did.
        """
        ...
