"""Records that the law keeps beyond a deletion: locked, read by nobody, gone at their end."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class RetainedKind(enum.Enum):
    """What a locked record is; the policy says for how long."""

    ACCOUNTING = "accounting"
    HEALTH_BENEFIT = "health_benefit"
    PHONE_CONSENT = "phone_consent"
    WITHDRAWAL_PROOF = "withdrawal_proof"


class RetainedRecord(Base):
    """One locked record, sealed by the retention key for exactly this purpose.

    No column names the customer. `source` tells a record from another, so that a repeated deletion
    locks nothing twice. No schema has this type; what is over is deleted by the worker.
    """

    __tablename__ = "retained_record"

    id: Mapped[PrimaryKey]
    kind: Mapped[RetainedKind] = mapped_column(enum_of(RetainedKind))
    institution_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("institution.id"))
    source: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[bytes]
    retained_until: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime]
