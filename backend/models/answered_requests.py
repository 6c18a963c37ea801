"""Requests that were carried out, so that the same one again gets the same answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey


class AnsweredRequest(Base):
    """One request of a customer under the key that their client made for it.

    Only hashes are kept: of the key, and of key and payload together, so that nobody can guess a
    payload from it. `answer_id` is the row that the request made.
    """

    __tablename__ = "answered_request"
    __table_args__ = (
        UniqueConstraint("customer_id", "key_hash"),
        Index("ix_answered_request_age", "created_at"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    key_hash: Mapped[str]
    payload_hash: Mapped[str]
    answer_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime]
