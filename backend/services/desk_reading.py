"""Messages in clear, for whoever answers them in the name of an institution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.conversations import Conversation, MessageSender
from backend.services.conversations import load_attachments, subject_of, text_of
from backend.services.documents import DocumentPorts, open_content
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.conversations import Message
    from backend.models.documents import Document


class ReadAttachment(Value):
    """A file that came with a message; `text` if it is one of plain text."""

    file_name: str
    text: str | None


class ReadMessage(Value):
    """A message in clear, for the desk or for the institution's own system."""

    id: int
    conversation_id: int
    subject: str
    sender: MessageSender
    case_handler: str | None
    text: str
    sent_at: datetime
    attachments: tuple[ReadAttachment, ...]


async def read_messages(
    session: AsyncSession, house: DocumentPorts, messages: Sequence[Message]
) -> list[ReadMessage]:
    """Return messages in clear; whoever asks for them has said why.

    Raises what `unseal_text` and `open_content` raise.
    """
    attachments = await load_attachments(session, [message.id for message in messages])
    conversations = {
        conversation.id: conversation
        for conversation in await session.scalars(
            select(Conversation).where(
                Conversation.id.in_({message.conversation_id for message in messages})
            )
        )
    }
    return [
        ReadMessage(
            id=message.id,
            conversation_id=message.conversation_id,
            subject=await subject_of(house.cipher, conversations[message.conversation_id]),
            sender=message.sender,
            case_handler=message.case_handler,
            text=await text_of(house.cipher, message),
            sent_at=message.sent_at,
            attachments=tuple(
                [await _opened(house, one) for one in attachments.get(message.id, [])]
            ),
        )
        for message in messages
    ]


async def _opened(house: DocumentPorts, document: Document) -> ReadAttachment:
    if not document.media_type.startswith("text/plain"):
        return ReadAttachment(document.file_name, None)
    content = b"".join([chunk async for chunk in await open_content(house, document)])
    return ReadAttachment(document.file_name, content.decode())
