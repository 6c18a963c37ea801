"""Short texts encrypted with their customer's key: gone with the key, readable nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.ports import DocumentVersion

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from backend.ports import DocumentCipher

_VERSION = 1


async def seal_text(cipher: DocumentCipher, *, owner: str, place: str, text: str) -> bytes:
    """Encrypt a text of a customer, bound to the place where it stands, such as `message:UID`.

    Raises what `KeyStore.load` raises.
    """
    sealed = cipher.encrypt(DocumentVersion(owner, place, _VERSION), _once(text.encode()))
    return b"".join([chunk async for chunk in sealed])


async def unseal_text(cipher: DocumentCipher, *, owner: str, place: str, sealed: bytes) -> str:
    """Decrypt a text. Raises CipherError for damage, another customer or another place."""
    plain = cipher.decrypt(DocumentVersion(owner, place, _VERSION), _once(sealed))
    return b"".join([chunk async for chunk in plain]).decode()


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
