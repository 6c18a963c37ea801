"""Writing to an institution: a letter answered, a thread continued or begun (F84, F109, F83)."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError, NotFoundError
from backend.models.conversations import Conversation, Message, MessageSender
from backend.models.documents import Document
from backend.models.receipts import ReceiptKind
from backend.models.uploads import UploadPurpose
from backend.services.accepted_uploads import take_accepted
from backend.services.answered_requests import keep_answer, take_request
from backend.services.attempts import Limit, count_attempts
from backend.services.conversations import (
    find_conversation,
    find_conversation_about,
    find_message,
)
from backend.services.documents import find_document
from backend.services.institutions import load_institutions
from backend.services.message_attachments import attach
from backend.services.receipts import ReceiptHouse, Submission, issue_receipt
from backend.services.sealed_texts import seal_text
from backend.services.support_desk import is_support_request, tell_support_desk
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.database import Sessions
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore
    from backend.services.outbox import Outbox
    from backend.services.sessions import Viewer

LONGEST_TEXT = 5000
LONGEST_SUBJECT = 120
LONGEST_KEY = 64
LINES = "\n\t"


class MessagingHouse(ReceiptHouse, Protocol):
    """What sending needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def keys(self) -> KeyStore: ...  # noqa: D102
    @property
    def cipher(self) -> DocumentCipher: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


class Addressee(Value):
    """Where a message goes: one of a conversation, a letter to answer, or an institution."""

    conversation_id: int | None = None
    document_id: int | None = None
    institution_id: int | None = None
    subject: str = ""


class Draft(Value):
    """A message as the customer wrote it; `key` is the client's own for this sending."""

    to: Addressee
    text: str
    upload_ids: tuple[int, ...]
    key: str


async def send_message(house: MessagingHouse, *, viewer: Viewer, draft: Draft) -> Message:
    """Send a message, once per key; attachments become documents under "Gesendet" (F83).

    Answering a letter starts a conversation with its sender's institution or continues the one
    that was started so before (F109).

    Raises:
        InvalidInputError: text, subject or key can't be sent, or a file is not accepted (yet).
        NotFoundError: no such conversation, letter or institution for the viewer.
        ConflictError: the key was used for another message.
        TooManyAttemptsError: too many messages in a day.
    """
    problems = tuple(_problems_of(draft))
    if problems:
        raise InvalidInputError(*problems)
    await house.keys.create(viewer.customer_uid)
    message = await seal_message(house, viewer, draft.text.strip())
    async with database.writing(house.sessions) as session:
        answer_id = await take_request(
            session,
            customer_id=viewer.customer_id,
            key=draft.key,
            payload=_payload_of(draft),
            clock=house.clock,
        )
        if answer_id is not None:
            return await _sent_before(session, viewer, answer_id)
        uploads = await take_accepted(
            session,
            customer_id=viewer.customer_id,
            upload_ids=draft.upload_ids,
            purpose=UploadPurpose.MESSAGE,
            path=("attachments",),
            now=house.clock.now(),
        )
        conversation = await _conversation_for(session, house, viewer, draft.to)
        daily = house.policy.messages.per_account_per_day.on(berlin_today(house.clock))
        limit = Limit("message", str(viewer.id), daily, timedelta(days=1))
        await count_attempts(session, limit, clock=house.clock)
        conversation.last_message_at = message.sent_at
        message.conversation_id = conversation.id
        session.add(message)
        await session.flush()
        await attach(session, message, conversation, uploads, viewer=viewer, clock=house.clock)
        if await is_support_request(session, conversation.id):
            await tell_support_desk(session, house, conversation, message)
        await keep_answer(
            session, customer_id=viewer.customer_id, key=draft.key, answer_id=message.id
        )
        await _issue_receipt(session, house, viewer, conversation, draft.text.strip())
    return message


async def _issue_receipt(
    session: AsyncSession,
    house: MessagingHouse,
    viewer: Viewer,
    conversation: Conversation,
    text: str,
) -> None:
    """Issue the receipt (M1); what was written stays sealed, its hash alone stands in it."""
    found = await load_institutions(session, [conversation.institution_id])
    institution = found[conversation.institution_id]
    await issue_receipt(
        session,
        house,
        kind=ReceiptKind.SENT_MESSAGE,
        customer_id=viewer.customer_id,
        submission=Submission(
            word("receipt.message", viewer.locale, institution=institution.name),
            hashlib.sha256(text.encode()).hexdigest(),
        ),
    )


