"""What is there after kills in the middle of everything: all that was promised, and once."""

from __future__ import annotations

import asyncio
import hashlib
import io
import itertools
import json
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PIL import Image
from sqlalchemy import func, or_, select

from backend.adapters.objects_disk import DiskObjects
from backend.ids import encode_id
from backend.models.answered_requests import AnsweredRequest
from backend.models.conversations import Conversation, Message, MessageAttachment
from backend.models.documents import Document, DocumentDirection
from backend.models.notices import Notice
from backend.models.outbox import OutboxMessage
from backend.models.receipts import Receipt, ReceiptEntry
from backend.models.uploads import Upload
from backend.services.conversations import text_of
from backend.services.documents import ORPHAN_AFTER, delete_orphans, open_content

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from attack.tally import Tally
    from attack.target import Target
    from backend.models.user_accounts import UserAccount

_DAYS = 2 * 24 * 3600


@dataclass
class Made:
    """What the attack did, and what the portal said it has."""

    accounts: list[UserAccount] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """What was written, by idempotency key."""
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Ids of messages that were acknowledged, by key."""
    photos: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Size in pixels of the photo that went with a message, by key; no two are alike."""
    widths: Iterator[int] = field(default_factory=itertools.count)
    letters: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each letter that was handed in, by its id at the institution."""
    attempts: int = 0
    strange: list[str] = field(default_factory=list)
    """Answers that nobody should get, and keys that were answered in two ways."""
    kills: dict[str, int] = field(default_factory=lambda: {"web": 0, "worker": 0})


async def judge(
    target: Target, tally: Tally, made: Made, mails: list[EmailMessage], folder: Path
) -> None:
    """Look at everything once both sides are at rest."""
    tally.bound(f"{len(made.strange)} answers nobody should get", holds=not made.strange)
    for one in made.strange[:3]:
        tally.count(one)
    await _judge_messages(target, tally, made)
    await _judge_photos(target, tally, made)
    await _judge_letters(target, tally, made)
    _judge_deliveries(tally, made, folder)
    await _judge_mails(target, tally, mails)
    await _judge_rows(target, tally)
    await _judge_objects(target, tally)


async def _judge_messages(target: Target, tally: Tally, made: Made) -> None:
    async with target.transaction() as session:
        rows = list(await session.scalars(select(Message)))
    texts = {encode_id("Message", row.id): await text_of(target.house.cipher, row) for row in rows}
    lost = [key for key, uid in made.acknowledged.items() if texts.get(uid) != made.texts[key]]
    told = len(made.acknowledged)
    tally.bound(f"{len(lost)} of {told} acknowledged messages lost or changed", holds=not lost)
    doubled = len(texts) - len(set(texts.values()))
    tally.bound(f"{doubled} messages doubled", holds=not doubled)
    written = set(made.texts.values())
    strange = [uid for uid, text in texts.items() if text not in written]
    tally.bound(f"{len(strange)} messages that nobody wrote", holds=not strange)


async def _judge_photos(target: Target, tally: Tally, made: Made) -> None:
    """Each photo lies under "Gesendet" once, with its message; its pixels tell which it is."""
    query = (
        select(Message.id, Document)
        .join_from(MessageAttachment, Message, MessageAttachment.message_id == Message.id)
        .join(Document, MessageAttachment.document_id == Document.id)
    )
    async with target.transaction() as session:
        rows = (await session.execute(query)).all()
        sent = await session.scalar(
            select(func.count(Document.id)).where(Document.direction == DocumentDirection.OUTGOING)
        )
    keys = {uid: key for key, uid in made.acknowledged.items()}
    found: Counter[str] = Counter()
    strange = 0
    for message_id, document in rows:
        content = await _content_of(target, document)
        key = keys.get(encode_id("Message", message_id), "")
        found[key] += 1
        strange += Image.open(io.BytesIO(content)).size != made.photos.get(key)
    told = [key for key in made.photos if key in made.acknowledged]
    lost = sum(found[key] != 1 for key in told)
    tally.bound(f"{lost} of {len(told)} acknowledged photos lost or doubled", holds=not lost)
    tally.bound(f"{strange} photos with another message", holds=not strange)
    alone = (sent or 0) - len(rows)
    tally.bound(f"{alone} photos filed without a message", holds=not alone)


async def _content_of(target: Target, document: Document) -> bytes:
    chunks = await open_content(target.house, document)
    return b"".join([chunk async for chunk in chunks])


async def _judge_letters(target: Target, tally: Tally, made: Made) -> None:
    """Fetch every letter as its customer does."""
    tokens = {one.customer_id: await target.sign_in(one) for one in made.accounts}
    async with target.transaction() as session:
        came = select(Document).where(Document.direction == DocumentDirection.INCOMING)
        rows = (await session.scalars(came.order_by(Document.id))).all()
    found: Counter[str] = Counter(row.external_id for row in rows)
    turns = asyncio.Semaphore(8)

    async def fetch(row: Document) -> bool:
        path = f"/documents/{encode_id('Document', row.id)}/{row.file_name}"
        headers = {"Authorization": f"Bearer {tokens[row.customer_id]}"}
        async with turns:
            response = await target.client.get(path, headers=headers)
        whole = hashlib.sha256(response.content).hexdigest()
        return response.is_success and whole == made.letters[row.external_id] == row.sha256

    unread = (await asyncio.gather(*(fetch(row) for row in rows))).count(False)
    lost = [name for name in made.letters if not found[name]]
    tally.bound(f"{len(lost)} of {len(made.letters)} letters lost", holds=not lost)
    tally.bound(f"{unread} letters that don't come back byte by byte", holds=not unread)
    twice = sum(count > 1 for count in found.values())
    tally.bound(f"{twice} letters doubled", holds=not twice)


def _judge_deliveries(tally: Tally, made: Made, folder: Path) -> None:
    """Each delivery was put aside, with a report in which nothing was rejected."""
    reports = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (folder / "done").rglob("*.report.json")
    ]
    told = sum(one["accepted"] + one["duplicates"] for one in reports)
    again = sum(one["duplicates"] for one in reports)
    tally.count(f"{len(reports)} deliveries put aside; {again} letters were there already")
    rejected = sum(one["rejected"] for one in reports)
    is_whole = told == len(made.letters) and not rejected and not (folder / "failed").exists()
    tally.bound("every delivery was reported as taken", holds=is_whole)


async def _judge_mails(target: Target, tally: Tally, mails: list[EmailMessage]) -> None:
    async with target.transaction() as session:
        notices = list(await session.scalars(select(Notice)))
    to = {f"<{one.message_id}@{_domain(target)}>": one.email_address for one in notices}
    came = Counter(str(mail["Message-ID"]) for mail in mails)
    contents = {(str(mail["Message-ID"]), mail.as_bytes()) for mail in mails}
    lost = [one for one in to if not came[one]]
    tally.bound(f"{len(lost)} of {len(to)} announcements not mailed", holds=not lost)
    strange = [
        mail for mail in mails if to.get(str(mail["Message-ID"])) != str(mail["To"]).strip("<>")
    ]
    tally.bound(f"{len(strange)} mails of no announcement", holds=not strange)
    again = len(mails) - len(came)
    tally.bound(
        f"{again} mails came again, each as it was, under its Message-ID",
        holds=len(contents) == len(came),
    )
    unsaid = sum(one.announced_at is None or one.failed_at is not None for one in notices)
    tally.bound(f"{unsaid} announcements without a time, or failed", holds=not unsaid)


def _domain(target: Target) -> str:
    return target.house.group.trustee.email_address.partition("@")[2]


async def _judge_rows(target: Target, tally: Tally) -> None:
    """Count what only half a transaction leaves behind, and what waits."""
    halves = {
        "conversations without a message": select(func.count(Conversation.id)).where(
            ~select(Message.id).where(Message.conversation_id == Conversation.id).exists()
        ),
        "requests without an answer": select(func.count(AnsweredRequest.id)).where(
            AnsweredRequest.answer_id.is_(None)
        ),
        "letters without an announcement": select(func.count(Document.id)).where(
            Document.direction == DocumentDirection.INCOMING,
            ~select(Notice.id).where(Notice.document_id == Document.id).exists(),
        ),
        "messages of the outbox open, dead or with content": select(
            func.count(OutboxMessage.id)
        ).where(
            or_(
                OutboxMessage.delivered_at.is_(None),
                OutboxMessage.dead_at.is_not(None),
                OutboxMessage.payload != b"",
            )
        ),
    }
    async with target.transaction() as session:
        for what, query in halves.items():
            count = await session.scalar(query) or 0
            tally.bound(f"{count} {what}", holds=not count)
        messages = await session.scalar(select(func.count(Message.id)))
        receipts = await session.scalar(select(func.count(Receipt.id)))
        entries, last = (
            await session.execute(
                select(func.count(ReceiptEntry.position), func.max(ReceiptEntry.position))
            )
        ).one()
    is_whole = messages == receipts == entries == (last or 0) + 1
    tally.bound(f"{receipts} receipts, one for each message, no gap in the log", holds=is_whole)


async def _judge_objects(target: Target, tally: Tally) -> None:
    house = target.house
    drafts = house.settings.data_dir / "objects" / ".drafts"
    before = len([info async for info in house.objects.list()])
    left = list(drafts.iterdir())
    now = datetime.now(UTC) + ORPHAN_AFTER + timedelta(minutes=1)
    orphans = await delete_orphans(house.sessions, house.objects, now=now)
    for draft in left:
        os.utime(draft, (time.time() - _DAYS, time.time() - _DAYS))
    async with DiskObjects(house.settings.data_dir / "objects"):
        pass  # it tidies up when it is opened
    tally.count(f"{before} objects: {orphans} orphans and {len(left)} drafts cleared away")
    async with target.transaction() as session:
        known = set(await session.scalars(select(Document.object_key)))
        # Accepted and never used, as the answer that named them was lost: they expire.
        # One that was refused lies nowhere.
        kept_key = Upload.object_key.is_not(None)
        known |= set(await session.scalars(select(Upload.object_key).where(kept_key)))
    kept = {info.key async for info in house.objects.list()}
    is_clean = kept == known and not list(drafts.iterdir())
    tally.bound(
        f"{len(kept - known)} objects without a row, {len(known - kept)} rows without one",
        holds=is_clean,
    )
