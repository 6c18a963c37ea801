"""Answers of core systems that come as files: applied as those that come by HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from backend.errors import ConflictError, NotFoundError
from backend.feeds.acknowledgements_jsonl import read_acknowledgements
from backend.feeds.findings import Finding
from backend.services.acknowledgements import acknowledge

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.acknowledgement_records import Acknowledgement
    from backend.services.imports.job import ImportJob

_ANSWERS = 100


async def import_acknowledgements(job: ImportJob, stream: BinaryIO) -> None:
    """Apply the answers of one institution's core system, in the order of the file (M2).

    The operator, or the folder, says whose file it is; answers to submissions of others are
    findings, as are those that contradict an earlier one.
    """
    key = job.institution_key
    if key is None:
        reason = "say whose answers these are: --institution, or a folder with its key"
        job.report.note(Finding(None, None, "institution", reason, rejects=True))
        return
    async for batch in job.batches(stream, read_acknowledgements(stream), _ANSWERS):
        async with job.transaction() as session:
            for item in batch:
                if isinstance(item, Finding):
                    job.report.note_in_feed(item)
                else:
                    await _apply(session, job, key, item)


async def _apply(session: AsyncSession, job: ImportJob, key: str, answer: Acknowledgement) -> None:
    try:
        has_changed = await acknowledge(session, job.house, institution_key=key, answer=answer)
    except NotFoundError:
        _reject(job, answer, "submission", "this institution has no such submission")
    except ConflictError:
        _reject(job, answer, "outcome", "it was answered the other way before")
    else:
        job.report.accepted += has_changed
        job.report.duplicates += not has_changed


def _reject(job: ImportJob, answer: Acknowledgement, field: str, reason: str) -> None:
    job.report.note_in_feed(
        Finding(answer.line, f"line {answer.line}", field, reason, rejects=True)
    )
