"""Post that comes once people have user accounts: announced, and one notice comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.demo.letters import late_letters, write_letters
from backend.demo.personas import HEDWIG
from backend.models.notices import Notice
from backend.services.imports import import_file

if TYPE_CHECKING:
    from pathlib import Path

    from backend.house import House
    from backend.services.imports import FileReport

MAILDIR = "mailbox"
# Behind those of the letters that came before.
_FIRST_NUMBER = 901
_BOUNCE = """\
From: MAILER-DAEMON@mx.musterland.example (Mail Delivery System)
To: {sender}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{message_id}"

--{message_id}
Content-Type: text/plain; charset=utf-8

<{recipient}>: 550 5.1.1 User unknown

--{message_id}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.musterland.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1

--{message_id}
Content-Type: text/rfc822-headers

From: {sender}
To: {recipient}
Message-ID: <{message_id}@{domain}>

--{message_id}--
"""


async def deliver_late_post(house: House) -> list[FileReport]:
    """Import the letters; the notice to Hedwig comes back to the trustee's mailbox."""
    reports = []
    for key in dict.fromkeys(letter.institution for letter in late_letters()):
        folder = house.settings.data_dir / "feeds" / key / "late"
        write_letters(folder, key, late_letters(), first_number=_FIRST_NUMBER)
        manifest = folder / "manifest.json"
        reports.append(await import_file(house, manifest, institution_key=key))
    if house.settings.bounce_maildir is not None:
        await _send_back(house, house.settings.bounce_maildir)
    return reports


async def _send_back(house: House, maildir: Path) -> None:
    async with database.reading(house.sessions) as session:
        statement = select(Notice.message_id).where(Notice.email_address == HEDWIG.email)
        message_id = (await session.scalars(statement)).one()
    sender = house.group.trustee.email_address
    new = maildir / "new"
    new.mkdir(parents=True, exist_ok=True)
    bounce = _BOUNCE.format(
        sender=sender,
        recipient=HEDWIG.email,
        message_id=message_id,
        domain=sender.rpartition("@")[2],
    )
    (new / message_id).write_text(bounce, encoding="utf-8")
