"""Messages to the support desk: which conversations they are, and what proves them."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey


class SupportRequest(Base):
    """A conversation with the support desk (F125–F127); it never changes.

    `document_id` are the technical data that the customer sent along, word for word as seen; null:
    none. `receipt_id` proves both.
    """

    __tablename__ = "support_request"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), index=True)
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversation.id"), unique=True)
    document_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("document.id"), index=True)
    receipt_id: Mapped[int] = mapped_column(BigId, ForeignKey("receipt.id"), index=True)
