"""The transactional outbox: what must still be done, written with the change itself."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, PrimaryKey, enum_of


class OutboxTopic(enum.Enum):
    """Which deliverer takes a message.

    AGREEMENT files a confirmation in the postbox, RECOVERY finds out whose address was given and
    sends the link, RECOVERY_LETTER lets waiting letters be written. PRODUCT_MAIL leaves only while
    its recipient agrees to it. PRINT lets ordered documents go to the printers. CORE_EVENT takes a
    submission to its institution's core system. PUSH shows a notice in a browser.
    """

    MAIL = "mail"
    SMS = "sms"
    AGREEMENT = "agreement"
    RECOVERY = "recovery"
    RECOVERY_LETTER = "recovery_letter"
    PRINT = "print"
    PRODUCT_MAIL = "product_mail"
    CORE_EVENT = "core_event"
    PUSH = "push"


class OutboxMessage(Base):
    """A message delivered at least once, under one stable id.

    `payload` is sealed (it may hold a TAN) and emptied after delivery. A message is open while
    neither `delivered_at` nor `dead_at` is set; a lease keeps two workers apart. After `expires_at`
    it is of no use to its recipient (a TAN) and is not sent any more.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "topic", "delivered_at", "dead_at", "available_at", "id"),
    )

    id: Mapped[PrimaryKey]
    message_id: Mapped[str] = mapped_column(unique=True)
    topic: Mapped[OutboxTopic] = mapped_column(enum_of(OutboxTopic))
    payload: Mapped[bytes]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int]
    last_error: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
