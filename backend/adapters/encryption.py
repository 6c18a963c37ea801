"""Encryption with Tink: keysets, documents as streams, short secrets; nothing else imports tink."""

from __future__ import annotations

import hashlib
from collections import deque
from contextlib import aclosing
from typing import TYPE_CHECKING, NoReturn, cast

import tink
from tink import aead, secret_key_access, streaming_aead

from backend.adapters.streams import BLOCK_SIZE, in_blocks, in_thread
from backend.ports import CipherError, StoredDocument

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable

    from backend.ports import DocumentVersion, KeyStore, ObjectStore, OwnedKey

aead.register()
streaming_aead.register()

# The format of AES256_GCM_HKDF_1MB: a header, then segments of 1 MiB each with its tag; the
# header counts as part of the first segment.
_SEGMENT = 1 << 20
_HEADER = 40
_TAG = 16


def new_document_keyset() -> bytes:
    """Generate a keyset for documents: streaming AEAD AES256_GCM_HKDF_1MB."""
    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    return _serialize(tink.new_keyset_handle(template))


def new_secret_keyset() -> bytes:
    """Generate a keyset for short secrets and for wrapping keysets: AEAD AES256_GCM."""
    return _serialize(tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM))


def bound_to(*parts: str | bytes) -> bytes:
    """Encode associated data so that no two different lists of parts look alike."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def encrypt_secret(keyset: bytes, secret: bytes, associated_data: bytes) -> bytes:
    """Encrypt a short secret with a keyset of `new_secret_keyset`."""
    return cast("bytes", _secret_cipher(keyset).encrypt(secret, associated_data))


def decrypt_secret(keyset: bytes, ciphertext: bytes, associated_data: bytes) -> bytes:
    """Decrypt a short secret. Raises CipherError for damage, another key or another context."""
    try:
        return cast("bytes", _secret_cipher(keyset).decrypt(ciphertext, associated_data))
    except tink.TinkError as error:
        raise CipherError("a secret is damaged or belongs elsewhere") from error


class TinkDocumentCipher:
    """Port DocumentCipher: each document bound to tenant | customer | document | version."""

    def __init__(self, keys: KeyStore, *, tenant: str) -> None:
        self._keys = keys
        self._tenant = tenant

    async def encrypt(
        self, document: DocumentVersion, plaintext: AsyncIterable[bytes]
    ) -> AsyncGenerator[bytes]:
        """Iterate over the ciphertext of `plaintext`, in pieces of about 1 MiB."""
        encryption = await self._begin(document)
        async with aclosing(encryption.run(plaintext)) as ciphertext:
            async for chunk in ciphertext:
                yield chunk

    async def decrypt(
        self, document: DocumentVersion, ciphertext: AsyncIterable[bytes]
    ) -> AsyncGenerator[bytes]:
        """Iterate over the authentic plaintext. Raises CipherError at the first bad segment."""
        key = await self._keys.load(document.customer_uid)
        decryption = _Decryption(key.keyset, self._associated_data(document))
        async with aclosing(decryption.run(ciphertext)) as plaintext:
            async for chunk in plaintext:
                yield chunk

    async def store_encrypted(
        self,
        objects: ObjectStore,
        key: str,
        document: DocumentVersion,
        plaintext: AsyncIterable[bytes],
    ) -> StoredDocument:
        """Encrypt, hash, count and write in one pass, in constant memory."""
        encryption = await self._begin(document)
        async with aclosing(encryption.run(plaintext)) as ciphertext:
            await objects.put(key, ciphertext)
        return StoredDocument(sha256=encryption.sha256.hexdigest(), size=encryption.size)

    async def open_decrypted(
        self, objects: ObjectStore, key: str, document: DocumentVersion
    ) -> AsyncIterator[bytes]:
        """Return the plaintext's chunks after the first one was proven authentic."""
        plaintext = self.decrypt(document, objects.get(key))
        first = await anext(plaintext, b"")
        return _rejoin(first, plaintext)

    async def _begin(self, document: DocumentVersion) -> _Encryption:
        key = await self._keys.load(document.customer_uid)
        return _Encryption(key.keyset, self._associated_data(document))

    def _associated_data(self, document: DocumentVersion) -> bytes:
        return bound_to(
            "document",
            self._tenant,
            document.customer_uid,
            document.document_uid,
            str(document.version),
        )


