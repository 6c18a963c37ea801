"""Device keys: ES256 signatures by keys that never leave a browser or app, and what they sign.

The library is imported where it is used: it costs start time, and few requests need it.
"""

from __future__ import annotations

import base64
import binascii
import enum

_COORDINATE_BYTES = 32
# An SPKI of P-256 has 91 bytes; longer texts are not even decoded.
_LONGEST_TEXT = 256


class DevicePurpose(enum.Enum):
    """What a device's signature is good for; one for one purpose never answers for another."""

    ADD = "device registration"
    SIGN_IN = "device sign-in"
    SESSION = "device session"
    RECOVERY = "device recovery"


def signed_message(purpose: DevicePurpose, *, origin: str, challenge: str) -> bytes:
    """Return what a device signs: purpose and portal are part of it, whoever asks for it."""
    return f"kundenportal {purpose.value}\n{origin}\n{challenge}".encode()


def read_public_key(text: str) -> bytes | None:
    """Return the SPKI (DER) of a P-256 key in base64url; None for anything else."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # see above
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  # as above

    given = _decode(text)
    if given is None:
        return None
    try:
        key = serialization.load_der_public_key(given)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def is_signed(public_key: bytes, *, message: bytes, signature: str) -> bool:
    """Whether a key signed a message: ES256 as WebCrypto gives it, r and s in 64 bytes."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # see above
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415  # as above

    given = _decode(signature)
    if given is None or len(given) != 2 * _COORDINATE_BYTES:
        return False
    key = serialization.load_der_public_key(public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    r, s = given[:_COORDINATE_BYTES], given[_COORDINATE_BYTES:]
    encoded = utils.encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
    try:
        key.verify(encoded, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _decode(text: str) -> bytes | None:
    if len(text) > _LONGEST_TEXT:
        return None
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
