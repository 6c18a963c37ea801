"""The files that prove a submission, for the service desk that reviews it (F37, M2)."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.errors import DomainError
from backend.models.personal_details import PersonalDetailsChange
from backend.ports import KeyMissingError, ObjectMissingError
from backend.services import job_folders
from backend.services.documents import ContentMismatchError, DocumentPorts, open_content
from backend.services.exports.file_names import FileNames
from backend.services.personal_details_evidence import load_evidence_of
from backend.services.submission_desk import SubmissionDeskHouse, find_submission, note_shown
from backend.services.submissions import payload_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.documents import Document
    from backend.models.submissions import Submission

_FOLDER_MODE = 0o700


class NoEvidenceError(DomainError):
    """The submission was sent without any file."""


class EvidenceDeletedError(DomainError):
    """The files, or the key that opens them, were deleted with their customer."""


class EvidenceHouse(SubmissionDeskHouse, DocumentPorts, Protocol):
    """What handing out evidence needs of the portal's wiring."""


async def write_evidence(
    house: EvidenceHouse, *, uid: str, folder: Path, case_handler: str, reason: str
) -> Path:
    """Write the files of a submission into `folder/uid/`, for a case handler who says why.

    The folder appears whole or not at all and is its owner's alone. Each file is the one whose
    SHA-256 the core system was told. Audited, and the customer reads in the security log who looked
    and for what reason (X4).

    Raises:
        NotFoundError: no such submission.
        NoEvidenceError: it was sent without files.
        EvidenceDeletedError: there is nothing left that could be read.
        ContentMismatchError, CipherError: a file is not what was sent in; none is written.
        FileExistsError: it was written before; nothing is overwritten.
        StoreUnavailableError, KeyStoreUnavailableError: not now.
    """
    async with database.reading(house.sessions) as session:
        submission = await find_submission(session, uid)
        told, documents = await _load(session, house, submission)
    if await asyncio.to_thread((folder / uid).exists):
        raise FileExistsError(str(folder / uid))
    files = await _opened(house, told, documents)
    async with database.writing(house.sessions) as session:
        submission = await find_submission(session, uid)
        await note_shown(
            session,
            house,
            "submission.evidence_written",
            submission,
            case_handler=case_handler,
            reason=reason,
        )
    return await asyncio.to_thread(_write, folder, uid, files)


async def _load(
    session: AsyncSession, house: EvidenceHouse, submission: Submission
) -> tuple[Sequence[Mapping[str, Any]], Sequence[Document]]:
    """Return what the core system was told of each file, and the files in the same order."""
    try:
        told = (await payload_of(house.cipher, submission)).get("evidence") or []
    except KeyMissingError as error:
        raise EvidenceDeletedError from error
    if not told:
        raise NoEvidenceError
    of_submission = PersonalDetailsChange.submission_uid == submission.uid
    change_id = await session.scalar(select(PersonalDetailsChange.id).where(of_submission))
    found = {} if change_id is None else await load_evidence_of(session, [change_id])
    documents = found.get(change_id or 0, [])
    if len(documents) != len(told):
        raise EvidenceDeletedError
    return told, documents


async def _opened(
    house: EvidenceHouse, told: Sequence[Mapping[str, Any]], documents: Sequence[Document]
) -> dict[str, bytes]:
    names, files = FileNames(), {}
    for said, document in zip(told, documents, strict=True):
        try:
            chunks = await open_content(house, document)
            content = b"".join([chunk async for chunk in chunks])
        except (ObjectMissingError, KeyMissingError) as error:
            raise EvidenceDeletedError from error
        if (found := hashlib.sha256(content).hexdigest()) != said["sha256"]:
            raise ContentMismatchError(found)
        file_name = document.file_name
        stem = PurePath(file_name).stem
        files[names.name_for(document.document_date, stem, file_name)] = content
    return files


def _write(folder: Path, uid: str, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    job_folders.write_part(folder, uid, files)
    return job_folders.hand_over(folder, uid)
