"""Ed25519 (RFC 8032): keys, signing, verifying.

It is imported when first needed: most of what the server does needs no signature.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in memory, for use at once; its 32 bytes never show up in a log."""

    private_key: bytes = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """What verifies its signatures: 32 bytes."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        key = ed25519.Ed25519PrivateKey.from_private_bytes(self.private_key)
        return key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature: 64 bytes, the same for the same message."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        return ed25519.Ed25519PrivateKey.from_private_bytes(self.private_key).sign(message)


class Signer(Protocol):
    """Signs in the name of the house."""

    async def load(self) -> SigningKey:
        """Return the house's key; the first use makes it.

        Raises KeyStoreUnavailableError, or CipherError if the stored key was tampered with.
        """
        ...


def new_private_key() -> bytes:
    """Generate a private key."""
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    return ed25519.Ed25519PrivateKey.generate().private_bytes_raw()


def key_id_of(public_key: bytes) -> str:
    """Return the name of a public key: its SHA-256, hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the private key signed exactly this message."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
