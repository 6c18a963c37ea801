"""Submissions for core systems that take files: batches that appear whole, each event once (M2)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import exists, select

from backend import database
from backend.models.institutions import Institution
from backend.models.submissions import Submission, SubmissionState
from backend.ports import CipherError, KeyMissingError
from backend.services import job_folders
from backend.services.audit import append_audit
from backend.services.core_delivery import TransmittingHouse
from backend.services.core_events import event_of, load_addressed
from backend.services.submission_states import advance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backend.settings import Settings

FOLDER = "core"
BATCH = 200

_log = logging.getLogger(__name__)


class FileWritingHouse(TransmittingHouse, Protocol):
    """What writing batches needs of the portal's wiring."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102


def folder_of(house: FileWritingHouse, institution_key: str) -> Path:
    """Return where an institution's core system fetches its batches."""
    return house.settings.data_dir / FOLDER / institution_key


async def write_core_files(house: FileWritingHouse) -> int:
    """Write what waits for core systems that take files, and return how many events that was.

    A run that dies loses nothing and repeats nothing: a batch is written aside, its submissions
    are marked in one transaction, then it appears under its name. What can't be read stays and is
    rerouted at its deadline.
    """
    written = 0
    for entry in house.group.institutions:
        if entry.core is None or entry.core.channel != "files":
            continue
        try:
            with job_folders.locked(folder_of(house, entry.key)):
                await _finish_batches(house, entry.key)
                written += await _write_waiting(house, entry.key)
        except job_folders.FolderBusyError:
            continue  # another worker is at it
    return written


async def _finish_batches(house: FileWritingHouse, key: str) -> None:
    """Bring to an end what a run that died left behind: committed appears, the rest goes."""
    folder = folder_of(house, key)
    for job in job_folders.unfinished_jobs(folder):
        async with database.reading(house.sessions) as session:
            is_committed = await session.scalar(select(exists().where(Submission.batch == job)))
        (job_folders.hand_over if is_committed else job_folders.discard)(folder, job)


async def _write_waiting(house: FileWritingHouse, key: str) -> int:
    written, after = 0, 0
    while waiting := await _list_waiting(house, key, after):
        after = waiting[-1].id
        readable, events = await _open_all(house, waiting)
        if events and await _write_batch(house, key, readable, events):
            written += len(events)
    return written


async def _list_waiting(house: FileWritingHouse, key: str, after: int) -> Sequence[Submission]:
    async with database.reading(house.sessions) as session:
        return (
            await session.scalars(
                select(Submission)
                .join(Institution, Institution.id == Submission.institution_id)
                .where(
                    Institution.key == key,
                    Submission.state == SubmissionState.RECEIVED,
                    Submission.id > after,
                )
                .order_by(Submission.id)
                .limit(BATCH)
            )
        ).all()


async def _open_all(
    house: FileWritingHouse, waiting: Sequence[Submission]
) -> tuple[list[Submission], list[dict[str, Any]]]:
    async with database.reading(house.sessions) as session:
        addressed = await load_addressed(session, waiting)
    readable, events = [], []
    for one in addressed:
        try:
            events.append(await event_of(house.cipher, one))
            readable.append(one.submission)
        except (CipherError, KeyMissingError) as error:
            _log.error(
                "submission_unreadable", extra={"submission": one.submission.uid}, exc_info=error
            )
    return readable, events


async def _write_batch(
    house: FileWritingHouse, key: str, waiting: Sequence[Submission], events: list[dict[str, Any]]
) -> bool:
    """Write a batch and tell whether it appeared; not if one of it was rerouted meanwhile."""
    folder = folder_of(house, key)
    job = f"{key}-{house.clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    await asyncio.to_thread(job_folders.write_part, folder, job, _files(house, job, key, events))
    async with database.writing(house.sessions) as session:
        locked = (
            await session.scalars(
                select(Submission)
                .where(Submission.id.in_([one.id for one in waiting]))
                .order_by(Submission.id)
                .with_for_update()
            )
        ).all()
        now = house.clock.now()
        is_whole = len(locked) == len(waiting) and all(
            one.state is SubmissionState.RECEIVED for one in locked
        )
        if is_whole:
            for one in locked:
                advance(session, one, SubmissionState.TRANSMITTED, at=now)
                one.batch = job
            await append_audit(
                session,
                actor=house.actor,
                action="submissions.written",
                subject=f"institution:{key}",
                detail={"batch": job, "events": len(events)},
                clock=house.clock,
            )
    (job_folders.hand_over if is_whole else job_folders.discard)(folder, job)
    return is_whole


def _files(
    house: FileWritingHouse, job: str, key: str, events: list[dict[str, Any]]
) -> dict[str, bytes]:
    """Return the files of a batch: events, amendments of mandates if any, and the manifest."""
    # Few houses need it: an XML writer that the others don't load.
    from backend.services.mandate_amendments import write_amendments  # noqa: PLC0415

    lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
    files = {"events.jsonl": lines.encode()}
    amendments = write_amendments(events)
    if amendments is not None:
        files["mandate-amendments.xml"] = amendments
    manifest = {
        "format": "kundenportal-core-batch/1",
        "batch": job,
        "institution": key,
        "writtenAt": house.clock.now().isoformat(),
        "events": len(events),
        "files": [
            {"file": name, "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        ],
    }
    return files | {"manifest.json": json.dumps(manifest, indent=1).encode()}
