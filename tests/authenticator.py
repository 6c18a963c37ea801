"""A WebAuthn authenticator in software, written from the specification, for right and forged ones.

It shares no code with the portal or its library: CBOR, COSE keys, authenticator data and ES256
signatures are made here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

USER_PRESENT = 0x01
USER_VERIFIED = 0x04
BACKUP_ELIGIBLE = 0x08
BACKED_UP = 0x10
ATTESTED = 0x40


def encode(data: bytes) -> str:
    """Bytes as unpadded base64url."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Unpadded base64url as bytes."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value: Any) -> bytes:
    """Encode what attestation objects hold (RFC 8949): numbers, bytes, texts, maps."""
    match value:
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case dict():
            pairs = b"".join(cbor(key) + cbor(item) for key, item in value.items())
            return _head(5, len(value)) + pairs
        case _:
            raise TypeError(value)


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    if number < 2**8:
        return bytes([major << 5 | 24, number])
    return bytes([major << 5 | 25]) + struct.pack(">H", number)


@dataclass(frozen=True)
class Forgery:
    """What an answer does otherwise than an honest authenticator in an honest browser."""

    client_data: dict[str, Any] = field(default_factory=dict)
    rp_id: str | None = None
    flags_on: int = 0
    flags_off: int = 0
    sign_count: int | None = None
    user_handle: bytes | None = None
    drops_user_handle: bool = False
    key: ec.EllipticCurvePrivateKey | None = None
    raw_id: bytes | None = None
    attestation: dict[str, Any] = field(default_factory=dict)


HONEST = Forgery()


@dataclass
class Authenticator:
    """One credential of one device, with the browser around it."""

    origin: str
    rp_id: str
    is_synced: bool = False
    sign_count: int = 0
    user_handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self, options: str, forgery: Forgery = HONEST) -> str:
        """Answer creation options with a new credential, attestation "none"."""
        asked = json.loads(options)
        self.user_handle = decode(asked["user"]["id"])
        credential_id = forgery.raw_id or self.credential_id
        attested = (
            bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        ) + self._cose_key()
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._authenticator_data(forgery, ATTESTED) + attested,
        } | forgery.attestation
        return json.dumps(
            {
                "id": encode(credential_id),
                "rawId": encode(credential_id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": encode(
                        self._client_data("webauthn.create", asked["challenge"], forgery)
                    ),
                    "attestationObject": encode(cbor(attestation)),
                },
            }
        )

    def sign(self, options: str, forgery: Forgery = HONEST) -> str:
        """Answer request options with an assertion."""
        asked = json.loads(options)
        if not self.is_synced:
            self.sign_count += 1
        client_data = self._client_data("webauthn.get", asked["challenge"], forgery)
        data = self._authenticator_data(forgery)
        signature = (forgery.key or self.key).sign(
            data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256())
        )
        response = {
            "clientDataJSON": encode(client_data),
            "authenticatorData": encode(data),
            "signature": encode(signature),
            "userHandle": encode(forgery.user_handle or self.user_handle),
        }
        if forgery.drops_user_handle:
            del response["userHandle"]
        credential_id = forgery.raw_id or self.credential_id
        return json.dumps(
            {
                "id": encode(credential_id),
                "rawId": encode(credential_id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )

    def _client_data(self, kind: str, challenge: str, forgery: Forgery) -> bytes:
        honest = {
            "type": kind,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(honest | forgery.client_data).encode()

    def _authenticator_data(self, forgery: Forgery, more_flags: int = 0) -> bytes:
        flags = USER_PRESENT | USER_VERIFIED | more_flags
        if self.is_synced:
            flags |= BACKUP_ELIGIBLE | BACKED_UP
        flags = (flags | forgery.flags_on) & ~forgery.flags_off
        count = self.sign_count if forgery.sign_count is None else forgery.sign_count
        rp_hash = hashlib.sha256((forgery.rp_id or self.rp_id).encode()).digest()
        return rp_hash + bytes([flags]) + struct.pack(">I", count)

    def _cose_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
