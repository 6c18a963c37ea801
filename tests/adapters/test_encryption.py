from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.adapters.encryption import (
    TinkDocumentCipher,
    bound_to,
    decrypt_secret,
    encrypt_secret,
    new_document_keyset,
    new_secret_keyset,
)
from backend.adapters.objects_memory import MemoryObjects
from backend.ports import (
    CipherError,
    DocumentVersion,
    KeyMissingError,
    ObjectExistsError,
    ObjectMissingError,
    OwnedKey,
    StoreUnavailableError,
)
from tests.adapters.chunks import MIB, chunked, collect, random_bytes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

DOCUMENT = DocumentVersion("anna", "letter", 1)
SEGMENT = MIB
FIRST_SEGMENT = SEGMENT - 40 - 16
"""Bytes of plaintext in the first segment; header and tag take the rest."""
BOUNDARIES = [
    *(0, 1, 1000, FIRST_SEGMENT - 1, FIRST_SEGMENT, FIRST_SEGMENT + 1),
    *(FIRST_SEGMENT + SEGMENT - 16, FIRST_SEGMENT + SEGMENT - 15, 3 * MIB, 5 * MIB + 7),
]


class TwoKeys:
    """Keys of two customers, for tests that are not about keeping keys."""

    def __init__(self) -> None:
        self._keysets = {"anna": new_document_keyset(), "bert": new_document_keyset()}

    async def create(self, customer_uid: str) -> str:
        return customer_uid

    async def load(self, customer_uid: str) -> OwnedKey:
        if customer_uid not in self._keysets:
            raise KeyMissingError(customer_uid)
        return OwnedKey("key", self._keysets[customer_uid])

    async def destroy(self, customer_uid: str) -> None:
        del self._keysets[customer_uid]

    async def check(self) -> None:
        """Always works."""


KEYS = TwoKeys()
CIPHER = TinkDocumentCipher(KEYS, tenant="house")


async def encrypted(content: bytes, document: DocumentVersion = DOCUMENT) -> bytes:
    return await collect(CIPHER.encrypt(document, chunked(content)))


async def decrypted(ciphertext: bytes, document: DocumentVersion = DOCUMENT) -> bytes:
    return await collect(CIPHER.decrypt(document, chunked(ciphertext)))


