"""The sealed file of a claim: HPKE (RFC 9180) around a content key, AES-256-GCM around the file.

docs/api.md tells the format to app developers. `cryptography` is imported when first needed: the
server that takes files in never opens one.
"""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

MAGIC = b"KPCLAIM\x01"
SEGMENT = 1 << 16
_ENCAPSULATED = 32
_CONTENT_KEY = 32
_TAG = 16
_NUMBER = 11
HEAD = len(MAGIC) + _ENCAPSULATED + _CONTENT_KEY + _TAG


class BrokenEnvelopeError(Exception):
    """Not a sealed file, cut, damaged, or bound to another claim or key."""


@dataclass(frozen=True, slots=True)
class ClaimBinding:
    """What a sealed file is bound to; ids as the API gives them, names of kinds and formats."""

    key: str
    contract: str
    kind: str
    format: str
    idempotency_key: str

    @property
    def info(self) -> bytes:
        """Return the `info` of HPKE."""
        lines = (
            "kundenportal claim v1",
            f"key: {self.key}",
            f"contract: {self.contract}",
            f"kind: {self.kind}",
            f"format: {self.format}",
            f"idempotencyKey: {self.idempotency_key}",
        )
        return "\n".join(lines).encode()


def new_private_key() -> bytes:
    """Generate the private half of a claims key: 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415

    return x25519.X25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private_key: bytes) -> bytes:
    """Return what files are sealed to: 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415

    return x25519.X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def size_of_sealed(size: int) -> int:
    """Return how large a file of a size is once sealed."""
    return HEAD + size + _TAG * max(1, -(-size // SEGMENT))


def seal_file(content: bytes, *, public_key: bytes, info: bytes) -> bytes:
    """Return a file sealed to a claims key, as devices do it."""
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    content_key = os.urandom(_CONTENT_KEY)
    recipient = x25519.X25519PublicKey.from_public_bytes(public_key)
    sealed_key = _suite().encrypt(content_key, recipient, info=info)
    cipher = AESGCM(content_key)
    starts = range(0, len(content) or 1, SEGMENT)
    segments = [
        cipher.encrypt(
            _nonce(number, is_last=number == len(starts) - 1), content[at:][:SEGMENT], b""
        )
        for number, at in enumerate(starts)
    ]
    return b"".join([MAGIC, sealed_key, *segments])


def open_content_key(head: bytes, *, private_key: bytes, info: bytes) -> bytes:
    """Return the content key of a sealed file by its first `HEAD` bytes.

    Raises:
        BrokenEnvelopeError: another format, damage, another key or another claim.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415

    if len(head) != HEAD or not head.startswith(MAGIC):
        raise BrokenEnvelopeError("not a sealed file of a known version")
    key = x25519.X25519PrivateKey.from_private_bytes(private_key)
    try:
        opened: bytes = _suite().decrypt(head[len(MAGIC) :], key, info=info)
    except (InvalidTag, ValueError) as error:
        raise BrokenEnvelopeError("sealed to another key or claim, or damaged") from error
    return opened


async def open_segments(content_key: bytes, sealed: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    """Iterate over the file in segments, given what follows its head; each one is authentic.

    Only an iteration that ends without an error has delivered the whole file.

    Raises:
        BrokenEnvelopeError: a segment is damaged, moved or missing.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    cipher = AESGCM(content_key)
    number = 0
    async with AsyncExitStack() as cleanup:
        pieces = _pieces(sealed)
        cleanup.push_async_callback(pieces.aclose)
        async for piece, is_last in pieces:
            try:
                yield cipher.decrypt(_nonce(number, is_last=is_last), piece, b"")
            except InvalidTag as error:
                raise BrokenEnvelopeError("the file is damaged or cut") from error
            number += 1


async def _pieces(sealed: AsyncIterable[bytes]) -> AsyncGenerator[tuple[bytes, bool]]:
    """Cut into sealed segments; one is known to be the last when nothing follows it."""
    whole = SEGMENT + _TAG
    held = bytearray()
    async for chunk in sealed:
        held += chunk
        while len(held) > whole:
            yield bytes(held[:whole]), False
            del held[:whole]
    yield bytes(held), True


def _suite() -> Any:
    from cryptography.hazmat.primitives import hpke  # noqa: PLC0415

    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_NUMBER, "big") + bytes([is_last])
