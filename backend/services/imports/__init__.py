"""Imports of files from core systems: one run per file, whole records only, repeatable."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from backend.feeds.archives import is_archive, name_of, open_archive
from backend.feeds.detect import HEAD_BYTES, FeedFormat, detect
from backend.feeds.findings import FeedError, Finding
from backend.services.audit import append_audit
from backend.services.imports.accounts import import_accounts
from backend.services.imports.acknowledgements import import_acknowledgements
from backend.services.imports.claims import import_claims
from backend.services.imports.contracts import import_gdv
from backend.services.imports.documents import import_manifest
from backend.services.imports.forms import import_forms
from backend.services.imports.institutions import UnknownInstitutionKeyError, require_institution
from backend.services.imports.job import ImportHouse, ImportJob
from backend.services.imports.report import FileReport
from backend.services.imports.runs import begin_run, finish_run
from backend.services.imports.statements import import_camt, import_csv, import_mt940
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

    Importer = Callable[[ImportJob, BinaryIO], Awaitable[None]]
    Opener = Callable[[], AbstractContextManager[BinaryIO]]

__all__ = [
    "FeedFormat",
    "FileReport",
    "ImportHouse",
    "UnknownInstitutionKeyError",
    "import_file",
    "require_institution",
]

_IMPORTERS: dict[FeedFormat, Importer] = {
    FeedFormat.GDV: import_gdv,
    FeedFormat.CAMT: import_camt,
    FeedFormat.MT940: import_mt940,
    FeedFormat.CSV: import_csv,
    FeedFormat.ACCOUNTS: import_accounts,
    FeedFormat.MANIFEST: import_manifest,
    FeedFormat.FORMS: import_forms,
    FeedFormat.ACKNOWLEDGEMENTS: import_acknowledgements,
    FeedFormat.CLAIMS: import_claims,
}

# They list files that lie beside them.
_NOT_IN_ARCHIVES = frozenset({FeedFormat.MANIFEST, FeedFormat.FORMS})
_BLOCK = 1 << 20


def _ignore(_position: int) -> None:
    return None


async def import_file(
    house: ImportHouse,
    path: Path,
    *,
    feed_format: FeedFormat | None = None,
    institution_key: str | None = None,
    on_progress: Callable[[int], None] = _ignore,
) -> FileReport:
    """Import one file and report; without `feed_format` its content tells the format.

    Records are committed in batches, each of them whole, so that a killed import can be repeated;
    a file that was imported before changes nothing. What can't be used is a finding with line,
    record and field; only broken outside systems (database, object store) raise. `on_progress`
    gets the number of bytes read so far. The files of a ZIP archive are imported one after another,
    their findings name them.

    Raises:
        UnknownInstitutionKeyError: there is no institution with this key.
    """
    report = FileReport(str(path))
    try:
        stream = path.open("rb")
    except OSError as error:
        reason = f"the file can't be read: {error.strerror}"
        report.note(Finding(None, None, None, reason, rejects=True))
        return report
    with stream:
        order = _Order(house, feed_format, institution_key, on_progress)
        if is_archive(stream.read(HEAD_BYTES)):
            order = replace(order, is_of_archive=True, on_progress=_ignore)
            await _import_archive(order, path, stream, report)
        else:
            await _import_source(order, path, report, partial(_rewound, stream))
    return report


class _Order(Value):
    """What the caller said of the file."""

    house: ImportHouse
    feed_format: FeedFormat | None
    institution_key: str | None
    on_progress: Callable[[int], None]
    is_of_archive: bool = False


def _rewound(stream: BinaryIO) -> AbstractContextManager[BinaryIO]:
    stream.seek(0)
    return nullcontext(stream)


async def _import_archive(order: _Order, path: Path, stream: BinaryIO, report: FileReport) -> None:
    try:
        with open_archive(stream) as archive:
            for member in archive.members:
                name = name_of(member)
                part = FileReport(str(path))
                source = path.with_name(f"{path.name} {name.rpartition('/')[2]}")
                try:
                    await _import_source(order, source, part, partial(archive.open, member))
                except FeedError as error:
                    part.note_in_feed(error.finding)
                report.take_over(name, part)
    except FeedError as error:
        report.note_in_feed(error.finding)
    if not report.is_usable and not report.findings:
        reason = "there is no file in the archive"
        report.note(Finding(None, None, "ZIP", reason, rejects=True))


async def _import_source(order: _Order, path: Path, report: FileReport, opened: Opener) -> None:
    with opened() as stream:
        found = order.feed_format or detect(stream.read(HEAD_BYTES))
    if found is None:
        names = ", ".join(known.value for known in FeedFormat)
        reason = f"the content is none of {names}"
        report.note(Finding(1, None, "format", reason, rejects=True))
        return
    report.format = found.value
    if found in _NOT_IN_ARCHIVES and order.is_of_archive:
        reason = "names files that lie beside it: unpack the archive"
        report.note(Finding(1, None, "file", reason, rejects=True))
        return
    with opened() as stream:
        sha256 = await asyncio.to_thread(_sha256, stream)
    job = ImportJob(
        house=order.house,
        path=path,
        report=report,
        institution_key=order.institution_key,
        is_repeat=False,
        on_progress=order.on_progress,
    )
    with opened() as stream:
        await _run(job, stream, found, sha256)


async def _run(job: ImportJob, stream: BinaryIO, feed_format: FeedFormat, sha256: str) -> None:
    async with job.transaction() as session:
        if job.institution_key is not None:
            await require_institution(session, job.institution_key)
        run_id, job.is_repeat = await begin_run(
            session,
            file_name=job.path.name,
            feed_format=feed_format.value,
            institution_key=job.institution_key or "",
            sha256=sha256,
            now=job.now,
        )
    await _IMPORTERS[feed_format](job, stream)
    if not job.report.is_usable and not job.report.findings:
        reason = "there is no record in the file"
        job.report.note(Finding(1, None, None, reason, rejects=True))
    async with job.transaction() as session:
        await finish_run(session, run_id=run_id, report=job.report, now=job.now)
        await append_audit(
            session,
            actor=job.house.actor,
            action="feed.imported",
            subject=sha256,
            detail=_told(job.report),
            clock=job.house.clock,
        )


def _told(report: FileReport) -> Mapping[str, object]:
    return {
        "format": report.format,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "duplicates": report.duplicates,
        "findings": len(report.findings),
    }


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
