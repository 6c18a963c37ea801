"""The house's signing key: made at first use, wrapped in the keyring, never outside of memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.ports import KeyDestroyedError, KeyMissingError
from backend.signatures import SigningKey, new_private_key

if TYPE_CHECKING:
    from backend.adapters.key_store import Keyring

_RECEIPTS = "house:receipts"
CORE_EVENTS = "house:core-events"


class KeyringSigner:
    """Port Signer: Ed25519 with a key that the keyring keeps under a name of its own."""

    def __init__(self, keyring: Keyring, name: str = _RECEIPTS) -> None:
        self._keyring = keyring
        self._name = name

    async def load(self) -> SigningKey:
        """Return the key, made now if there was none."""
        try:
            stored = await self._keyring.load(self._name)
        except KeyDestroyedError:
            raise
        except KeyMissingError:
            await self._keyring.create(self._name, new_private_key)
            stored = await self._keyring.load(self._name)
        return SigningKey(stored.keyset)
