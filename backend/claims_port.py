"""Port for the private keys of the claims department: where sealed files can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from backend.values import Value

if TYPE_CHECKING:
    from backend.claim_envelope import ClaimsKeyAlgorithm


class NewClaimsKey(Value):
    """A key pair that was made: its name, and what files are sealed to."""

    uid: str
    public_key: bytes


class ClaimsKeyHolder(Protocol):
    """Holds the private keys; lives with the worker or in a service, never with the web tier.

    Every method may raise KeyStoreUnavailableError.
    """

    async def create(self, algorithm: ClaimsKeyAlgorithm) -> NewClaimsKey:
        """Make a key pair; its private half is durable when this returns."""

    async def open_content_key(self, uid: str, head: bytes, info: bytes) -> bytes:
        """Open the content key at the head of a sealed file.

        Raises KeyMissingError, or CipherError if it was sealed to another key or claim.
        """

    async def destroy(self, uid: str) -> None:
        """Destroy a private key for good; repeating it is harmless."""
