"""Ports: what the portal asks of systems outside itself, and the errors they answer with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Mapping
    from datetime import datetime, timedelta
    from email.message import EmailMessage


class PortError(Exception):
    """A system outside the portal failed or refused; the subclass says which and how."""


# --- Object store ---------------------------------------------------------------------------


class StoreError(PortError):
    """Something about an object or its store."""


class ObjectMissingError(StoreError):
    """The store works and has no object under this key."""


class ObjectExistsError(StoreError):
    """An object is never overwritten: the key is taken."""


class StoreUnavailableError(StoreError):
    """The store is down, slow, full or refuses us; the same call may succeed later."""


class InvalidObjectKeyError(StoreError, ValueError):
    """The key is not one that every store can hold; a defect of the caller."""


MAX_OBJECT_KEY_LENGTH = 512
_OBJECT_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


def require_object_key(key: str) -> str:
    """Return `key` if every store can hold it, else raise InvalidObjectKeyError.

    Path segments of ASCII letters, digits and `._-`, joined by `/`; none starts with a dot, so
    that no key climbs out of a directory or names a store's own hidden file.
    """
    if len(key) > MAX_OBJECT_KEY_LENGTH or _OBJECT_KEY.fullmatch(key) is None:
        message = f"not an object key: {key[:80]!r}"
        raise InvalidObjectKeyError(message)
    return key


def require_object_prefix(prefix: str) -> str:
    """Return `prefix` if keys can start with it, else raise InvalidObjectKeyError."""
    if prefix:
        require_object_key(prefix.removesuffix("/"))
    return prefix


class ObjectInfo(Value):
    """What a store knows about an object: its size is in bytes of ciphertext."""

    key: str
    size: int
    modified_at: datetime


class ObjectStore(Protocol):
    """Holds immutable objects of bytes (ciphertext only) under keys.

    Every method may raise StoreUnavailableError, and InvalidObjectKeyError for an impossible key.
    """

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        """Write an object: whole and durable when this returns, else no trace of it.

        Raises ObjectExistsError if the key is taken. If `chunks` raises or the caller is cancelled,
        nothing becomes visible.
        """

    def get(self, key: str) -> AsyncIterator[bytes]:
        """Iterate over an object's bytes in constant memory.

        The first step raises ObjectMissingError; any step may raise StoreUnavailableError.
        Ending without an error means that every byte was delivered.
        """

    async def delete(self, key: str) -> None:
        """Remove an object; one that is absent already is no error."""

    def list(self, prefix: str = "") -> AsyncIterator[ObjectInfo]:
        """Iterate over all objects whose key starts with `prefix`, in no promised order.

        S3 servers sort keys differently; what is written or deleted meanwhile may be missing.
        """

    async def check(self) -> None:
        """Raise StoreUnavailableError unless the store answers and accepts us now."""


# --- Keys and ciphers -----------------------------------------------------------------------


class KeyStoreError(PortError):
    """Something about a key or its store."""


class KeyMissingError(KeyStoreError):
    """There is no key for this owner."""


class KeyDestroyedError(KeyMissingError):
    """The key was destroyed on purpose: what it encrypted can never be read again."""


class KeyStoreUnavailableError(KeyStoreError):
    """The key database or the root key's service is down; the same call may succeed later."""


class RootKeyRefusedError(KeyStoreError):
    """The root key file is missing beside existing keysets, unsafe or unreadable: do not start."""


class CipherError(PortError):
    """A ciphertext is not what was written for this context: damaged, cut, swapped or foreign."""


