"""Keysets by owner: made, wrapped by the root key, kept in memory for minutes, destroyed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

from backend.adapters.encryption import TinkSealer, new_document_keyset, new_secret_keyset
from backend.adapters.key_database import StoredKeyset
from backend.ports import HOUSE_UID, KeyDestroyedError, KeyMissingError, OwnedKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.adapters.key_database import KeyDatabase
    from backend.ports import RootKey

MAX_CACHE_SECONDS = 300.0
_MAX_CACHED = 10_000
_SEALING = "house:sealing"
_RETENTION = "house:retention"
_HOUSE_DOCUMENTS = "house:documents"


class Keyring:
    """Keysets of one tenant, wrapped with the associated data tenant | owner | key id.

    A loaded keyset stays in memory for `cache_seconds`, five minutes at most, by a clock that
    nobody can set back; so a root key withdrawn in KMS ends all reading within that time.
    """

    def __init__(
        self,
        database: KeyDatabase,
        root_key: RootKey,
        *,
        tenant: str,
        cache_seconds: float = MAX_CACHE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 0 <= cache_seconds <= MAX_CACHE_SECONDS:
            raise ValueError(f"keys stay in memory for at most {MAX_CACHE_SECONDS:.0f} s")
        self.tenant = tenant
        self._database = database
        self._root_key = root_key
        self._cache_seconds = cache_seconds
        self._monotonic = monotonic
        self._cached: dict[str, tuple[float, OwnedKey]] = {}  # by owner, oldest first
        self._destroyed_count = 0

    async def create(self, owner: str, new_keyset: Callable[[], bytes]) -> str:
        """Make the owner's keyset if there is none and return its key id."""
        stored = await self._database.fetch(self.tenant, owner)
        if stored is None:
            key_id = uuid4().hex
            wrapped = await self._root_key.wrap(new_keyset(), self._context(owner, key_id))
            stored = await self._database.insert(self.tenant, owner, StoredKeyset(key_id, wrapped))
        if stored.wrapped is None:
            raise KeyDestroyedError(owner)
        return stored.key_id

    async def load(self, owner: str) -> OwnedKey:
        """Return the owner's keyset, from memory if it was loaded a moment ago."""
        self._forget_expired()
        cached = self._cached.get(owner)
        if cached is not None and cached[0] > self._monotonic():
            return cached[1]
        destroyed_before = self._destroyed_count
        loaded_at = self._monotonic()
        stored = await self._database.fetch(self.tenant, owner)
        if stored is None:
            raise KeyMissingError(owner)
        if stored.wrapped is None:
            raise KeyDestroyedError(owner)
        context = self._context(owner, stored.key_id)
        key = OwnedKey(stored.key_id, await self._root_key.unwrap(stored.wrapped, context))
        # A key read before somebody destroyed it must not come back into memory after that.
        if destroyed_before == self._destroyed_count:
            self._remember(owner, key, until=loaded_at + self._cache_seconds)
        return key

    async def load_or_create(self, owner: str, new_keyset: Callable[[], bytes]) -> OwnedKey:
        """Return the owner's keyset, made now if there never was one."""
        try:
            return await self.load(owner)
        except KeyDestroyedError:
            raise
        except KeyMissingError:
            await self.create(owner, new_keyset)
            return await self.load(owner)

    async def destroy(self, owner: str) -> None:
        """Destroy the owner's keyset, in memory first."""
        try:
            self._forget(owner)
            await self._database.destroy(self.tenant, owner)
        finally:
            self._forget(owner)

    async def check(self) -> None:
        """Raise KeyStoreUnavailableError unless database and root key answer now."""
        await self._database.is_empty()
        await self._root_key.check()

    def _forget(self, owner: str) -> None:
        self._destroyed_count += 1
        self._cached.pop(owner, None)

    def _remember(self, owner: str, key: OwnedKey, *, until: float) -> None:
        self._cached.pop(owner, None)
        while len(self._cached) >= _MAX_CACHED:
            del self._cached[next(iter(self._cached))]
        self._cached[owner] = (until, key)

    def _forget_expired(self) -> None:
        now = self._monotonic()
        while self._cached:
            owner, (until, _) = next(iter(self._cached.items()))
            if until > now:
                break
            del self._cached[owner]

    def _context(self, owner: str, key_id: str) -> dict[str, str]:
        return {"tenant": self.tenant, "owner": owner, "key_id": key_id}


class CustomerKeys:
    """Port KeyStore: one document keyset per customer in a keyring, and one of the house."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def create(self, customer_uid: str) -> str:
        """Create the customer's keyset if there is none and return its key id."""
        return await self._keyring.create(_owner(customer_uid), new_document_keyset)

    async def load(self, customer_uid: str) -> OwnedKey:
        """Return the customer's keyset."""
        return await self._keyring.load(_owner(customer_uid))

    async def destroy(self, customer_uid: str) -> None:
        """Destroy the customer's keyset for good."""
        await self._keyring.destroy(_owner(customer_uid))

    async def check(self) -> None:
        """Raise KeyStoreUnavailableError unless keysets can be created and loaded now."""
        await self._keyring.check()


def create_sealer(keyring: Keyring) -> TinkSealer:
    """Create the Sealer of a keyring for what is in transit; its keyset is made at first use."""
    return _sealer_of(keyring, _SEALING)


def create_retention_sealer(keyring: Keyring) -> TinkSealer:
    """Create the Sealer of locked records: with a keyset of its own, used for nothing else."""
    return _sealer_of(keyring, _RETENTION)


def _sealer_of(keyring: Keyring, owner: str) -> TinkSealer:
    async def load_key() -> OwnedKey:
        return await keyring.load_or_create(owner, new_secret_keyset)

    return TinkSealer(load_key, tenant=keyring.tenant)


def _owner(customer_uid: str) -> str:
    return _HOUSE_DOCUMENTS if customer_uid == HOUSE_UID else f"customer:{customer_uid}"
