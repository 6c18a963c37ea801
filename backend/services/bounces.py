"""Bounces: notices that came back after a mail server had taken them."""

from __future__ import annotations

import asyncio
import enum
import logging
from typing import TYPE_CHECKING, Protocol

from backend import database
from backend.feeds.delivery_reports import LARGEST, ReportedAction, read_delivery_report
from backend.models.notices import NoticeFailure
from backend.services.notices import is_notice, note_failed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backend.database import Sessions
    from backend.services.outbox import Outbox
    from backend.settings import Settings

BATCH = 50

_log = logging.getLogger(__name__)


class BounceHouse(Protocol):
    """What reading bounces needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102


class Bounce(enum.Enum):
    """What a mail in the trustee's mailbox turned out to be."""

    FAILED = "the notice failed"
    KNOWN = "known to have failed"
    DELAYED = "delayed or delivered: no failure"
    UNMATCHED = "about no notice of ours"
    NO_REPORT = "no delivery report"

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to look at it any more."""
        return self in {Bounce.FAILED, Bounce.KNOWN, Bounce.DELAYED}


async def take_bounce(house: BounceHouse, content: bytes) -> Bounce:
    """Read a mail, and if it reports that a notice of ours failed, write that (DOMAIN.md, Postbox).

    A report counts if it brings back our Message-ID, whose 122 random bits only the recipient and
    the servers on the way know; who claims to send it, and to whom, counts for nothing.

    Raises:
        KeyStoreUnavailableError: again later; nothing was written.
    """
    report = await asyncio.to_thread(read_delivery_report, content)
    if report is None:
        return Bounce.NO_REPORT
    async with database.writing(house.sessions) as session:
        if report.message_id is None or not await is_notice(session, report.message_id):
            return Bounce.UNMATCHED
        if report.action is not ReportedAction.FAILED:
            return Bounce.DELAYED
        is_new = await note_failed(
            session,
            house.outbox,
            report.message_id,
            failure=NoticeFailure.BOUNCED,
            detail=report.status or report.action.value,
        )
    return Bounce.FAILED if is_new else Bounce.KNOWN


async def take_waiting(house: BounceHouse) -> int:
    """Read some of the new mails of the maildir KUNDENPORTAL_BOUNCE_MAILDIR; return how many.

    Settled reports move to cur/ as seen. Everything else moves there unseen: it is somebody's
    answer, or a report that nobody can match, and a person should look at it. A run that dies
    reads a mail again, which changes nothing.
    """
    maildir = house.settings.bounce_maildir
    if maildir is None:
        return 0
    waiting = await asyncio.to_thread(_list_new, maildir)
    for path in waiting:
        bounce = await take_bounce(house, await asyncio.to_thread(read_start, path))
        await asyncio.to_thread(_put_aside, maildir, path, is_seen=bounce.is_settled)
        level = logging.INFO if bounce.is_settled else logging.WARNING
        _log.log(level, "bounce_taken", extra={"outcome": bounce.name, "file": path.name})
    return len(waiting)


def read_start(path: Path) -> bytes:
    """Return as much of a mail as is ever looked at."""
    with path.open("rb") as stream:
        return stream.read(LARGEST)


def _list_new(maildir: Path) -> Sequence[Path]:
    folder = maildir / "new"
    if not folder.is_dir():
        return []
    # No links: they lead anywhere, and nothing that is no file: reading it may never end.
    found = (path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    return sorted(found)[:BATCH]


def _put_aside(maildir: Path, path: Path, *, is_seen: bool) -> None:
    folder = maildir / "cur"
    folder.mkdir(exist_ok=True)
    path.rename(folder / f"{path.name.partition(':')[0]}:2,{'S' if is_seen else ''}")
