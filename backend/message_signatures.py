"""HTTP message signatures (RFC 9421, Ed25519) over requests and the digest of their bodies.

The library is imported when first needed: most servers never sign a request.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from backend.signatures import is_signed
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from backend.signatures import SigningKey

# What a signature covers at least: where the request goes, and every byte of it (RFC 9530).
COVERED = ("@method", "@target-uri", "content-type", "content-digest")
OLDEST = timedelta(minutes=5)
# Clocks of two houses differ a little.
SKEW = timedelta(seconds=30)
_LONGEST_NONCE = 100


class SignatureRefusedError(Exception):
    """A request is not signed as it has to be; `reason` says in which way."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SignedMessage(Value):
    """A request as signatures see it; `url` is the one under which the receiver is known."""

    method: str
    url: str
    headers: Any
    body: bytes


class VerifiedSignature(Value):
    """Who signed, and the number used once."""

    key_id: str
    nonce: str


def sign_message(
    message: SignedMessage, key: SigningKey, *, key_id: str, now: datetime, nonce: str
) -> None:
    """Add digest and signature to a request's headers, over them and an idempotency key."""
    from http_message_signatures import HTTPMessageSigner  # noqa: PLC0415

    headers: MutableMapping[str, str] = message.headers
    names = {name.lower() for name in headers}
    signer = HTTPMessageSigner(signature_algorithm=_algorithm(), key_resolver=_keys({}, key))
    signer.sign(
        message,
        key_id=key_id,
        created=now,
        nonce=nonce,
        label="sig1",
        covered_component_ids=(
            *("@method", "@target-uri", "content-type"),
            *(("idempotency-key",) if "idempotency-key" in names else ()),
        ),
        body=message.body,
    )


def verify_message(
    message: SignedMessage, keys: Mapping[str, bytes], *, now: datetime
) -> VerifiedSignature:
    """Verify that the holder of one of the keys signed this request, all of it, a moment ago.

    Raises:
        SignatureRefusedError: it is not signed, by an unknown key, too old, from the future,
            changed, or has no number used once.
    """
    from http_message_signatures import HTTPMessageSignaturesException  # noqa: PLC0415

    try:
        (result,) = _verifier(keys, now).verify(
            message, max_age=OLDEST, require_components=COVERED, body=message.body
        )
    except HTTPMessageSignaturesException as error:
        raise SignatureRefusedError(str(error)) from error
    nonce = result.nonce
    if not nonce or len(nonce) > _LONGEST_NONCE:
        raise SignatureRefusedError("the signature has no nonce, or one of more than 100 signs")
    return VerifiedSignature(str(result.parameters["keyid"]), nonce)


def _keys(public_keys: Mapping[str, bytes], private_key: SigningKey | None = None) -> Any:
    from http_message_signatures import HTTPSignatureKeyResolver  # noqa: PLC0415

    class Keys(HTTPSignatureKeyResolver):
        """Where the library finds keys; an unknown one is None."""

        def resolve_public_key(self, key_id: str) -> bytes | None:
            return public_keys.get(key_id)

        def resolve_private_key(self, key_id: str) -> SigningKey | None:
            del key_id
            return private_key

    return Keys()


def _algorithm() -> Any:
    from http_message_signatures import HTTPSignatureAlgorithm  # noqa: PLC0415

    class Ed25519(HTTPSignatureAlgorithm):
        """The portal's own keys in the library's hands."""

        algorithm_id = "ed25519"

        def __init__(
            self, public_key: bytes | None = None, private_key: SigningKey | None = None
        ) -> None:
            self._public_key = public_key
            self._private_key = private_key

        def sign(self, message: bytes) -> bytes:
            if self._private_key is None:
                raise ValueError("nothing to sign with")
            return self._private_key.sign(message)

        def verify(self, signature: bytes, message: bytes) -> None:
            if self._public_key is None or not is_signed(self._public_key, message, signature):
                raise ValueError("the signature does not belong to this request")

    return Ed25519


def _verifier(keys: Mapping[str, bytes], now: datetime) -> Any:
    from http_message_signatures import HTTPMessageVerifier, InvalidSignature  # noqa: PLC0415

    class Verifier(HTTPMessageVerifier):
        """Judges times by the portal's clock instead of the machine's."""

        def validate_created_and_expires(
            self, sig_input: Any, max_age: timedelta | None = None
        ) -> None:
            oldest = now - (max_age or OLDEST) - SKEW
            created = sig_input.params.get("created")
            if created is None or not oldest.timestamp() <= created <= (now + SKEW).timestamp():
                raise InvalidSignature("the signature is too old, of the future, or has no time")
            expires = sig_input.params.get("expires")
            if expires is not None and expires < (now - SKEW).timestamp():
                raise InvalidSignature("the signature has expired")

    return Verifier(signature_algorithm=_algorithm(), key_resolver=_keys(keys))
