"""Files that customers send: taken into quarantine encrypted, inspected later, forgotten unused."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace
from sqlalchemy import delete, select

from backend import database
from backend.clock import berlin_today
from backend.errors import NotFoundError, UploadRefusedError
from backend.inspection.refusals import UploadRefusal
from backend.inspection.rules import (
    CSV,
    HEIC,
    JPEG,
    PDF,
    PNG,
    TEXT,
    XML,
    ZIP,
    InspectionRules,
    known_media_type,
)
from backend.models.uploads import Upload, UploadPurpose, UploadState
from backend.ports import DocumentVersion
from backend.services.attempts import Limit, count_first
from backend.services.documents import QUARANTINE, VERSION
from backend.services.institutions import load_institutions
from backend.values import Value

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterable, AsyncIterator
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.models.institutions import InstitutionKind
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore, ObjectStore
    from backend.services.sessions import Viewer

IMAGES = (JPEG, PNG, HEIC)
BANK_FILES = (XML, CSV, TEXT, ZIP)
_MEGA = 1_000_000
_LONGEST_NAME = 100
_LONGEST_ENDING = 8


class UploadHouse(Protocol):
    """What taking in a file needs of the portal's wiring."""

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
    @property
    def work_waits(self) -> asyncio.Event: ...  # noqa: D102


class SentFile(Value):
    """A file on its way in; name and media type are what its sender says.

    `institution_id` says to whom a file of a message goes; others go to nobody.
    """

    purpose: UploadPurpose
    institution_id: int | None
    file_name: str
    media_type: str
    content: AsyncIterable[bytes]


async def receive_upload(house: UploadHouse, *, viewer: Viewer, sent: SentFile) -> Upload:
    """Take a file into quarantine (SECURITY.md, hostile files); its inspection follows.

    It is encrypted from its first byte on and never whole in memory. Whoever breaks off, or sends
    more than the policy allows, leaves nothing behind.

    Raises:
        NotFoundError: no such institution.
        UploadRefusedError: a kind of file that this institution does not take, empty or too large.
        TooManyAttemptsError: too many files in a day.
        StoreUnavailableError, KeyStoreUnavailableError: again later; nothing was stored.
    """
    today = berlin_today(house.clock)
    kind = await _kind_of_receiver(house, sent)
    rules = rules_for_purpose(house.policy, sent.purpose, kind, sent.media_type, on=today)
    if known_media_type(sent.media_type) not in ("", *rules.accepted):
        is_for_bank_files = sent.purpose is UploadPurpose.ACCOUNT_STATEMENT
        raise UploadRefusedError(
            UploadRefusal.NO_BANK_FILE if is_for_bank_files else UploadRefusal.TYPE_NOT_ALLOWED
        )
    daily = house.policy.uploads.per_account_per_day.on(today)
    limit = Limit("upload", str(viewer.id), daily, timedelta(days=1))
    await count_first(house.sessions, limit, clock=house.clock)
    upload = await _quarantine(house, viewer, sent, rules)
    async with database.writing(house.sessions) as session:
        session.add(upload)
    house.work_waits.set()
    return upload


async def _kind_of_receiver(house: UploadHouse, sent: SentFile) -> InstitutionKind | None:
    if sent.purpose is not UploadPurpose.MESSAGE:
        return None
    receiver = sent.institution_id or 0
    async with database.reading(house.sessions) as session:
        found = await load_institutions(session, [receiver])
    if receiver not in found:
        raise NotFoundError
    return found[receiver].kind


