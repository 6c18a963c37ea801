"""Evidence of a submission for the desk: proven, told to the customer, never overwritten."""

from __future__ import annotations

from stat import S_IMODE
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from backend.errors import NotFoundError
from backend.ids import encode_id
from backend.models.audit import AuditEntry
from backend.models.customers import Customer
from backend.models.documents import Document
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.uploads import UploadState
from backend.ports import CipherError, StoreUnavailableError
from backend.services.documents import QUARANTINE, ContentMismatchError
from backend.services.submission_evidence import (
    EvidenceDeletedError,
    NoEvidenceError,
    write_evidence,
)
from tests import factories
from tests.changing_details import Resident, change, move, resident
from tests.core_answers import submissions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.portal import Portal

MARRIED = {"name": {"title": None, "givenName": "Anna", "familyName": "Neumann"}}
CONTENTS = {"Urkunde/../1.pdf": b"%PDF-1.7 certificate", "Ausweis.jpg": b"\xff\xd8 identity card"}
FOLDER = "pruefung"
REASON = "Namensänderung prüfen"


async def _uploaded(portal: Portal, who: Resident, file_name: str, content: bytes) -> str:
    """Return the id of an accepted file whose ciphertext lies in the object store."""
    key, stored = await factories.stored_file(portal.house, who.customer, content, QUARANTINE)
    async with portal.transaction() as session:
        upload = await factories.upload(
            session,
            who.customer.id,
            state=UploadState.ACCEPTED,
            file_name=file_name,
            size=stored.size,
            sha256=stored.sha256,
            object_key=key,
            key_owner=who.customer.uid,
        )
    return encode_id("Upload", upload.id)


async def _renamed(portal: Portal) -> str:
    """Return the reference of a name change that was sent with two files."""
    anna = await resident(portal)
    evidence = [await _uploaded(portal, anna, *file) for file in CONTENTS.items()]
    await change(portal, anna, MARRIED, evidence=evidence)
    [submission] = await submissions(portal)
    return submission.uid


async def _write(portal: Portal, uid: str, folder: Path) -> Path:
    return await write_evidence(
        portal.house, uid=uid, folder=folder / FOLDER, case_handler="Petra Muster", reason=REASON
    )


async def _told(portal: Portal) -> tuple[list[str], list[str | None]]:
    """Return what the audit log and the customer's security log say of looking at submissions."""
    async with portal.transaction() as session:
        audited = await session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("submission.%"))
        )
        shown = await session.scalars(
            select(SecurityEvent.detail).where(
                SecurityEvent.kind == SecurityEventKind.SUBMISSION_SHOWN
            )
        )
        return list(audited), list(shown)


async def test_F37_the_desk_gets_the_evidence_word_for_word_and_the_customer_reads_who_looked(
    portal: Portal, tmp_path: Path
) -> None:
    uid = await _renamed(portal)
    folder = await _write(portal, uid, tmp_path)
    assert folder == tmp_path / FOLDER / uid
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["2026-11-21 1.pdf", "2026-11-21 Ausweis.jpg"]
    assert [file.read_bytes() for file in files] == list(CONTENTS.values())
    assert {S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert S_IMODE(folder.stat().st_mode) == 0o700
    assert await _told(portal) == (
        ["submission.evidence_written"],
        [f"Petra Muster ({REASON})"],
    )


async def test_F37_evidence_is_never_overwritten(portal: Portal, tmp_path: Path) -> None:
    uid = await _renamed(portal)
    folder = await _write(portal, uid, tmp_path)
    (folder / "2026-11-21 1.pdf").write_bytes(b"noted upon")
    with pytest.raises(FileExistsError):
        await _write(portal, uid, tmp_path)
    assert (folder / "2026-11-21 1.pdf").read_bytes() == b"noted upon"
    assert len((await _told(portal))[1]) == 1


async def test_F37_evidence_of_nothing_is_refused_and_nobody_looked(
    portal: Portal, tmp_path: Path
) -> None:
    await move(portal, await resident(portal))
    [address] = await submissions(portal)
    with pytest.raises(NoEvidenceError):
        await _write(portal, address.uid, tmp_path)
    with pytest.raises(NotFoundError):
        await _write(portal, "0" * 32, tmp_path)
    assert not (tmp_path / FOLDER).exists()
    assert await _told(portal) == ([], [])


@pytest.mark.parametrize("gone", ["object", "key"])
async def test_F37_evidence_that_was_deleted_is_told_from_evidence_that_was_never_there(
    portal: Portal, tmp_path: Path, gone: str
) -> None:
    uid = await _renamed(portal)
    async with portal.transaction() as session:
        keys = (await session.scalars(select(Document.object_key))).all()
        owner = (await session.scalars(select(Customer.uid))).one()
    match gone:
        case "object":
            await portal.house.objects.delete(keys[1])
        case _:
            await portal.house.keys.destroy(owner)
    with pytest.raises(EvidenceDeletedError):
        await _write(portal, uid, tmp_path)
    assert not (tmp_path / FOLDER).exists()
    assert await _told(portal) == ([], [])


async def test_F37_a_file_that_is_not_the_one_sent_in_is_not_handed_out(
    portal: Portal, tmp_path: Path
) -> None:
    uid = await _renamed(portal)
    async with portal.transaction() as session:
        owner = (await session.scalars(select(Customer))).one()
        other, forged = await factories.stored_file(portal.house, owner, b"forged")
        document = (await session.scalars(select(Document).order_by(Document.id))).all()[0]
        # Whoever forges a file in the database can forge the hash beside it, not the sealed event.
        document.object_key, document.sha256 = other, forged.sha256
    with pytest.raises(ContentMismatchError):
        await _write(portal, uid, tmp_path)
    assert not (tmp_path / FOLDER).exists()
    assert await _told(portal) == ([], [])


async def test_F37_while_the_store_is_down_nothing_is_written(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = await _renamed(portal)

    async def down(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(type(portal.house.cipher), "open_decrypted", down)
    with pytest.raises(StoreUnavailableError):
        await _write(portal, uid, tmp_path)
    assert not (tmp_path / FOLDER).exists()


async def test_F37_damaged_evidence_is_not_handed_out(portal: Portal, tmp_path: Path) -> None:
    uid = await _renamed(portal)
    async with portal.transaction() as session:
        key = (await session.scalars(select(Document.object_key))).all()[-1]

    async def foreign() -> AsyncIterator[bytes]:
        yield b"not what was written for this place"

    await portal.house.objects.delete(key)
    await portal.house.objects.put(key, foreign())
    with pytest.raises(CipherError):
        await _write(portal, uid, tmp_path)
    assert not (tmp_path / FOLDER).exists()
