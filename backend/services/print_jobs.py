"""Print jobs: letters reach the printers once what their codes open is in the database."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import exists, select

from backend import database
from backend.models.activation_codes import ActivationCode
from backend.models.print_orders import PrintOrder
from backend.models.recoveries import RecoveryLetter
from backend.services import job_folders, print_outbox
from backend.services.audit import append_audit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.group import Group
    from backend.policy import Policy
    from backend.services.print_outbox import PrintedLetter
    from backend.settings import Settings

FOLDER = "print"


class PrintingHouse(Protocol):
    """What writing letters needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102


def folder_of(house: PrintingHouse) -> Path:
    """Return the print outbox."""
    return house.settings.data_dir / FOLDER


async def finish_jobs(house: PrintingHouse) -> list[Path]:
    """Bring to an end what a run that died left behind: committed is printed, the rest is not."""
    folder, finished = folder_of(house), []
    for job in job_folders.unfinished_jobs(folder):
        is_committed = exists().where(ActivationCode.print_job == job)
        is_letter = exists().where(RecoveryLetter.print_job == job)
        is_document = exists().where(PrintOrder.print_job == job)
        async with database.reading(house.sessions) as session:
            has_letters = await session.scalar(select(is_committed | is_letter | is_document))
        if has_letters:
            finished.append(job_folders.hand_over(folder, job))
        else:
            job_folders.discard(folder, job)
    return finished


async def print_letters(
    house: PrintingHouse,
    letters: Sequence[PrintedLetter],
    *,
    institution_key: str,
    kind: str,
    action: str,
    keep: Callable[[AsyncSession, str], Awaitable[None]],
) -> Path:
    """Write letters as one job, commit what `keep` writes of it, then hand it over.

    A run that dies loses nothing: the next `finish_jobs` hands over what was committed and
    discards what was not. The audit log tells `action` and how many letters there were.
    """
    folder = folder_of(house)
    job = f"{institution_key}-{house.clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    await asyncio.to_thread(print_outbox.write_part, folder, job, kind, letters)
    async with database.writing(house.sessions) as session:
        await keep(session, job)
        await append_audit(
            session,
            actor=house.actor,
            action=action,
            subject=institution_key,
            detail={"print_job": job, "letters": len(letters)},
            clock=house.clock,
        )
    return job_folders.hand_over(folder, job)