async def _quarantine(
    house: UploadHouse, viewer: Viewer, sent: SentFile, rules: InspectionRules
) -> Upload:
    await house.keys.create(viewer.customer_uid)
    uid = uuid.uuid4().hex
    key = f"{QUARANTINE}{uid[:2]}/{uid}"
    stored = await house.cipher.store_encrypted(
        house.objects,
        key,
        DocumentVersion(viewer.customer_uid, uid, VERSION),
        _at_most(sent.content, rules.most_bytes),
    )
    if not stored.size:
        await house.objects.delete(key)
        raise UploadRefusedError(UploadRefusal.EMPTY)
    now = house.clock.now()
    hours = house.policy.uploads.kept_hours.on(berlin_today(house.clock))
    return Upload(
        customer_id=viewer.customer_id,
        purpose=sent.purpose,
        institution_id=sent.institution_id,
        file_name=clean_file_name(sent.file_name),
        media_type=known_media_type(sent.media_type),
        size=stored.size,
        sha256=stored.sha256,
        state=UploadState.QUARANTINED,
        object_key=key,
        key_owner=viewer.customer_uid,
        created_at=now,
        expires_at=now + timedelta(hours=hours),
        leased_until=now,
        attempts=0,
    )


def rules_for_purpose(
    policy: Policy,
    purpose: UploadPurpose,
    kind: InstitutionKind | None,
    declared: str,
    *,
    on: date,
) -> InspectionRules:
    """Return what a file must keep to on a day, by what it is sent for and to whom.

    Statements of other banks (F9) are camt, MT940 or CSV, or a ZIP of these, whatever browsers take
    them for.
    """
    rules = rules_for(policy, kind, declared, on=on)
    if purpose is not UploadPurpose.ACCOUNT_STATEMENT:
        return rules
    return replace(
        rules,
        accepted=BANK_FILES,
        most_bytes=policy.self_added.statement_megabytes.on(on) * _MEGA,
        most_entries=policy.self_added.entries_per_file.on(on),
    )


def rules_for(
    policy: Policy, kind: InstitutionKind | None, declared: str, *, on: date
) -> InspectionRules:
    """Return what a file must keep to on a day, by the kind of institution that gets it.

    What customers keep for themselves (None) may be a photo or a PDF.
    """
    rules = policy.uploads
    accepted: tuple[str, ...] = ()
    if kind is None or kind.name in rules.images.on(on):
        accepted = IMAGES
    if kind is None or kind.name in rules.pdf.on(on):
        accepted = (*accepted, PDF)
    return InspectionRules(
        declared=declared,
        accepted=accepted,
        most_bytes=rules.largest_megabytes.on(on) * _MEGA,
        most_pixels=rules.megapixels.on(on) * _MEGA,
        most_pdf_pixels=rules.pdf_megapixels.on(on) * _MEGA,
        most_pages=rules.pdf_pages.on(on),
        most_objects=rules.pdf_objects.on(on),
        most_decoded_bytes=rules.pdf_decoded_megabytes.on(on) * _MEGA,
    )


async def find_upload(session: AsyncSession, *, customer_id: int, upload_id: int) -> Upload | None:
    """Return a customer's file that nothing uses yet; else None."""
    return (
        await session.scalars(
            select(Upload).where(Upload.id == upload_id, Upload.customer_id == customer_id)
        )
    ).one_or_none()


async def forget_old_uploads(session: AsyncSession, *, clock: Clock) -> None:
    """Delete the rows of files that nothing used in time; their objects are orphans then."""
    await session.execute(delete(Upload).where(Upload.expires_at <= clock.now()))


def clean_file_name(told: str) -> str:
    """Return a file name without folders and without characters that nobody sees.

    Among those are the ones that turn the direction of writing, so that an ending can't pretend.
    """
    last = told.replace("\\", "/").rpartition("/")[2]
    shown = "".join(one for one in last if not unicodedata.category(one).startswith("C"))
    name = shown.strip(" .") or "-"
    stem, dot, ending = name.rpartition(".")
    if len(name) <= _LONGEST_NAME or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(dot + ending)]}{dot}{ending}"


async def _at_most(content: AsyncIterable[bytes], most: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in content:
        size += len(chunk)
        if size > most:
            raise UploadRefusedError(UploadRefusal.TOO_LARGE)
        yield chunk
