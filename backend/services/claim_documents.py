"""Sealed files on their way in: announced, taken in part by part, compared with their hash (M5)."""

from __future__ import annotations

import hashlib
import re
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, exists, select, update

from backend import database
from backend.claim_envelope import ClaimsKeyAlgorithm, size_of_sealed
from backend.clock import berlin_today
from backend.errors import (
    FieldProblem,
    InvalidInputError,
    NotFoundError,
    WrongHashError,
    WrongOffsetError,
    WrongPartSizeError,
)
from backend.models.claims import Claim, ClaimDocument, ClaimPart
from backend.ports import DocumentVersion, StoreUnavailableError
from backend.services.attempts import Limit, count_first
from backend.services.documents import SEALED, VERSION

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore, ObjectStore
    from backend.services.sessions import Viewer

PART_SIZE = 1 << 20
_MEGA = 1_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ClaimDocumentHouse(Protocol):
    """What taking in sealed files needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def objects(self) -> ObjectStore: ...  # noqa: D102
    @property
    def keys(self) -> KeyStore: ...  # noqa: D102
    @property
    def cipher(self) -> DocumentCipher: ...  # noqa: D102


async def start_claim_document(
    house: ClaimDocumentHouse, *, viewer: Viewer, size: int, sha256: str
) -> ClaimDocument:
    """Announce a sealed file; its parts follow (F58, M5).

    Raises:
        InvalidInputError: of no or too large a size, or the hash is none.
        TooManyAttemptsError: too many files in a day.
    """
    today = berlin_today(house.clock)
    rules = house.policy.claims
    problems = []
    least = min(one.head_size for one in ClaimsKeyAlgorithm)
    content = rules.largest_megabytes.on(today) * _MEGA
    if not least < size <= max(size_of_sealed(content, one) for one in ClaimsKeyAlgorithm):
        problems.append(
            FieldProblem(("size",), "upload.too_large" if size > least else "upload.empty")
        )
    if not _SHA256.fullmatch(sha256):
        problems.append(FieldProblem(("sha256",), "field.no_sha256"))
    if problems:
        raise InvalidInputError(*problems)
    daily = rules.documents_per_account_per_day.on(today)
    limit = Limit("claim_document", str(viewer.id), daily, timedelta(days=1))
    await count_first(house.sessions, limit, clock=house.clock)
    now = house.clock.now()
    document = ClaimDocument(
        customer_id=viewer.customer_id,
        size=size,
        sha256=sha256,
        received_bytes=0,
        is_complete=False,
        created_at=now,
        expires_at=now + timedelta(hours=rules.kept_hours.on(today)),
    )
    async with database.writing(house.sessions) as session:
        session.add(document)
    return document


async def find_claim_document(
    session: AsyncSession, *, customer_id: int, document_id: int
) -> ClaimDocument | None:
    """Return a customer's sealed file; None for a foreign and an absent one alike."""
    return (
        await session.scalars(
            select(ClaimDocument).where(
                ClaimDocument.id == document_id, ClaimDocument.customer_id == customer_id
            )
        )
    ).one_or_none()


async def append_part(
    house: ClaimDocumentHouse,
    *,
    viewer: Viewer,
    document_id: int,
    offset: int,
    content: AsyncIterable[bytes],
) -> int:
    """Store one part and return how many bytes are safe now (F58-F60).

    A part is stored whole or not at all: its object first, then its row. The last one completes the
    file, if all of it has the hash that was announced; else nothing of it is kept.

    Raises:
        NotFoundError: no such file of this customer.
        WrongOffsetError: another part is the next one.
        WrongPartSizeError: not `PART_SIZE`, or what is left.
        WrongHashError: these were not the bytes that were announced.
        StoreUnavailableError, KeyStoreUnavailableError: again later; nothing was stored.
    """
    async with database.reading(house.sessions) as session:
        document = await find_claim_document(
            session, customer_id=viewer.customer_id, document_id=document_id
        )
    if document is None:
        raise NotFoundError
    if offset != document.received_bytes or document.is_complete:
        raise WrongOffsetError(document.received_bytes)
    part = await _store_part(house, viewer, document, content)
    try:
        is_complete = part.start + (size := _size_at(document, part.start)) == document.size
        if is_complete:
            await _require_hash(house, document, part)
        await _keep_part(house, document, part, size, is_complete=is_complete)
    except BaseException:
        with suppress(StoreUnavailableError):  # then it is an orphan
            await house.objects.delete(part.object_key)
        raise
    return part.start + size


