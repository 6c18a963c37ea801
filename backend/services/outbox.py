"""The outbox: mails and short messages are written with the change that causes them."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select

from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.wording import word

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.group import Group, Trustee
    from backend.models.user_accounts import Locale, UserAccount
    from backend.ports import Sealer

_NUDGES = "outbox_nudges_worker"


@dataclass(frozen=True, slots=True)
class Outbox:
    """What putting something into the outbox needs of the portal's wiring."""

    sealer: Sealer
    clock: Clock
    group: Group
    public_url: str
    work_waits: asyncio.Event


async def enqueue(
    session: AsyncSession,
    outbox: Outbox,
    topic: OutboxTopic,
    payload: Mapping[str, str],
    *,
    expires_at: datetime | None = None,
) -> str:
    """Put a message into the outbox and return its stable id.

    It leaves the house once the transaction has committed, at least once, always under this id.
    The payload is sealed and bound to the id; after `expires_at` it is not sent any more.

    Raises:
        KeyStoreUnavailableError: the payload could not be sealed; the transaction must fail.
    """
    message_id = uuid.uuid4().hex
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
    _nudge_worker_after_commit(session, outbox)
    return message_id


async def enqueue_sms(
    session: AsyncSession, outbox: Outbox, *, phone_number: str, text: str, expires_at: datetime
) -> str:
    """Send a short message to a number (E.164)."""
    payload = {"phone_number": phone_number, "text": text}
    return await enqueue(session, outbox, OutboxTopic.SMS, payload, expires_at=expires_at)


async def enqueue_mail(
    session: AsyncSession, outbox: Outbox, *, email_address: str, subject: str, text: str
) -> str:
    """Send a mail in the name of the trustee."""
    payload = {"email_address": email_address, "subject": subject, "text": text}
    return await enqueue(session, outbox, OutboxTopic.MAIL, payload)


async def enqueue_notice(
    session: AsyncSession, outbox: Outbox, *, account: UserAccount, locale: Locale
) -> str:
    """Tell a customer that a new document waits in the postbox (F24-F26).

    The mail says nothing about the letter, points to the spam folder and comes from the trustee.
    """
    return await enqueue_worded_mail(
        session, outbox, "notice", email_address=account.email_address, locale=locale
    )


async def enqueue_worded_mail(
    session: AsyncSession,
    outbox: Outbox,
    key: str,
    *,
    email_address: str,
    locale: Locale,
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


def build_mail(
    payload: Mapping[str, str], *, message_id: str, created_at: datetime, trustee: Trustee
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
    return mail


def _sealing_context(message_id: str) -> bytes:
    return f"outbox:{message_id}".encode()


def _nudge_worker_after_commit(session: AsyncSession, outbox: Outbox) -> None:
    # Once per session: an import enqueues thousands of notices through one.
    if _NUDGES not in session.info:
        session.info[_NUDGES] = outbox.work_waits
        event.listen(session.sync_session, "after_commit", _nudge)


def _nudge(session: Any) -> None:
    session.info[_NUDGES].set()
