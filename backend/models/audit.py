"""The audit log: what the house did, each entry bound to the one before by its hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId


class AuditEntry(Base):
    """One act of the house or its people, never changed or deleted: the database refuses both.

    `hash` is over all other columns and the hash of the entry before, so that a change made past
    the database shows when the chain is verified. `detail` is JSON and names no personal data: it
    outlives the customers it is about, who appear by their uid.
    """

    __tablename__ = "audit_entry"

    sequence: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    occurred_at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
