"""The outbox: mails and short messages are written with the change that causes them."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, event, select, update

from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.services.letters import letter_as_json, letter_from_json
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.group import Group, Trustee
    from backend.models.user_accounts import Locale
    from backend.ports import Sealer
    from backend.services.letters import PrintableLetter

_NUDGES = "outbox_nudges_worker"
# Entries of a mail's payload that few mails have.
_LETTER = "letter"
_FILE_NAME = "file_name"
OUTLIVES_ACCOUNT = "outlives_account"
_FAREWELLS_WAIT = timedelta(days=30)


class Outbox(Value):
    """What putting something into the outbox needs of the portal's wiring."""

    sealer: Sealer
    clock: Clock
    group: Group
    public_url: str
    work_waits: asyncio.Event


class Farewell(Value):
    """A letter that a mail carries signed, to somebody who has left: nothing may keep it.

    The PDF is made when the mail is handed over. The deletion of the account does not take the mail
    back, and what can't be delivered within a month is forgotten.
    """

    letter: PrintableLetter
    file_name: str


async def enqueue(
    session: AsyncSession,
    outbox: Outbox,
    topic: OutboxTopic,
    payload: Mapping[str, str],
    *,
    expires_at: datetime | None = None,
    message_id: str | None = None,
) -> str:
    """Put a message into the outbox and return its stable id: the one given, or a new one.

    It leaves the house once the transaction has committed, at least once, always under this id.
    The payload is sealed and bound to the id; after `expires_at` it is not sent any more.

    Raises:
        KeyStoreUnavailableError: the payload could not be sealed; the transaction must fail.
    """
    message_id = message_id or uuid.uuid4().hex
    now = outbox.clock.now()
    session.add(
        OutboxMessage(
            message_id=message_id,
            topic=topic,
            payload=await outbox.sealer.seal(
                json.dumps(payload).encode(), _sealing_context(message_id)
            ),
            created_at=now,
            available_at=now,
            expires_at=expires_at,
            attempts=0,
        )
    )
    await session.flush()
    nudge_worker_after_commit(session, outbox)
    return message_id


async def enqueue_sms(
    session: AsyncSession, outbox: Outbox, *, phone_number: str, text: str, expires_at: datetime
) -> str:
    """Send a short message to a number (E.164)."""
    payload = {"phone_number": phone_number, "text": text}
    return await enqueue(session, outbox, OutboxTopic.SMS, payload, expires_at=expires_at)


async def enqueue_mail(
    session: AsyncSession,
    outbox: Outbox,
    *,
    email_address: str,
    subject: str,
    text: str,
    farewell: Farewell | None = None,
) -> str:
    """Send a mail in the name of the trustee."""
    payload = {"email_address": email_address, "subject": subject, "text": text}
    if farewell is None:
        return await enqueue(session, outbox, OutboxTopic.MAIL, payload)
    return await enqueue(
        session,
        outbox,
        OutboxTopic.MAIL,
        payload
        | {
            _LETTER: json.dumps(letter_as_json(farewell.letter)),
            _FILE_NAME: farewell.file_name,
            OUTLIVES_ACCOUNT: "yes",
        },
        expires_at=outbox.clock.now() + _FAREWELLS_WAIT,
    )


async def enqueue_worded_mail(
    session: AsyncSession,
    outbox: Outbox,
    key: str,
    *,
    email_address: str,
    locale: Locale,
    farewell: Farewell | None = None,
    **values: object,
) -> str:
    """Send the mail whose texts are `mail.<key>_subject` and `mail.<key>_text`."""
    filled = {
        "group": outbox.group.name,
        "url": outbox.public_url,
        "trustee": outbox.group.trustee.name,
        "sender": outbox.group.trustee.email_address,
        "phone": outbox.group.customer_service.phone,
    } | values
    return await enqueue_mail(
        session,
        outbox,
        email_address=email_address,
        subject=word(f"mail.{key}_subject", locale, **filled),
        text=word(f"mail.{key}_text", locale, **filled),
        farewell=farewell,
    )


async def list_dead_letters(session: AsyncSession) -> Sequence[OutboxMessage]:
    """Return the messages that were given up, oldest first; `last_error` says why."""
    return (
        await session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.delivered_at.is_(None), OutboxMessage.dead_at.is_not(None))
            .order_by(OutboxMessage.dead_at, OutboxMessage.id)
        )
    ).all()


async def open_payload(sealer: Sealer, *, message_id: str, payload: bytes) -> dict[str, str]:
    """Unseal a payload.

    Raises:
        CipherError: it was changed or belongs to another message.
        KeyStoreUnavailableError: not now.
    """
    content: Any = json.loads(await sealer.unseal(payload, _sealing_context(message_id)))
    return dict(content)


def letter_in(payload: Mapping[str, str]) -> PrintableLetter | None:
    """Return the letter that a mail carries, if it does."""
    return letter_from_json(json.loads(payload[_LETTER])) if _LETTER in payload else None


def build_mail(
    payload: Mapping[str, str],
    *,
    message_id: str,
    created_at: datetime,
    trustee: Trustee,
    pdf: bytes | None = None,
) -> EmailMessage:
    """Build a mail from the trustee (F26); repetitions carry the same Message-ID and Date."""
    mail = EmailMessage()
    sender = Address(trustee.name, addr_spec=trustee.email_address)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=payload["email_address"])
    mail["Subject"] = payload["subject"]
    mail["Date"] = created_at
    mail["Message-ID"] = f"<{message_id}@{sender.domain}>"
    # RFC 3834: nobody's absence notice answers it.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(payload["text"])
    if pdf is not None:
        mail.add_attachment(
            pdf, maintype="application", subtype="pdf", filename=payload[_FILE_NAME]
        )
    return mail


async def forget_messages_to(
    session: AsyncSession,
    sealer: Sealer,
    *,
    contacts: frozenset[str],
    customer_ids: Collection[int],
) -> int:
    """Delete what waits for, or was given up on, somebody who left: by address, number or id.

    SQLite may give the id to somebody else. Payloads are sealed, so each is opened; there are few
    that are not delivered, and those that are have no payload any more.
    """
    waiting = await session.stream(
        select(OutboxMessage.id, OutboxMessage.message_id, OutboxMessage.payload)
        .where(OutboxMessage.delivered_at.is_(None))
        .order_by(OutboxMessage.id)
        .execution_options(yield_per=500)
    )
    ids = {str(customer_id) for customer_id in customer_ids}
    theirs = []
    async for row_id, message_id, payload in waiting:
        if payload:
            content = await open_payload(sealer, message_id=message_id, payload=payload)
            is_named = content.get("customer") in ids or contacts.intersection(content.values())
            if is_named and OUTLIVES_ACCOUNT not in content:
                theirs.append(row_id)
    await session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(theirs)))
    return len(theirs)


async def forget_expired_payloads(session: AsyncSession, *, clock: Clock) -> None:
    """Empty what was given up once it is of no use to its recipient any more."""
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.dead_at.is_not(None),
            OutboxMessage.expires_at < clock.now(),
            OutboxMessage.payload != b"",
        )
        .values(payload=b"")
    )


def _sealing_context(message_id: str) -> bytes:
    return f"outbox:{message_id}".encode()


def nudge_worker_after_commit(session: AsyncSession, outbox: Outbox) -> None:
    """Wake the worker beside once the transaction has committed."""
    # Once per session: an import enqueues thousands of notices through one.
    if _NUDGES not in session.info:
        session.info[_NUDGES] = outbox.work_waits
        event.listen(session.sync_session, "after_commit", _nudge)


def _nudge(session: Any) -> None:
    session.info[_NUDGES].set()
