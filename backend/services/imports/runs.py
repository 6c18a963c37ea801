"""The row of an import: begun before the first record, finished with counts and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from backend.models.imports import ImportFinding, ImportRun

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.report import FileReport


async def begin_run(  # what a run is known by
    session: AsyncSession,
    *,
    file_name: str,
    feed_format: str,
    institution_key: str,
    sha256: str,
    now: datetime,
) -> tuple[int, bool]:
    """Return the id of the file's run and whether the same content was read to its end before."""
    run = (
        await session.scalars(
            select(ImportRun).where(
                ImportRun.sha256 == sha256,
                ImportRun.feed_format == feed_format,
                ImportRun.institution_key == institution_key,
            )
        )
    ).one_or_none()
    if run is None:
        run = ImportRun(
            sha256=sha256,
            feed_format=feed_format,
            institution_key=institution_key,
            records=0,
            accepted=0,
            rejected=0,
            duplicates=0,
        )
        session.add(run)
    is_repeat = run.finished_at is not None
    run.file_name = file_name
    if not is_repeat:
        run.started_at = now
    await session.flush()
    return run.id, is_repeat


async def finish_run(
    session: AsyncSession, *, run_id: int, report: FileReport, now: datetime
) -> None:
    """Write counts and findings; those of an earlier reading of the same file are replaced."""
    run = await session.get_one(ImportRun, run_id)
    run.records = report.records
    run.accepted = report.accepted
    run.rejected = report.rejected
    run.duplicates = report.duplicates
    run.finished_at = now
    await session.execute(delete(ImportFinding).where(ImportFinding.import_run_id == run_id))
    rows = [
        {
            "import_run_id": run_id,
            "line": finding.line,
            "record": finding.record,
            "field": finding.field,
            "reason": finding.reason,
        }
        for finding in report.findings
    ]
    if rows:
        await session.execute(insert(ImportFinding), rows)
