"""The root key in AWS KMS: keysets are wrapped there, the key never leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from backend.adapters.aws import AwsAccount, AwsClient, AwsError, AwsRefusedError
from backend.ports import CipherError, KeyStoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

_WRONG_CIPHERTEXT = ("InvalidCiphertextException", "IncorrectKeyException")


class KmsRootKey:
    """Port RootKey in AWS KMS; `async with` holds the connections.

    The context becomes the EncryptionContext: KMS authenticates it and writes it to its log.
    """

    def __init__(self, account: AwsAccount, key_id: str) -> None:
        self._client = AwsClient("kms", account)
        self._key_id = key_id

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._client.__aexit__(*failure)

    async def wrap(self, keyset: bytes, context: Mapping[str, str]) -> bytes:
        """Encrypt a keyset of at most 4,096 bytes, bound to `context`."""
        answer = await self._call("encrypt", Plaintext=keyset, EncryptionContext=dict(context))
        return bytes(answer["CiphertextBlob"])

    async def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Decrypt a keyset. Raises CipherError if it was wrapped for another context or key."""
        answer = await self._call(
            "decrypt", CiphertextBlob=wrapped, EncryptionContext=dict(context)
        )
        return bytes(answer["Plaintext"])

    async def check(self) -> None:
        """Raise KeyStoreUnavailableError unless the key wraps and unwraps now."""
        context = {"purpose": "check"}
        await self.unwrap(await self.wrap(b"check", context), context)

    async def _call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        try:
            return await self._client.call(operation, KeyId=self._key_id, **parameters)
        except AwsRefusedError as error:
            if error.code in _WRONG_CIPHERTEXT:
                raise CipherError("a wrapped keyset is damaged or belongs elsewhere") from error
            raise KeyStoreUnavailableError(f"KMS refuses: {error}") from error
        except AwsError as error:
            raise KeyStoreUnavailableError(f"KMS fails: {error}") from error
