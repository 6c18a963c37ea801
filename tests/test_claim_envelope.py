"""The sealed file of a claim: what docs/api.md promises, by vectors that other clients use, too."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.claim_envelope import (
    SEGMENT,
    BrokenEnvelopeError,
    ClaimBinding,
    ClaimsKeyAlgorithm,
    new_private_key,
    open_content_key,
    open_segments,
    public_key_of,
    seal_file,
    size_of_sealed,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

STEP = SEGMENT + 16


@dataclass(frozen=True)
class Vector:
    """A key pair, a sealed file and what is in it, as other clients get them."""

    algorithm: ClaimsKeyAlgorithm
    told: dict[str, Any]

    @property
    def private(self) -> bytes:
        return bytes.fromhex(self.told["privateKey"])

    @property
    def info(self) -> bytes:
        return str(self.told["info"]).encode()

    @property
    def sealed(self) -> bytes:
        return bytes.fromhex(self.told["small"]["sealed"])

    def binding(self, **values: str) -> ClaimBinding:
        told = self.told["binding"] | values
        return ClaimBinding(
            key=told["key"],
            contract=told["contract"],
            kind=told["kind"],
            format=told["format"],
            idempotency_key=told["idempotencyKey"],
            algorithm=self.algorithm,
        )

    def seal(self, content: bytes) -> bytes:
        return seal_file(content, public_key=public_key_of(self.private), binding=self.binding())

    async def opened(
        self, sealed: bytes, info: bytes | None = None, private: bytes | None = None
    ) -> list[bytes]:
        head = self.algorithm.head_size

        async def rest() -> AsyncIterator[bytes]:
            for at in range(head, len(sealed), 50_000):
                yield sealed[at : at + 50_000]

        content_key = open_content_key(
            sealed[:head], private_key=private or self.private, info=info or self.info
        )
        return [piece async for piece in open_segments(content_key, rest())]


def _vector(algorithm: ClaimsKeyAlgorithm, name: str) -> Vector:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return Vector(algorithm, json.loads(text))


CLASSIC = _vector(ClaimsKeyAlgorithm.X25519, "claim_vectors.json")
HYBRID = _vector(ClaimsKeyAlgorithm.MLKEM768_X25519, "claim_vectors_hybrid.json")


@pytest.fixture(params=[CLASSIC, HYBRID], ids=["x25519", "hybrid"])
def vector(request: pytest.FixtureRequest) -> Vector:
    found: Vector = request.param
    return found


async def test_M5_the_vector_of_the_documentation_opens(vector: Vector) -> None:
    assert public_key_of(vector.private).hex() == vector.told["publicKey"]
    assert vector.binding().info == vector.info
    opened = await vector.opened(vector.sealed)
    assert b"".join(opened).hex() == vector.told["small"]["content"]


def test_M5_the_format_is_what_the_documentation_says_byte_by_byte() -> None:
    """Opened without our code: HPKE of the library, nonces written out."""
    sealed = CLASSIC.sealed
    assert sealed[:8] == b"KPCLAIM\x01"
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    private = x25519.X25519PrivateKey.from_private_bytes(CLASSIC.private)
    content_key = suite.decrypt(sealed[8:88], private, info=CLASSIC.info)
    content = AESGCM(content_key).decrypt(bytes(11) + b"\x01", sealed[88:], None)
    assert content.hex() == CLASSIC.told["small"]["content"]


def test_M5_the_hybrid_is_x_wing_as_its_draft_has_it_byte_by_byte() -> None:
    """The browser's library made the vector from the draft's seeds, this one opens it."""
    told, sealed = HYBRID.told["xWing"], HYBRID.sealed
    expanded = hashlib.shake_256(bytes.fromhex(told["sk"])).digest(96)
    assert HYBRID.private == expanded
    assert sealed[:8] == b"KPCLAIM\x02"
    assert sealed[8:1128].hex() == told["ct"]
    private = hpke.MLKEM768X25519PrivateKey(
        mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        x25519.X25519PrivateKey.from_private_bytes(expanded[64:]),
    )
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    content_key = suite.decrypt(sealed[8:1176], private, info=HYBRID.info)
    assert content_key.hex() == told["contentKey"]
    content = AESGCM(content_key).decrypt(bytes(11) + b"\x01", sealed[1176:], None)
    assert content.hex() == HYBRID.told["small"]["content"]


@pytest.mark.parametrize("size", [1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])
async def test_M5_files_of_any_size_come_back_in_segments(vector: Vector, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    sealed = vector.seal(content)
    assert len(sealed) == size_of_sealed(size, vector.algorithm)
    pieces = await vector.opened(sealed)
    assert b"".join(pieces) == content
    assert {len(piece) for piece in pieces[:-1]} <= {SEGMENT}


async def test_M5_what_is_cut_moved_or_changed_does_not_open(vector: Vector) -> None:
    sealed, size = vector.seal(bytes(3 * SEGMENT)), vector.algorithm.head_size
    head, body = sealed[:size], sealed[size:]
    first, second, third = body[:STEP], body[STEP : 2 * STEP], body[2 * STEP :]
    wrong = {
        "cut at a segment": head + first + second,
        "cut within": sealed[:-1],
        "nothing follows": head,
        "swapped": head + second + first + third,
        "one twice": head + first + first + second + third,
        "the last one early": head + third,
        "something appended": sealed + b"\0",
        "one bit": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "one bit of the encapsulated key": sealed[:9] + bytes([sealed[9] ^ 1]) + sealed[10:],
        "another head": vector.seal(b"x")[:size] + body,
    }
    for name, changed in wrong.items():
        with pytest.raises(BrokenEnvelopeError):
            pytest.fail(f"{name}: {len(await vector.opened(changed))}")


async def test_M5_every_part_of_the_binding_counts(vector: Vector) -> None:
    for name, value in vector.told["binding"].items():
        with pytest.raises(BrokenEnvelopeError):
            await vector.opened(vector.sealed, vector.binding(**{name: f"{value}x"}).info)
    with pytest.raises(BrokenEnvelopeError):
        await vector.opened(vector.sealed, private=new_private_key(vector.algorithm))
    with pytest.raises(BrokenEnvelopeError):
        await vector.opened(b"KPCLAIM\x03" + vector.sealed[8:])


async def test_M5_a_key_opens_no_seal_of_another_algorithm() -> None:
    """The halves of a hybrid key don't help: the version stands in the file and under the seal."""
    classic_half = HYBRID.private[-32:]
    downgraded = seal_file(b"x", public_key=public_key_of(classic_half), binding=CLASSIC.binding())
    for sealed in (downgraded, b"KPCLAIM\x02" + downgraded[8:]):
        with pytest.raises(BrokenEnvelopeError):
            await HYBRID.opened(sealed)
    for one, other in ((CLASSIC, HYBRID), (HYBRID, CLASSIC)):
        with pytest.raises(BrokenEnvelopeError):
            await one.opened(other.sealed, other.info)
        with pytest.raises(BrokenEnvelopeError):
            await one.opened(one.sealed, other.info)
