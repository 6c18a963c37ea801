"""Opening sealed claims where the worker runs: inspected, then handed over or refused (M5, F63)."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from backend import database
from backend.claim_envelope import BrokenEnvelopeError, open_segments
from backend.file_ports import InspectionError, ScannerUnavailableError
from backend.inspection.refusals import UploadRefusal
from backend.models.claims import Claim, ClaimsKey, ClaimStatus
from backend.ports import (
    CipherError,
    KeyMissingError,
    KeyStoreUnavailableError,
    ObjectMissingError,
    StoreUnavailableError,
)
from backend.services.claim_documents import parts_of, read_parts
from backend.services.claim_handover import (
    OpenedFile,
    binding_of,
    hand_over,
    refuse_file,
    rules_of,
)
from backend.services.institutions import load_institutions

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.institutions import Institution
    from backend.services.claim_handover import OpeningHouse

BATCH = 4
LEASE = timedelta(minutes=3)
MAX_ATTEMPTS = 3
_COME_BACK = timedelta(seconds=30)
_NOT_NOW = (
    StoreUnavailableError,
    KeyStoreUnavailableError,
    ScannerUnavailableError,
    OSError,
)

_log = logging.getLogger(__name__)


async def open_claims(house: OpeningHouse) -> int:
    """Open a batch of claims that were received and return how many were taken up."""
    if house.claims_keys is None:
        return 0
    due = (Claim.status == ClaimStatus.RECEIVED, Claim.leased_until <= house.clock.now())
    async with database.reading(house.sessions) as session:
        if await session.scalar(select(Claim.id).where(*due).limit(1)) is None:
            return 0  # without asking for the write lock
    async with database.writing(house.sessions) as session:
        leased = await _lease(session, due, clock=house.clock)
        institutions = await load_institutions(session, [one.institution_id for one in leased])
    await asyncio.gather(*(_open(house, one, institutions[one.institution_id]) for one in leased))
    return len(leased)


async def _lease(session: AsyncSession, due: tuple[Any, ...], *, clock: Clock) -> list[Claim]:
    """Take claims that nobody else opens meanwhile; a worker that dies gives them back."""
    chosen = (
        select(Claim.id)
        .where(*due)
        .order_by(Claim.leased_until, Claim.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    leased = await session.scalars(
        update(Claim)
        .where(Claim.id.in_(chosen))
        .values(leased_until=clock.now() + LEASE, attempts=Claim.attempts + 1)
        .returning(Claim)
        .execution_options(synchronize_session=False)
    )
    return list(leased)


async def _open(house: OpeningHouse, claim: Claim, institution: Institution) -> None:
    try:
        outcome = await _judge(house, claim, institution)
        if isinstance(outcome, UploadRefusal):
            await refuse_file(house, claim, outcome)
        else:
            await hand_over(house, claim, institution, outcome)
    except _NOT_NOW as error:
        _log.warning("claim_waits", extra={"claim": claim.uid}, exc_info=error)
        await _come_back(house, claim)
    except (InspectionError, ObjectMissingError, CipherError, KeyMissingError) as error:
        _log.error("claim_not_opened", extra={"claim": claim.uid}, exc_info=error)
        await refuse_file(house, claim, UploadRefusal.CHECK_FAILED)


async def _judge(
    house: OpeningHouse, claim: Claim, institution: Institution
) -> OpenedFile | UploadRefusal:
    if claim.attempts > MAX_ATTEMPTS:
        raise InspectionError("every opening of it was broken off")
    async with database.reading(house.sessions) as session:
        key = (
            await session.scalars(select(ClaimsKey).where(ClaimsKey.id == claim.claims_key_id))
        ).one()
    try:
        if house.scanner is not None:
            found = await house.scanner.find_malware(await _unsealed(house, claim, key))
            if found is not None:
                _log.warning("claim_malware", extra={"claim": claim.uid, "malware": found})
                return UploadRefusal.MALWARE
        content = await _unsealed(house, claim, key)
        rules = rules_of(house, claim, institution)
        async with house.inspector.inspect(content, rules) as inspected:
            if inspected.refusal is not None:
                return inspected.refusal
            made = b"".join([chunk async for chunk in inspected.content])
            return OpenedFile(inspected.media_type, made)
    except BrokenEnvelopeError as error:
        _log.warning("claim_envelope_broken", extra={"claim": claim.uid}, exc_info=error)
        return UploadRefusal.DAMAGED


async def _unsealed(house: OpeningHouse, claim: Claim, key: ClaimsKey) -> AsyncGenerator[bytes]:
    """Return the file in clear, as it comes; the key's holder opens nothing but its content key."""
    assert house.claims_keys is not None  # noqa: S101  # asked for above
    async with database.reading(house.sessions) as session:
        parts = await parts_of(session, claim.claim_document_id)
    sealed = read_parts(house, parts)
    head, size = bytearray(), key.algorithm.head_size
    while len(head) < size:
        chunk = await anext(sealed, b"")
        if not chunk:
            raise BrokenEnvelopeError("too short")
        head += chunk
    info = binding_of(claim, key).info
    try:
        content_key = await house.claims_keys.open_content_key(key.uid, bytes(head[:size]), info)
    except CipherError as error:
        raise BrokenEnvelopeError("sealed to another key or claim") from error
    return open_segments(content_key, _rejoin(bytes(head[size:]), sealed))


async def _rejoin(first: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(rest):  # type: ignore[type-var]
        yield first
        async for chunk in rest:
            yield chunk


async def _come_back(house: OpeningHouse, claim: Claim) -> None:
    """Give a claim back that can't be opened now; that was no attempt."""
    with suppress(StoreUnavailableError):
        async with database.writing(house.sessions) as session:
            await session.execute(
                update(Claim)
                .where(
                    Claim.id == claim.id,
                    Claim.status == ClaimStatus.RECEIVED,
                    Claim.attempts == claim.attempts,
                )
                .values(leased_until=house.clock.now() + _COME_BACK, attempts=claim.attempts - 1)
                .execution_options(synchronize_session=False)
            )