class RootKey(Protocol):
    """Wraps keysets; never leaves its file or key service."""

    async def wrap(self, keyset: bytes, context: Mapping[str, str]) -> bytes:
        """Encrypt a keyset, bound to `context`. Raises KeyStoreUnavailableError."""

    async def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Decrypt a keyset. Raises CipherError if it was wrapped for another context or key."""

    async def check(self) -> None:
        """Raise KeyStoreUnavailableError unless the root key can be used now."""


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """A keyset in clear, for use at once; its bytes never show up in a log."""

    key_id: str
    keyset: bytes = field(repr=False)


class KeyStore(Protocol):
    """One keyset per customer; every method may raise KeyStoreUnavailableError."""

    async def create(self, customer_uid: str) -> str:
        """Create the customer's keyset if there is none and return its key id.

        Raises KeyDestroyedError for a customer whose key was destroyed: it never comes back.
        """

    async def load(self, customer_uid: str) -> OwnedKey:
        """Return the customer's keyset, from memory for at most five minutes.

        Raises KeyMissingError or KeyDestroyedError; CipherError if the stored keyset was
        tampered with.
        """

    async def destroy(self, customer_uid: str) -> None:
        """Destroy the customer's keyset for good; repeating it is harmless."""

    async def check(self) -> None:
        """Raise KeyStoreUnavailableError unless keysets can be created and loaded now."""


# Stands where a customer's uid does for what is the house's own; no customer is called so.
HOUSE_UID = "house"


class DocumentVersion(Value):
    """What a document's ciphertext is bound to, so that no two can be swapped."""

    customer_uid: str
    document_uid: str
    version: int


class StoredDocument(Value):
    """What was stored: SHA-256 (hex) and size in bytes, both of the plaintext."""

    sha256: str
    size: int


class DocumentCipher(Protocol):
    """Encrypts and decrypts documents with their customer's key, streaming in constant memory.

    Every method may raise the errors of KeyStore.load.
    """

    def encrypt(
        self, document: DocumentVersion, plaintext: AsyncIterable[bytes]
    ) -> AsyncIterator[bytes]:
        """Iterate over the ciphertext of `plaintext`."""

    def decrypt(
        self, document: DocumentVersion, ciphertext: AsyncIterable[bytes]
    ) -> AsyncIterator[bytes]:
        """Iterate over the plaintext; each chunk handed out is authentic.

        Raises CipherError at the first segment that is not. Only an iteration that ends without
        an error has delivered the whole document.
        """

    async def store_encrypted(
        self,
        objects: ObjectStore,
        key: str,
        document: DocumentVersion,
        plaintext: AsyncIterable[bytes],
    ) -> StoredDocument:
        """Encrypt, hash, count and write in one pass. Raises what ObjectStore.put raises."""

    async def open_decrypted(
        self, objects: ObjectStore, key: str, document: DocumentVersion
    ) -> AsyncIterator[bytes]:
        """Return the plaintext's chunks after the first one was proven authentic.

        A missing, swapped or damaged object is thus an error (ObjectMissingError, CipherError)
        before an answer is begun; damage further on raises while iterating.
        """


class Sealer(Protocol):
    """Encrypts short secrets at rest in the main database, such as outbox payloads."""

    async def seal(self, secret: bytes, context: bytes) -> bytes:
        """Encrypt `secret`, bound to `context`. Raises KeyStoreUnavailableError."""

    async def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt. Raises CipherError for damage or another context, KeyStoreUnavailableError."""


# --- Delivery: mail and SMS -----------------------------------------------------------------


class DeliveryError(PortError):
    """A message was not accepted for delivery."""


class DeliveryDeferredError(DeliveryError):
    """Not now: unreachable, slow, busy, or our own set-up is refused. Send it again later.

    Whether the message was accepted may be unknown (a lost answer): the repetition carries the
    same Message-ID or idempotency key. `retry_after` is how long the other side asks us to wait.
    """

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class DeliveryRefusedError(DeliveryError):
    """Never: this message or recipient is refused for good. Repeating it is useless."""


class MailSender(Protocol):
    """Hands mails to a mail server."""

    async def send(self, message: EmailMessage) -> None:
        """Return once the server has taken responsibility for the message.

        It must have a Message-ID and exactly one recipient (ValueError). Raises
        DeliveryDeferredError or DeliveryRefusedError.
        """


class SmsSender(Protocol):
    """Hands text messages to an SMS gateway."""

    async def send(self, phone_e164: str, text: str, idempotency_key: str) -> None:
        """Return once the gateway has accepted the text for this number (E.164, `+49…`).

        The gateway recognises a repetition by `idempotency_key`. Raises DeliveryDeferredError or
        DeliveryRefusedError.
        """
