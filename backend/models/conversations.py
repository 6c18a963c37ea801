"""Conversations of customers with institutions, and what was written in them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class MessageSender(enum.Enum):
    """Which side wrote a message."""

    CUSTOMER = "customer"
    INSTITUTION = "institution"


class Conversation(Base):
    """A thread between a customer and an institution; `document_id` is the letter it answers.

    `subject` is sealed with the keyset `key_owner` and bound to `uid`.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_in_order", "customer_id", "last_message_at", "id"),
        Index("ix_conversation_desk", "institution_id", "last_message_at", "id"),
        UniqueConstraint("customer_id", "document_id"),
    )

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    document_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("document.id"), index=True)
    subject: Mapped[bytes]
    key_owner: Mapped[str]
    started_at: Mapped[datetime]
    last_message_at: Mapped[datetime]


class Message(Base):
    """One message; it never changes. `text` is sealed as the conversation's subject is.

    `read_at` is when the other side first saw it; `case_handler` who wrote for the institution.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_in_order", "conversation_id", "sent_at", "id"),
        Index("ix_message_unread", "customer_id", "sender", "read_at"),
    )

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversation.id"))
    sender: Mapped[MessageSender] = mapped_column(enum_of(MessageSender))
    case_handler: Mapped[str | None]
    text: Mapped[bytes]
    key_owner: Mapped[str]
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @property
    def is_from_viewer(self) -> bool:
        """Whether the customer wrote it."""
        return self.sender is MessageSender.CUSTOMER


class MessageAttachment(Base):
    """A document that came with a message."""

    __tablename__ = "message_attachment"
    __table_args__ = (UniqueConstraint("message_id", "document_id"),)

    id: Mapped[PrimaryKey]
    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("message.id"))
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), index=True)
