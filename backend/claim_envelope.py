"""The sealed file of a claim: HPKE (RFC 9180) around a content key, AES-256-GCM around the file.

docs/api.md tells the format to app developers. `cryptography` is imported when first needed: the
server that takes files in never opens one.
"""

from __future__ import annotations

import enum
import os
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

SEGMENT = 1 << 16
_MAGIC = b"KPCLAIM"
_CONTENT_KEY = 32
_TAG = 16
_NUMBER = 11
_X25519 = 32
_ML_KEM_PUBLIC = 1184


class ClaimsKeyAlgorithm(enum.Enum):
    """How files are sealed to a key; the value is what the setting calls it."""

    X25519 = "x25519"
    MLKEM768_X25519 = "hybrid"

    @property
    def version(self) -> int:
        """The version of the sealed file: a seal of one algorithm never passes for another's."""
        return 1 if self is ClaimsKeyAlgorithm.X25519 else 2

    @property
    def magic(self) -> bytes:
        """The first bytes of a sealed file."""
        return _MAGIC + bytes([self.version])

    @property
    def head_size(self) -> int:
        """The size of everything before the segments."""
        encapsulated = 32 if self is ClaimsKeyAlgorithm.X25519 else 1088 + 32
        return len(self.magic) + encapsulated + _CONTENT_KEY + _TAG


class BrokenEnvelopeError(Exception):
    """Not a sealed file, cut, damaged, or bound to another claim or key."""


class ClaimBinding(Value):
    """What a sealed file is bound to; ids as the API gives them, names of kinds and formats."""

    key: str
    contract: str
    kind: str
    format: str
    idempotency_key: str
    algorithm: ClaimsKeyAlgorithm

    @property
    def info(self) -> bytes:
        """Return the `info` of HPKE."""
        lines = (
            f"kundenportal claim v{self.algorithm.version}",
            f"key: {self.key}",
            f"contract: {self.contract}",
            f"kind: {self.kind}",
            f"format: {self.format}",
            f"idempotencyKey: {self.idempotency_key}",
        )
        return "\n".join(lines).encode()


def new_private_key(algorithm: ClaimsKeyAlgorithm) -> bytes:
    """Generate the private half of a claims key: 32 bytes, or 96 of the hybrid."""
    from cryptography.hazmat.primitives.asymmetric import mlkem, x25519  # noqa: PLC0415

    classic = x25519.X25519PrivateKey.generate().private_bytes_raw()
    if algorithm is ClaimsKeyAlgorithm.X25519:
        return classic
    return mlkem.MLKEM768PrivateKey.generate().private_bytes_raw() + classic


def public_key_of(private_key: bytes) -> bytes:
    """Return what files are sealed to: 32 bytes, or 1,216 of the hybrid."""
    from cryptography.hazmat.primitives.asymmetric import mlkem, x25519  # noqa: PLC0415

    quantum, classic = private_key[:-_X25519], private_key[-_X25519:]
    public = x25519.X25519PrivateKey.from_private_bytes(classic).public_key().public_bytes_raw()
    if not quantum:
        return public
    seeded = mlkem.MLKEM768PrivateKey.from_seed_bytes(quantum)
    return seeded.public_key().public_bytes_raw() + public


def size_of_sealed(size: int, algorithm: ClaimsKeyAlgorithm) -> int:
    """Return how large a file of a size is once sealed."""
    return algorithm.head_size + size + _TAG * max(1, -(-size // SEGMENT))


def seal_file(content: bytes, *, public_key: bytes, binding: ClaimBinding) -> bytes:
    """Return a file sealed to a claims key, as devices do it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    content_key = os.urandom(_CONTENT_KEY)
    recipient = _recipient(public_key, binding.algorithm)
    sealed_key = _suite(binding.algorithm).encrypt(content_key, recipient, info=binding.info)
    cipher = AESGCM(content_key)
    starts = range(0, len(content) or 1, SEGMENT)
    segments = [
        cipher.encrypt(
            _nonce(number, is_last=number == len(starts) - 1), content[at:][:SEGMENT], b""
        )
        for number, at in enumerate(starts)
    ]
    return b"".join([binding.algorithm.magic, sealed_key, *segments])


def open_content_key(head: bytes, *, private_key: bytes, info: bytes) -> bytes:
    """Return the content key of a sealed file by what stands before its segments.

    Raises:
        BrokenEnvelopeError: another format, damage, another key or another claim.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415

    algorithm = _algorithm_of(private_key)
    if len(head) != algorithm.head_size or not head.startswith(algorithm.magic):
        raise BrokenEnvelopeError("not a sealed file of the version of its key")
    try:
        opened: bytes = _suite(algorithm).decrypt(
            head[len(algorithm.magic) :], _opener(private_key), info=info
        )
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


def _algorithm_of(private_key: bytes) -> ClaimsKeyAlgorithm:
    """Tell a private key by its size: the seed of ML-KEM-768 before the key of X25519, or not."""
    if len(private_key) == _X25519:
        return ClaimsKeyAlgorithm.X25519
    return ClaimsKeyAlgorithm.MLKEM768_X25519


def _suite(algorithm: ClaimsKeyAlgorithm) -> Any:
    from cryptography.hazmat.primitives import hpke  # noqa: PLC0415

    return hpke.Suite(
        getattr(hpke.KEM, algorithm.name), hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM
    )


def _recipient(public_key: bytes, algorithm: ClaimsKeyAlgorithm) -> Any:
    from cryptography.hazmat.primitives import hpke  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import mlkem, x25519  # noqa: PLC0415

    if algorithm is ClaimsKeyAlgorithm.X25519:
        return x25519.X25519PublicKey.from_public_bytes(public_key)
    return hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(public_key[:_ML_KEM_PUBLIC]),
        x25519.X25519PublicKey.from_public_bytes(public_key[_ML_KEM_PUBLIC:]),
    )


def _opener(private_key: bytes) -> Any:
    from cryptography.hazmat.primitives import hpke  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import mlkem, x25519  # noqa: PLC0415

    quantum, classic = private_key[:-_X25519], private_key[-_X25519:]
    key = x25519.X25519PrivateKey.from_private_bytes(classic)
    if not quantum:
        return key
    return hpke.MLKEM768X25519PrivateKey(mlkem.MLKEM768PrivateKey.from_seed_bytes(quantum), key)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_NUMBER, "big") + bytes([is_last])
