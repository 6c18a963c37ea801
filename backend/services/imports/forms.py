"""Forms of an institution: checked, inspected, encrypted with the key of the house, offered."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec.structs import replace
from sqlalchemy import select, update

from backend.database import insert_into
from backend.feeds.findings import Finding
from backend.feeds.forms import FormEntry, WithdrawnForm, read_forms
from backend.file_ports import InspectionError, ScannerUnavailableError
from backend.inspection.refusals import UploadRefusal
from backend.inspection.rules import PDF
from backend.models.forms import Form, FormCategory, FormWord
from backend.ports import HOUSE_UID, DocumentVersion
from backend.services.documents import FORMS
from backend.services.forms import VERSION, order_of, words_of
from backend.services.imports.institutions import require_institution
from backend.services.imports.pdf_files import problem_of, read_chunks
from backend.services.uploads import rules_for

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.institutions import Institution
    from backend.services.imports.job import ImportJob

_ENTRIES = 100


async def import_forms(job: ImportJob, stream: BinaryIO) -> None:
    """Import the forms that a `forms.json` lists; their PDFs lie below its folder (F110).

    A new version takes the place of the one before on its first day; what is withdrawn is offered
    no more. A version that is here already changes nothing: another content needs another one. A
    missing file, another SHA-256, what is no PDF and what the inspection refuses are findings.
    """
    institution = await _institution_of(job)
    async for batch in job.batches(stream, read_forms(stream), _ENTRIES):
        for item in batch:
            match item:
                case Finding():
                    job.report.note_in_feed(item)
                case _ if institution is None:
                    _reject(job, item, "institution", "name one with --institution")
                case WithdrawnForm():
                    await _withdraw(job, institution, item)
                case FormEntry():
                    await _take(job, institution, item)


async def _institution_of(job: ImportJob) -> Institution | None:
    if job.institution_key is None:
        return None
    async with job.house.sessions() as session:
        return await require_institution(session, job.institution_key)


async def _withdraw(job: ImportJob, institution: Institution, item: WithdrawnForm) -> None:
    async with job.transaction() as session:
        withdrawn = await session.scalars(
            update(Form)
            .where(
                Form.institution_id == institution.id,
                Form.external_id == item.form,
                Form.is_withdrawn.is_(False),
            )
            .values(is_withdrawn=True)
            .returning(Form.id)
            .execution_options(synchronize_session=False)
        )
        if withdrawn.all():
            job.report.accepted += 1
        else:
            job.report.duplicates += 1


async def _take(job: ImportJob, institution: Institution, entry: FormEntry) -> None:
    async with job.house.sessions() as session:
        known = await _known(session, institution, entry)
    if known is not None:
        _compare(job, entry, known)
        return
    folder = job.path.parent
    path = folder / entry.file
    problem = await asyncio.to_thread(problem_of, folder, path, entry.sha256)
    if problem is None:
        problem = await _inspect(job, institution, path)
    if problem is not None:
        _reject(job, entry, *problem)
        return
    async with job.transaction() as session:
        # Meanwhile another import may have brought it.
        if await _known(session, institution, entry) is not None:
            job.report.duplicates += 1
            return
        await _store(session, job, institution, entry, path)
    job.report.accepted += 1


async def _known(session: AsyncSession, institution: Institution, entry: FormEntry) -> Form | None:
    return (
        await session.scalars(
            select(Form).where(
                Form.institution_id == institution.id,
                Form.external_id == entry.form,
                Form.version == entry.version,
            )
        )
    ).one_or_none()


def _compare(job: ImportJob, entry: FormEntry, known: Form) -> None:
    if known.sha256 != entry.sha256:
        _reject(job, entry, "version", "is here with another content: give it a new version")
        return
    job.report.duplicates += 1


async def _inspect(job: ImportJob, institution: Institution, path: Path) -> tuple[str, str] | None:
    """Field and reason if the file is not harmless; what is stored is what was delivered."""
    rules = rules_for(job.house.policy, institution.kind, PDF, on=job.today)
    try:
        scanner = job.house.scanner
        if scanner is not None and await scanner.find_malware(read_chunks(path)) is not None:
            return "file", f"is refused: {UploadRefusal.MALWARE.name}"
        async with job.house.inspector.inspect(
            read_chunks(path), replace(rules, accepted=(PDF,))
        ) as inspected:
            if inspected.refusal is None:
                return None
            return "file", f"is refused: {inspected.refusal.name}"
    except InspectionError:
        return "file", "is refused: it could not be inspected to its end"
    except ScannerUnavailableError:
        return "file", "is refused: the malware scanner is away; import it again"


async def _store(
    session: AsyncSession, job: ImportJob, institution: Institution, entry: FormEntry, path: Path
) -> None:
    """Store the object first, then its row: without one it is an orphan."""
    house = job.house
    await house.keys.create(HOUSE_UID)
    uid = uuid.uuid4().hex
    key = f"{FORMS}{uid[:2]}/{uid}"
    stored = await house.cipher.store_encrypted(
        house.objects, key, DocumentVersion(HOUSE_UID, uid, VERSION), read_chunks(path)
    )
    form = Form(
        institution_id=institution.id,
        external_id=entry.form,
        version=entry.version,
        category=FormCategory[entry.category],
        title_de=entry.title.de,
        title_en=entry.title.en,
        description_de=entry.description.de,
        description_en=entry.description.en,
        order_de=order_of(entry.title.de),
        order_en=order_of(entry.title.en),
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        imported_at=job.now,
        file_name=path.name,
        size=stored.size,
        sha256=stored.sha256,
        object_key=key,
    )
    session.add(form)
    await session.flush()
    words = words_of(
        (entry.title.de, entry.title.en),
        entry.keywords,
        f"{entry.description.de}\n{entry.description.en}",
    )
    rows: list[dict[str, Any]] = [{"token": word, "form_id": form.id} for word in sorted(words)]
    await session.execute(insert_into(FormWord, session.get_bind().dialect.name), rows)


def _reject(job: ImportJob, item: FormEntry | WithdrawnForm, field: str, reason: str) -> None:
    finding = Finding(item.line, f"form {item.form}", field, reason, rejects=True)
    job.report.note_in_feed(finding)
