"""The sealed file of a claim: what docs/api.md promises, by vectors that other clients use, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.claim_envelope import (
    HEAD,
    MAGIC,
    SEGMENT,
    BrokenEnvelopeError,
    ClaimBinding,
    new_private_key,
    open_content_key,
    open_segments,
    public_key_of,
    seal_file,
    size_of_sealed,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

VECTORS = json.loads((Path(__file__).parent / "claim_vectors.json").read_text(encoding="utf-8"))
PRIVATE = bytes.fromhex(VECTORS["privateKey"])
INFO = VECTORS["info"].encode()
STEP = SEGMENT + 16


async def _opened(sealed: bytes, info: bytes = INFO, private: bytes = PRIVATE) -> list[bytes]:
    async def rest() -> AsyncIterator[bytes]:
        for at in range(HEAD, len(sealed), 50_000):
            yield sealed[at : at + 50_000]

    content_key = open_content_key(sealed[:HEAD], private_key=private, info=info)
    return [piece async for piece in open_segments(content_key, rest())]


def _sealed(content: bytes) -> bytes:
    return seal_file(content, public_key=public_key_of(PRIVATE), info=INFO)


async def test_M5_the_vector_of_the_documentation_opens() -> None:
    assert public_key_of(PRIVATE).hex() == VECTORS["publicKey"]
    told = VECTORS["binding"]
    assert ClaimBinding(*told.values()).info == INFO
    small = VECTORS["small"]
    assert b"".join(await _opened(bytes.fromhex(small["sealed"]))).hex() == small["content"]


def test_M5_the_format_is_what_the_documentation_says_byte_by_byte() -> None:
    """Opened without our code: HPKE of the library, nonces written out."""
    sealed = bytes.fromhex(VECTORS["small"]["sealed"])
    assert sealed[:8] == MAGIC == b"KPCLAIM\x01"
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    private = x25519.X25519PrivateKey.from_private_bytes(PRIVATE)
    content_key = suite.decrypt(sealed[8:88], private, info=INFO)
    content = AESGCM(content_key).decrypt(bytes(11) + b"\x01", sealed[88:], None)
    assert content.hex() == VECTORS["small"]["content"]


@pytest.mark.parametrize("size", [1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])
async def test_M5_files_of_any_size_come_back_in_segments(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    sealed = _sealed(content)
    assert len(sealed) == size_of_sealed(size)
    pieces = await _opened(sealed)
    assert b"".join(pieces) == content
    assert {len(piece) for piece in pieces[:-1]} <= {SEGMENT}


async def test_M5_what_is_cut_moved_or_changed_does_not_open() -> None:
    sealed = _sealed(bytes(3 * SEGMENT))
    body = sealed[HEAD:]
    first, second, third = body[:STEP], body[STEP : 2 * STEP], body[2 * STEP :]
    head = sealed[:HEAD]
    wrong = {
        "cut at a segment": head + first + second,
        "cut within": sealed[:-1],
        "nothing follows": head,
        "swapped": head + second + first + third,
        "one twice": head + first + first + second + third,
        "the last one early": head + third,
        "something appended": sealed + b"\0",
        "one bit": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "another head": _sealed(b"x")[:HEAD] + body,
    }
    for name, changed in wrong.items():
        with pytest.raises(BrokenEnvelopeError):
            pytest.fail(f"{name}: {len(await _opened(changed))}")


async def test_M5_every_part_of_the_binding_counts() -> None:
    sealed = bytes.fromhex(VECTORS["small"]["sealed"])
    told = dict(VECTORS["binding"])
    for name, value in told.items():
        other = ClaimBinding(*(told | {name: f"{value}x"}).values())
        with pytest.raises(BrokenEnvelopeError):
            await _opened(sealed, other.info)
    with pytest.raises(BrokenEnvelopeError):
        await _opened(sealed, private=new_private_key())
    with pytest.raises(BrokenEnvelopeError):
        await _opened(b"KPCLAIM\x02" + sealed[8:])
