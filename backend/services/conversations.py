"""Conversations as the customer reads them: listed, opened, marked as read (F84)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, tuple_, update

from backend.errors import NotFoundError
from backend.models.conversations import Conversation, Message, MessageAttachment, MessageSender
from backend.models.documents import Document
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.services.sealed_texts import unseal_text
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.ports import DocumentCipher


class ConversationFilter(Value):
    """Conditions that add up."""

    document_id: int | None = None


_OF_CUSTOMER = Conversation.customer_id == bindparam("customer_id")
_PLACE = tuple_(Conversation.last_message_at, Conversation.id)
_AFTER = tuple_(
    bindparam("after_at", type_=Conversation.last_message_at.type),
    bindparam("after_id", type_=Conversation.id.type),
)
_LIST = (
    select(Conversation)
    .where(_OF_CUSTOMER)
    .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    .limit(bindparam("most"))
)
_COUNT = select(func.count(Conversation.id)).where(_OF_CUSTOMER)
_MESSAGE_PLACE = tuple_(Message.sent_at, Message.id)
_MESSAGES = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation_id"))
    .order_by(Message.sent_at.desc(), Message.id.desc())
    .limit(bindparam("most"))
)
_IS_UNREAD = (Message.sender == MessageSender.INSTITUTION, Message.read_at.is_(None))


async def list_conversations(
    session: AsyncSession,
    *,
    customer_id: int,
    wanted: ConversationFilter,
    first: int,
    after: str | None = None,
) -> Page[Conversation]:
    """Return a page of the customer's conversations, the one written in last first.

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    values: dict[str, object] = {"customer_id": customer_id}
    paging = values | {"most": first + 1}
    statement, count = _LIST, _COUNT
    if wanted.document_id is not None:
        statement = statement.where(Conversation.document_id == wanted.document_id)
        count = count.where(Conversation.document_id == wanted.document_id)
    if after is not None:
        at, after_id = decode_cursor(after, datetime, int)
        paging |= {"after_at": at, "after_id": after_id}
        statement = statement.where(_PLACE < _AFTER)
    rows = (await session.scalars(statement, paging)).all()
    total = await session.scalar(count, values) or 0
    return page_of(
        rows, first=first, total_count=total, key=lambda row: (row.last_message_at, row.id)
    )


async def find_conversation(
    session: AsyncSession, *, customer_id: int, conversation_id: int
) -> Conversation | None:
    """Return a conversation of the customer by id; else None."""
    found = select(Conversation).where(_OF_CUSTOMER, Conversation.id == conversation_id)
    return (await session.scalars(found, {"customer_id": customer_id})).one_or_none()


async def find_conversation_about(
    session: AsyncSession, *, customer_id: int, document_id: int
) -> Conversation | None:
    """Return the customer's conversation about a letter; else None."""
    found = select(Conversation).where(_OF_CUSTOMER, Conversation.document_id == document_id)
    return (await session.scalars(found, {"customer_id": customer_id})).one_or_none()


async def find_message(
    session: AsyncSession, *, customer_id: int, message_id: int
) -> Message | None:
    """Return a message of the customer's conversations by id; else None."""
    found = select(Message).where(Message.customer_id == customer_id, Message.id == message_id)
    return (await session.scalars(found)).one_or_none()


async def list_messages(
    session: AsyncSession, *, conversation_id: int, first: int, after: str | None = None
) -> Page[Message]:
    """Return a page of a conversation that the caller may read, the newest message first.

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    values: dict[str, object] = {"conversation_id": conversation_id}
    paging = values | {"most": first + 1}
    statement = _MESSAGES
    if after is not None:
        at, after_id = decode_cursor(after, datetime, int)
        paging |= {"after_at": at, "after_id": after_id}
        statement = statement.where(_MESSAGE_PLACE < _AFTER)
    rows = (await session.scalars(statement, paging)).all()
    total = await session.scalar(
        select(func.count(Message.id)).where(Message.conversation_id == conversation_id)
    )
    return page_of(rows, first=first, total_count=total or 0, key=lambda row: (row.sent_at, row.id))


async def load_conversations(
    session: AsyncSession, conversation_ids: Sequence[int]
) -> Mapping[int, Conversation]:
    """Return conversations of messages that the caller may read, by id."""
    rows = await session.scalars(select(Conversation).where(Conversation.id.in_(conversation_ids)))
    return {conversation.id: conversation for conversation in rows}


async def load_unread_counts(
    session: AsyncSession, conversation_ids: Sequence[int]
) -> Mapping[int, int]:
    """Return by conversation how many answers the customer has yet to read."""
    rows = await session.execute(
        select(Message.conversation_id, func.count(Message.id))
        .where(Message.conversation_id.in_(conversation_ids), *_IS_UNREAD)
        .group_by(Message.conversation_id)
    )
    return {row.conversation_id: row[1] for row in rows}


async def load_attachments(
    session: AsyncSession, message_ids: Sequence[int]
) -> Mapping[int, list[Document]]:
    """Return by message the documents that came with it."""
    rows = await session.execute(
        select(MessageAttachment.message_id, Document)
        .join(Document, Document.id == MessageAttachment.document_id)
        .where(MessageAttachment.message_id.in_(message_ids))
        .order_by(MessageAttachment.id)
    )
    found: dict[int, list[Document]] = {}
    for message_id, document in rows:
        found.setdefault(message_id, []).append(document)
    return found


async def count_unread_messages(session: AsyncSession, *, customer_id: int) -> int:
    """Return how many answers the customer has yet to read."""
    return (
        await session.scalar(
            select(func.count(Message.id)).where(Message.customer_id == customer_id, *_IS_UNREAD)
        )
        or 0
    )


async def count_unread_conversations(session: AsyncSession, *, customer_id: int) -> int:
    """Return in how many conversations the customer has yet to read something."""
    return (
        await session.scalar(
            select(func.count(Message.conversation_id.distinct())).where(
                Message.customer_id == customer_id, *_IS_UNREAD
            )
        )
        or 0
    )


async def mark_conversation_read(
    session: AsyncSession, *, customer_id: int, conversation_id: int, now: datetime
) -> Conversation:
    """Record that the customer saw all answers; the first time counts (F84).

    Raises:
        NotFoundError: no such conversation of the customer.
    """
    conversation = await find_conversation(
        session, customer_id=customer_id, conversation_id=conversation_id
    )
    if conversation is None:
        raise NotFoundError
    await mark_read(session, conversation_id, MessageSender.INSTITUTION, now=now)
    return conversation


async def mark_read(
    session: AsyncSession, conversation_id: int, sender: MessageSender, *, now: datetime
) -> None:
    """Record that the other side saw all that one side wrote."""
    await session.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.sender == sender,
            Message.read_at.is_(None),
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


async def subject_of(cipher: DocumentCipher, conversation: Conversation) -> str:
    """Return a conversation's subject in clear. Raises as `unseal_text`."""
    return await unseal_text(
        cipher,
        owner=conversation.key_owner,
        place=f"conversation:{conversation.uid}",
        sealed=conversation.subject,
    )


async def text_of(cipher: DocumentCipher, message: Message) -> str:
    """Return a message's text in clear. Raises as `unseal_text`."""
    return await unseal_text(
        cipher, owner=message.key_owner, place=f"message:{message.uid}", sealed=message.text
    )