@pytest.mark.parametrize("size", BOUNDARIES)
async def test_a_document_comes_back_byte_for_byte(size: int) -> None:
    content = random_bytes(size)

    assert await decrypted(await encrypted(content)) == content


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(size=st.integers(0, 3 * MIB), incoming=st.integers(1, 2 * MIB), stored=st.integers(1, MIB))
def test_the_sizes_of_chunks_do_not_matter(size: int, incoming: int, stored: int) -> None:
    content = random_bytes(size)

    async def there_and_back() -> bytes:
        ciphertext = await collect(
            CIPHER.encrypt(DOCUMENT, chunked(content, incoming + size // 50))
        )
        return await collect(CIPHER.decrypt(DOCUMENT, chunked(ciphertext, stored + size // 50)))

    assert asyncio.run(there_and_back()) == content


async def test_a_ciphertext_does_not_contain_its_plaintext_and_never_repeats() -> None:
    content = b"diagnosis " * 1000

    first, second = await encrypted(content), await encrypted(content)

    assert b"diagnosis" not in first
    assert first != second


@pytest.mark.parametrize("size", BOUNDARIES)
async def test_a_cut_ciphertext_is_refused(size: int) -> None:
    ciphertext = await encrypted(random_bytes(size))
    cuts = {0, 1, 39, 40, len(ciphertext) // 2, len(ciphertext) - 16, len(ciphertext) - 1}
    cuts |= set(range(SEGMENT, len(ciphertext), SEGMENT))

    for cut in sorted(cuts):
        with pytest.raises(CipherError):
            await decrypted(ciphertext[:cut])


@pytest.mark.parametrize("size", BOUNDARIES)
async def test_an_extended_ciphertext_is_refused(size: int) -> None:
    ciphertext = await encrypted(random_bytes(size))

    for appended in (b"\0", bytes(15), bytes(16), bytes(MIB), bytes(4 * MIB), ciphertext):
        with pytest.raises(CipherError):
            await decrypted(ciphertext + appended)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_flipped_bit_is_refused_and_nothing_from_its_segment_on_is_released(
    data: st.DataObject,
) -> None:
    content = random_bytes(3 * MIB + 11)
    ciphertext = bytearray(asyncio.run(encrypted(content)))
    position = data.draw(st.integers(0, len(ciphertext) - 1), label="byte")
    ciphertext[position] ^= 1 << data.draw(st.integers(0, 7), label="bit")
    released = bytearray()

    async def read() -> None:
        async for chunk in CIPHER.decrypt(DOCUMENT, chunked(bytes(ciphertext))):
            released.extend(chunk)

    with pytest.raises(CipherError):
        asyncio.run(read())
    intact_segments = position // SEGMENT
    authentic = max(0, FIRST_SEGMENT + (intact_segments - 1) * (SEGMENT - 16))
    assert bytes(released) == content[: authentic if intact_segments else 0]


async def test_swapped_segments_are_refused() -> None:
    ciphertext = await encrypted(random_bytes(4 * MIB))
    first, second, third, rest = (
        ciphertext[:SEGMENT],
        ciphertext[SEGMENT : 2 * SEGMENT],
        ciphertext[2 * SEGMENT : 3 * SEGMENT],
        ciphertext[3 * SEGMENT :],
    )

    with pytest.raises(CipherError):
        await decrypted(first + third + second + rest)


@pytest.mark.parametrize(
    "other",
    [
        DocumentVersion("anna", "letter", 2),
        DocumentVersion("anna", "invoice", 1),
        DocumentVersion("bert", "letter", 1),
    ],
)
async def test_a_ciphertext_of_another_document_version_or_customer_is_refused(
    other: DocumentVersion,
) -> None:
    with pytest.raises(CipherError):
        await decrypted(await encrypted(b"content", other))


async def test_a_ciphertext_of_another_tenant_is_refused() -> None:
    elsewhere = TinkDocumentCipher(KEYS, tenant="another house")
    ciphertext = await collect(elsewhere.encrypt(DOCUMENT, chunked(b"content")))

    with pytest.raises(CipherError):
        await decrypted(ciphertext)


async def test_a_customer_without_a_key_can_neither_write_nor_read() -> None:
    stranger = DocumentVersion("nobody", "letter", 1)
    objects = MemoryObjects()

    with pytest.raises(KeyMissingError):
        await CIPHER.store_encrypted(objects, "a", stranger, chunked(b"content"))
    with pytest.raises(KeyMissingError):
        await decrypted(b"anything", stranger)
    assert objects.objects == {}


@pytest.mark.parametrize("size", BOUNDARIES)
async def test_storing_tells_digest_and_size_of_the_plaintext(size: int) -> None:
    content = random_bytes(size)
    objects = MemoryObjects()

    stored = await CIPHER.store_encrypted(objects, "a", DOCUMENT, chunked(content))

    assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), size)
    assert await collect(await CIPHER.open_decrypted(objects, "a", DOCUMENT)) == content


async def test_a_taken_key_is_refused_when_storing() -> None:
    objects = MemoryObjects()
    await CIPHER.store_encrypted(objects, "a", DOCUMENT, chunked(b"first"))

    with pytest.raises(ObjectExistsError):
        await CIPHER.store_encrypted(objects, "a", DOCUMENT, chunked(b"second"))

    assert await collect(await CIPHER.open_decrypted(objects, "a", DOCUMENT)) == b"first"


async def test_opening_fails_before_the_first_byte_if_the_object_is_not_the_document() -> None:
    objects = MemoryObjects()
    await CIPHER.store_encrypted(objects, "a", DOCUMENT, chunked(b"content"))

    with pytest.raises(ObjectMissingError):
        await CIPHER.open_decrypted(objects, "absent", DOCUMENT)
    with pytest.raises(CipherError):
        await CIPHER.open_decrypted(objects, "a", DocumentVersion("anna", "other", 1))


async def test_an_error_of_the_source_reaches_the_caller_as_it_is() -> None:
    async def failing() -> AsyncGenerator[bytes]:
        yield random_bytes(MIB)
        raise StoreUnavailableError("gone")

    with pytest.raises(StoreUnavailableError, match="gone"):
        await collect(CIPHER.decrypt(DOCUMENT, failing()))
    with pytest.raises(StoreUnavailableError, match="gone"):
        await collect(CIPHER.encrypt(DOCUMENT, failing()))


async def test_a_reader_that_stops_early_closes_the_source() -> None:
    closed = []

    async def source() -> AsyncGenerator[bytes]:
        try:
            async for chunk in chunked(await encrypted(random_bytes(6 * MIB)), MIB):
                yield chunk
        finally:
            closed.append(True)

    reader = CIPHER.decrypt(DOCUMENT, source())
    await anext(reader)
    await reader.aclose()

    assert closed == [True]


async def test_streams_hold_only_a_few_segments_however_long_the_document() -> None:
    offered = {"plain": 0, "cipher": 0}
    held = {"plain": 0, "cipher": 0}
    released = 0

    async def plaintext() -> AsyncGenerator[bytes]:
        block = random_bytes(MIB)
        for _ in range(40):
            offered["plain"] += len(block)
            yield block

    async def ciphertext() -> AsyncGenerator[bytes]:
        async for chunk in CIPHER.encrypt(DOCUMENT, plaintext()):
            offered["cipher"] += len(chunk)
            held["plain"] = max(held["plain"], offered["plain"] - offered["cipher"])
            yield chunk

    async for chunk in CIPHER.decrypt(DOCUMENT, ciphertext()):
        released += len(chunk)
        held["cipher"] = max(held["cipher"], offered["cipher"] - released)

    assert released == 40 * MIB
    assert held["plain"] <= 2 * MIB
    assert held["cipher"] <= 4 * MIB


async def test_many_documents_at_once_do_not_disturb_each_other() -> None:
    objects = MemoryObjects()
    contents = {f"k{n}": random_bytes(n * 300_000, seed=n) for n in range(12)}

    async def there_and_back(key: str) -> bytes:
        document = DocumentVersion("anna" if int(key[1:]) % 2 else "bert", key, 1)
        await CIPHER.store_encrypted(objects, key, document, chunked(contents[key]))
        return await collect(await CIPHER.open_decrypted(objects, key, document))

    assert await asyncio.gather(*map(there_and_back, contents)) == list(contents.values())


def test_a_secret_opens_only_with_its_key_and_context() -> None:
    keyset = new_secret_keyset()
    sealed = encrypt_secret(keyset, b"4711", b"outbox|1")

    assert b"4711" not in sealed
    assert decrypt_secret(keyset, sealed, b"outbox|1") == b"4711"
    with pytest.raises(CipherError):
        decrypt_secret(keyset, sealed, b"outbox|2")
    with pytest.raises(CipherError):
        decrypt_secret(new_secret_keyset(), sealed, b"outbox|1")
    with pytest.raises(CipherError):
        decrypt_secret(keyset, sealed[:-1], b"outbox|1")
    with pytest.raises(CipherError):
        decrypt_secret(keyset, b"", b"outbox|1")


def test_a_damaged_keyset_is_refused() -> None:
    with pytest.raises(CipherError):
        encrypt_secret(b"no keyset", b"4711", b"")


@given(st.lists(st.text() | st.binary()), st.lists(st.text() | st.binary()))
def test_different_associated_data_never_looks_alike(
    left: list[str | bytes], right: list[str | bytes]
) -> None:
    def as_bytes(parts: list[str | bytes]) -> list[bytes]:
        return [part.encode() if isinstance(part, str) else part for part in parts]

    assert (bound_to(*left) == bound_to(*right)) == (as_bytes(left) == as_bytes(right))
