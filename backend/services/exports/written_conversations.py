"""What a customer and the institutions wrote to each other, in clear, for `daten.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend import database
from backend.models.conversations import Conversation, Message
from backend.ports import CipherError
from backend.services.conversations import load_attachments, subject_of, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from backend.ports import DocumentCipher
    from backend.services.exports.filed_documents import Filing

EXPORTED_OF_CONVERSATIONS = ("subject", "started_at", "last_message_at")
EXPORTED_OF_MESSAGES = ("sender", "case_handler", "text", "sent_at", "read_at")


async def written_conversations(
    filing: Filing, cipher: DocumentCipher, institutions: Mapping[int, str]
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield conversations with their messages, oldest first; what is damaged has no text."""
    async with database.reading(filing.sessions) as session:
        conversations = (
            await session.scalars(
                select(Conversation)
                .where(Conversation.customer_id == filing.customer_id)
                .order_by(Conversation.id)
            )
        ).all()
    for conversation in conversations:
        async with database.reading(filing.sessions) as session:
            messages = (
                await session.scalars(
                    select(Message)
                    .where(Message.conversation_id == conversation.id)
                    .order_by(Message.sent_at, Message.id)
                )
            ).all()
            files = await load_attachments(session, [message.id for message in messages])
        yield [
            {
                "institution": institutions[conversation.institution_id],
                "subject": await _subject(cipher, conversation),
                "startedAt": conversation.started_at.isoformat(),
                "lastMessageAt": conversation.last_message_at.isoformat(),
                "messages": [
                    {
                        "sender": message.sender.name,
                        "caseHandler": message.case_handler,
                        "text": await _text(cipher, message),
                        "sentAt": message.sent_at.isoformat(),
                        "readAt": message.read_at and message.read_at.isoformat(),
                        "attachments": [one.sha256 for one in files.get(message.id, [])],
                    }
                    for message in messages
                ],
            }
        ]


async def _subject(cipher: DocumentCipher, conversation: Conversation) -> str | None:
    try:
        return await subject_of(cipher, conversation)
    except CipherError:
        return None


async def _text(cipher: DocumentCipher, message: Message) -> str | None:
    try:
        return await text_of(cipher, message)
    except CipherError:
        return None
