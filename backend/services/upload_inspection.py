"""Inspecting files in quarantine: leased, scanned, made anew, then accepted or refused."""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import suppress
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import select, update

from backend import database
from backend.clock import berlin_today
from backend.file_ports import InspectionError, ScannerUnavailableError
from backend.inspection.refusals import UploadRefusal
from backend.inspection.rules import BANK_RECORDS, JPEG, PDF, PNG
from backend.models.uploads import Upload, UploadState
from backend.ports import (
    CipherError,
    DocumentVersion,
    KeyMissingError,
    KeyStoreUnavailableError,
    ObjectMissingError,
    StoreUnavailableError,
)
from backend.services import documents
from backend.services.institutions import load_institutions
from backend.services.uploads import UploadHouse, rules_for_purpose
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.file_ports import FileInspector, MalwareScanner
    from backend.inspection.rules import InspectionRules
    from backend.ports import StoredDocument

BATCH = 4
LEASE = timedelta(minutes=3)
# More often a file has taken the whole server with it.
MAX_ATTEMPTS = 3
_COME_BACK = timedelta(seconds=30)
_ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
_KNOWN_ENDINGS = {".jpg", ".jpeg", ".png", ".heic", ".heif", ".pdf"}

_log = logging.getLogger(__name__)


class InspectingHouse(UploadHouse, Protocol):
    """What inspecting needs of the portal's wiring; without a scanner nothing is scanned."""

    @property
    def inspector(self) -> FileInspector: ...  # noqa: D102
    @property
    def scanner(self) -> MalwareScanner | None: ...  # noqa: D102


class _Made(Value):
    """What replaces a file that was accepted."""

    object_key: str
    media_type: str
    stored: StoredDocument


async def inspect_uploads(house: InspectingHouse) -> int:
    """Inspect a batch of files in quarantine and return how many were taken up."""
    due = (Upload.state == UploadState.QUARANTINED, Upload.leased_until <= house.clock.now())
    async with database.reading(house.sessions) as session:
        if await session.scalar(select(Upload.id).where(*due).limit(1)) is None:
            return 0  # without asking for the write lock
    async with database.writing(house.sessions) as session:
        leased = await _lease(session, due, clock=house.clock)
        receivers = [one.institution_id for one in leased if one.institution_id is not None]
        institutions = await load_institutions(session, receivers)
    today = berlin_today(house.clock)

    def rules_of(upload: Upload) -> InspectionRules:
        receiver = upload.institution_id
        kind = None if receiver is None else institutions[receiver].kind
        return rules_for_purpose(house.policy, upload.purpose, kind, upload.media_type, on=today)

    await asyncio.gather(*(_inspect(house, upload, rules_of(upload)) for upload in leased))
    return len(leased)


async def _lease(session: AsyncSession, due: tuple[Any, ...], *, clock: Clock) -> list[Upload]:
    """Take files that nobody else inspects meanwhile; a worker that dies gives them back."""
    chosen = (
        select(Upload.id)
        .where(*due)
        .order_by(Upload.leased_until, Upload.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    leased = await session.scalars(
        update(Upload)
        .where(Upload.id.in_(chosen))
        .values(leased_until=clock.now() + LEASE, attempts=Upload.attempts + 1)
        .returning(Upload)
        .execution_options(synchronize_session=False)
    )
    return list(leased)


async def _inspect(house: InspectingHouse, upload: Upload, rules: InspectionRules) -> None:
    outcome: _Made | UploadRefusal
    try:
        outcome = await _judge(house, upload, rules)
    except (StoreUnavailableError, KeyStoreUnavailableError, ScannerUnavailableError) as error:
        _log.warning("upload_waits", extra={"upload": upload.id}, exc_info=error)
        later = {"leased_until": house.clock.now() + _COME_BACK, "attempts": upload.attempts - 1}
        await _settle(house, upload, later)
        return
    except (InspectionError, ObjectMissingError, CipherError, KeyMissingError) as error:
        _log.error("upload_not_inspected", extra={"upload": upload.id}, exc_info=error)
        outcome = UploadRefusal.CHECK_FAILED
    quarantined = upload.object_key
    if not await _settle(house, upload, _values_of(upload, outcome)):
        # Somebody else was quicker, or it was forgotten meanwhile.
        quarantined = outcome.object_key if isinstance(outcome, _Made) else None
    if quarantined is not None:
        with suppress(StoreUnavailableError):  # then it is an orphan
            await house.objects.delete(quarantined)


async def _judge(
    house: InspectingHouse, upload: Upload, rules: InspectionRules
) -> _Made | UploadRefusal:
    if upload.attempts > MAX_ATTEMPTS:
        raise InspectionError("every inspection of it was broken off")
    if house.scanner is not None:
        found = await house.scanner.find_malware(await _open(house, upload))
        if found is not None:
            _log.warning("upload_malware", extra={"upload": upload.id, "malware": found})
            return UploadRefusal.MALWARE
    async with house.inspector.inspect(await _open(house, upload), rules) as inspected:
        if inspected.refusal is not None:
            return inspected.refusal
        uid = uuid.uuid4().hex
        key = f"{documents.PREFIX}{uid[:2]}/{uid}"
        stored = await house.cipher.store_encrypted(
            house.objects,
            key,
            DocumentVersion(upload.key_owner, uid, documents.VERSION),
            inspected.content,
        )
    return _Made(key, inspected.media_type, stored)


async def _open(house: InspectingHouse, upload: Upload) -> AsyncIterator[bytes]:
    if upload.object_key is None:
        raise ObjectMissingError(f"upload {upload.id}")
    uid = upload.object_key.rpartition("/")[2]
    version = DocumentVersion(upload.key_owner, uid, documents.VERSION)
    return await house.cipher.open_decrypted(house.objects, upload.object_key, version)


def _values_of(upload: Upload, outcome: _Made | UploadRefusal) -> dict[str, object]:
    if isinstance(outcome, UploadRefusal):
        return {"state": UploadState.REFUSED, "refusal": outcome, "object_key": None}
    return {
        "state": UploadState.ACCEPTED,
        "object_key": outcome.object_key,
        "media_type": outcome.media_type,
        "size": outcome.stored.size,
        "sha256": outcome.stored.sha256,
        "file_name": _renamed(upload.file_name, outcome.media_type),
    }


def _renamed(file_name: str, media_type: str) -> str:
    if media_type == BANK_RECORDS:  # nobody opens it: it is named for what was sent
        return file_name
    ending = _ENDINGS[media_type]
    path = PurePath(file_name)
    stem = path.stem if path.suffix.lower() in _KNOWN_ENDINGS else path.name
    return f"{stem}{ending}"


async def _settle(house: InspectingHouse, upload: Upload, values: dict[str, object]) -> bool:
    """Write an outcome unless the file was taken up anew or forgotten since it was leased."""
    async with database.writing(house.sessions) as session:
        written = await session.execute(
            update(Upload)
            .where(
                Upload.id == upload.id,
                Upload.state == UploadState.QUARANTINED,
                Upload.attempts == upload.attempts,
            )
            .values(values)
            .returning(Upload.id)
            .execution_options(synchronize_session=False)
        )
        return written.one_or_none() is not None
