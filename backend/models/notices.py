"""Notices of new documents: every one is logged with its outcome (DOMAIN.md, Postbox)."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of, partial_index


class NoticeChannel(enum.Enum):
    """By what a customer was told of a document."""

    MAIL = "mail"
    PUSH = "push"


class NoticeState(enum.Enum):
    """How far a notice has come; a bounce turns ANNOUNCED into FAILED, nothing turns back."""

    PENDING = "pending"
    ANNOUNCED = "announced"
    FAILED = "failed"


class NoticeFailure(enum.Enum):
    """Why a notice did not reach its recipient."""

    REFUSED = "refused"
    GIVEN_UP = "given_up"
    BOUNCED = "bounced"


class Notice(Base):
    """One message that told of a document: a proof, whose times are written once.

    `message_id` is that of the outbox and of the mail's Message-ID. `announced_at` is when the mail
    server, or the push service, took it. `detail` are codes for operators, never words of a server.
    """

    __tablename__ = "notice"
    __table_args__ = (
        partial_index(
            "ix_notice_failed",
            "customer_id",
            "failed_at",
            where="failed_at IS NOT NULL",
        ),
        Index("ix_notice_to", "customer_id", "email_address", "announced_at"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), index=True)
    channel: Mapped[NoticeChannel] = mapped_column(enum_of(NoticeChannel))
    message_id: Mapped[str] = mapped_column(unique=True)
    email_address: Mapped[str | None]
    created_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[NoticeFailure | None] = mapped_column(enum_of(NoticeFailure))
    detail: Mapped[str | None]

    @property
    def state(self) -> NoticeState:
        """Whether it reached its recipient, as far as anybody knows."""
        if self.failed_at is not None:
            return NoticeState.FAILED
        return NoticeState.PENDING if self.announced_at is None else NoticeState.ANNOUNCED