async def _store_part(
    house: ClaimDocumentHouse,
    viewer: Viewer,
    document: ClaimDocument,
    content: AsyncIterable[bytes],
) -> ClaimPart:
    await house.keys.create(viewer.customer_uid)
    uid = uuid.uuid4().hex
    key = f"{SEALED}{uid[:2]}/{uid}"
    size = _size_at(document, document.received_bytes)
    await house.cipher.store_encrypted(
        house.objects,
        key,
        DocumentVersion(viewer.customer_uid, uid, VERSION),
        _exactly(content, size),
    )
    return ClaimPart(
        claim_document_id=document.id,
        start=document.received_bytes,
        object_key=key,
        key_owner=viewer.customer_uid,
    )


async def _keep_part(
    house: ClaimDocumentHouse,
    document: ClaimDocument,
    part: ClaimPart,
    size: int,
    *,
    is_complete: bool,
) -> None:
    async with database.writing(house.sessions) as session:
        taken = await session.execute(
            update(ClaimDocument)
            .where(ClaimDocument.id == document.id, ClaimDocument.received_bytes == part.start)
            .values(received_bytes=part.start + size, is_complete=is_complete)
            .returning(ClaimDocument.id)
            .execution_options(synchronize_session=False)
        )
        if taken.one_or_none() is None:
            # Somebody else sent the same part at once, and was quicker.
            now_there = await session.scalar(
                select(ClaimDocument.received_bytes).where(ClaimDocument.id == document.id)
            )
            if now_there is None:
                raise NotFoundError
            raise WrongOffsetError(now_there)
        session.add(part)


async def _require_hash(
    house: ClaimDocumentHouse, document: ClaimDocument, last: ClaimPart
) -> None:
    async with database.reading(house.sessions) as session:
        parts = [*await parts_of(session, document.id), last]
    digest = hashlib.sha256()
    async for chunk in read_parts(house, parts):
        digest.update(chunk)
    if digest.hexdigest() != document.sha256:
        async with database.writing(house.sessions) as session:
            await forget_documents(session, [document.id])
        raise WrongHashError


async def parts_of(session: AsyncSession, document_id: int) -> Sequence[ClaimPart]:
    """Return the parts of a sealed file in their order."""
    return (
        await session.scalars(
            select(ClaimPart)
            .where(ClaimPart.claim_document_id == document_id)
            .order_by(ClaimPart.start)
        )
    ).all()


async def read_parts(house: ClaimDocumentHouse, parts: Sequence[ClaimPart]) -> AsyncIterator[bytes]:
    """Iterate over a sealed file, still sealed. Raises what `open_decrypted` raises."""
    for part in parts:
        uid = part.object_key.rpartition("/")[2]
        version = DocumentVersion(part.key_owner, uid, VERSION)
        async for chunk in await house.cipher.open_decrypted(
            house.objects, part.object_key, version
        ):
            yield chunk


async def forget_documents(session: AsyncSession, document_ids: Sequence[int]) -> None:
    """Delete sealed files without a claim; their objects are orphans then."""
    for statement in (
        delete(ClaimPart).where(ClaimPart.claim_document_id.in_(document_ids)),
        delete(ClaimDocument).where(ClaimDocument.id.in_(document_ids)),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


async def forget_old_claim_documents(session: AsyncSession, *, clock: Clock) -> None:
    """Delete sealed files with which nothing was submitted in time.

    Of those whose claim was handed over long enough ago only what lies in the store: the claim
    still names their hash.
    """
    is_over = ClaimDocument.expires_at <= clock.now()
    over = select(ClaimDocument.id).where(is_over)
    for statement in (
        delete(ClaimPart).where(ClaimPart.claim_document_id.in_(over)),
        delete(ClaimDocument).where(
            is_over, ~exists().where(Claim.claim_document_id == ClaimDocument.id)
        ),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


def _size_at(document: ClaimDocument, start: int) -> int:
    return min(PART_SIZE, document.size - start)


async def _exactly(content: AsyncIterable[bytes], size: int) -> AsyncIterator[bytes]:
    left = size
    async for chunk in content:
        left -= len(chunk)
        if left < 0:
            raise WrongPartSizeError(size)
        yield chunk
    if left:
        raise WrongPartSizeError(size)
