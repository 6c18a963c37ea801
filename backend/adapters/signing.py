"""The house's signing key: made at first use, wrapped in the keyring, never outside of memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.ports import KeyDestroyedError, KeyMissingError
from backend.signatures import SigningKey, new_private_key

if TYPE_CHECKING:
    from backend.adapters.key_store import Keyring

_RECEIPTS = "house:receipts"


class KeyringSigner:
    """Port Signer: Ed25519 with a key that the keyring keeps under a name of its own."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def load(self) -> SigningKey:
        """Return the key, made now if there was none."""
        try:
            stored = await self._keyring.load(_RECEIPTS)
        except KeyDestroyedError:
            raise
        except KeyMissingError:
            await self._keyring.create(_RECEIPTS, new_private_key)
            stored = await self._keyring.load(_RECEIPTS)
        return SigningKey(stored.keyset)