async def seal_message(house: MessagingHouse, viewer: Viewer, text: str) -> Message:
    """Return a customer's message without its conversation, before a transaction is open."""
    uid = uuid.uuid4().hex
    owner = viewer.customer_uid
    return Message(
        uid=uid,
        customer_id=viewer.customer_id,
        sender=MessageSender.CUSTOMER,
        text=await seal_text(house.cipher, owner=owner, place=f"message:{uid}", text=text),
        key_owner=owner,
        sent_at=house.clock.now(),
    )


async def _sent_before(session: AsyncSession, viewer: Viewer, message_id: int) -> Message:
    message = await find_message(session, customer_id=viewer.customer_id, message_id=message_id)
    if message is None:
        raise NotFoundError
    return message


async def _conversation_for(
    session: AsyncSession, house: MessagingHouse, viewer: Viewer, to: Addressee
) -> Conversation:
    customer_id = viewer.customer_id
    if to.conversation_id is not None:
        known = await find_conversation(
            session, customer_id=customer_id, conversation_id=to.conversation_id
        )
        if known is None:
            raise NotFoundError
        return known
    if to.document_id is not None:
        return await _answering(session, house, viewer, to.document_id)
    institution_id = to.institution_id or 0
    if institution_id not in await load_institutions(session, [institution_id]):
        raise NotFoundError
    return await start_conversation(session, house, viewer, institution_id, to.subject.strip())


async def _answering(
    session: AsyncSession, house: MessagingHouse, viewer: Viewer, document_id: int
) -> Conversation:
    letter = await find_document(
        session,
        customer_id=viewer.customer_id,
        document_id=document_id,
        now=house.clock.now(),
    )
    if letter is None:
        raise NotFoundError
    # Two answers at once start one conversation.
    await session.execute(select(Document.id).where(Document.id == letter.id).with_for_update())
    known = await find_conversation_about(
        session, customer_id=viewer.customer_id, document_id=document_id
    )
    if known is not None:
        return known
    return await start_conversation(
        session, house, viewer, letter.institution_id, letter.subject, document_id=document_id
    )


async def start_conversation(
    session: AsyncSession,
    house: MessagingHouse,
    viewer: Viewer,
    institution_id: int,
    subject: str,
    *,
    document_id: int | None = None,
) -> Conversation:
    """Begin a conversation of the viewer, its subject sealed; nothing is written in it yet."""
    uid = uuid.uuid4().hex
    now = house.clock.now()
    owner = viewer.customer_uid
    conversation = Conversation(
        uid=uid,
        customer_id=viewer.customer_id,
        institution_id=institution_id,
        document_id=document_id,
        subject=await seal_text(
            house.cipher, owner=owner, place=f"conversation:{uid}", text=subject
        ),
        key_owner=owner,
        started_at=now,
        last_message_at=now,
    )
    session.add(conversation)
    await session.flush()
    return conversation


def _problems_of(draft: Draft) -> Iterator[FieldProblem]:
    is_new = draft.to.conversation_id is None and draft.to.document_id is None
    if is_new:
        yield from text_problems(("to", "subject"), draft.to.subject, LONGEST_SUBJECT, allowed="")
    yield from text_problems(("text",), draft.text, LONGEST_TEXT, allowed=LINES)
    yield from text_problems(("idempotencyKey",), draft.key, LONGEST_KEY, allowed="")


def text_problems(
    path: tuple[str, ...], value: str, longest: int, *, allowed: str
) -> Iterator[FieldProblem]:
    """Yield what is wrong with a text: none, too long, or characters that nobody sees."""
    if not value.strip():
        yield FieldProblem(path, "field.required")
    elif len(value) > longest:
        yield FieldProblem(path, "field.too_long")
    elif not all(one.isprintable() or one in allowed for one in value.replace("\r\n", "\n")):
        yield FieldProblem(path, "field.not_printable")


def _payload_of(draft: Draft) -> dict[str, object]:
    to = draft.to
    return {
        "to": [to.conversation_id, to.document_id, to.institution_id, to.subject],
        "text": draft.text,
        "uploads": draft.upload_ids,
    }