class TinkSealer:
    """Port Sealer: short secrets sealed with a keyset of the house, loaded when needed."""

    def __init__(self, load_key: Callable[[], Awaitable[OwnedKey]], *, tenant: str) -> None:
        self._load_key = load_key
        self._tenant = tenant

    async def seal(self, secret: bytes, context: bytes) -> bytes:
        """Encrypt `secret`, bound to `context`."""
        key = await self._load_key()
        return encrypt_secret(key.keyset, secret, self._associated_data(context))

    async def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt. Raises CipherError for another context or damage."""
        key = await self._load_key()
        return decrypt_secret(key.keyset, sealed, self._associated_data(context))

    def _associated_data(self, context: bytes) -> bytes:
        return bound_to("sealed", self._tenant, context)


class _Encryption:
    """One encrypting stream with digest and size of what went in; one thread at a time."""

    def __init__(self, keyset: bytes, associated_data: bytes) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0
        self._ciphertext = _Outlet()
        primitive = _parse(keyset).primitive(streaming_aead.StreamingAead)
        self._stream = primitive.new_encrypting_stream(self._ciphertext, associated_data)

    async def run(self, plaintext: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
        async with aclosing(in_blocks(plaintext, BLOCK_SIZE)) as blocks:
            async for block in blocks:
                yield await in_thread(self._add, block)
        yield await in_thread(self._end)

    def _add(self, block: bytes) -> bytes:
        self.sha256.update(block)
        self.size += len(block)
        self._stream.write(block)
        return self._ciphertext.take()

    def _end(self) -> bytes:
        self._stream.close()
        return self._ciphertext.take()


class _Decryption:
    """One decrypting stream; ciphertext is fetched ahead, so that Tink never waits in a thread."""

    def __init__(self, keyset: bytes, associated_data: bytes) -> None:
        self._received = self._released = 0
        self._ciphertext = _Inlet()
        primitive = _parse(keyset).primitive(streaming_aead.StreamingAead)
        self._stream = primitive.new_decrypting_stream(self._ciphertext, associated_data)

    async def run(self, ciphertext: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
        async with aclosing(in_blocks(ciphertext, BLOCK_SIZE)) as blocks:
            async for block in blocks:
                self._received += len(block)
                self._ciphertext.add(block)
                # One read consumes at most one segment: with two at hand it never runs dry.
                while self._ciphertext.available >= 2 * _SEGMENT:
                    yield await in_thread(self._read) or self._refuse_appended()
        self._ciphertext.ended = True
        while chunk := await in_thread(self._read):
            yield chunk
        # Tink stops at the last segment and, if that one is full, overlooks what is appended.
        if self._received != _ciphertext_size(self._released):
            self._refuse_appended()

    def _refuse_appended(self) -> NoReturn:
        raise CipherError("a document is longer than what was written")

    def _read(self) -> bytes:
        try:
            chunk = cast("bytes", self._stream.read1(_SEGMENT))
        except tink.TinkError as error:
            raise CipherError("a document is damaged, cut or belongs elsewhere") from error
        self._released += len(chunk)
        return chunk


class _Outlet:
    """The file Tink writes ciphertext to, until it is taken."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def close(self) -> None:
        self.closed = True

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class _Inlet:
    """The file Tink reads ciphertext from; a defect if it asks for more than is at hand."""

    closed = False

    def __init__(self) -> None:
        self.ended = False
        self.available = 0
        self._blocks: deque[bytes] = deque()
        self._position = 0  # in the first block

    def add(self, block: bytes) -> None:
        self._blocks.append(block)
        self.available += len(block)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True

    def read(self, size: int) -> bytes:
        if self.available < size and not self.ended:
            raise AssertionError("Tink read further ahead than one segment")
        if not self._blocks:
            return b""
        block = self._blocks[0]
        taken = block[self._position : self._position + size]
        self._position += len(taken)
        self.available -= len(taken)
        if self._position == len(block):
            self._blocks.popleft()
            self._position = 0
        return taken


async def _rejoin(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(rest):
        if first:
            yield first
        async for chunk in rest:
            yield chunk


def _ciphertext_size(plaintext_size: int) -> int:
    segments = max(1, -(-(plaintext_size + _HEADER) // (_SEGMENT - _TAG)))
    return _HEADER + plaintext_size + segments * _TAG


def _secret_cipher(keyset: bytes) -> aead.Aead:
    return _parse(keyset).primitive(aead.Aead)


def _parse(keyset: bytes) -> tink.KeysetHandle:
    try:
        return tink.proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
    except tink.TinkError as error:
        raise CipherError("a keyset is unreadable") from error


def _serialize(handle: tink.KeysetHandle) -> bytes:
    return cast("bytes", tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
