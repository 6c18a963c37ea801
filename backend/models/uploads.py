"""Files that customers sent, until they are used or forgotten."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.inspection.refusals import UploadRefusal
from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class UploadState(enum.Enum):
    """How far a file has come."""

    QUARANTINED = "quarantined"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class UploadPurpose(enum.Enum):
    """What a file was sent for; it can be used for nothing else."""

    MESSAGE = "message"
    SELF_ADDED_CONTRACT = "self_added_contract"
    ACCOUNT_STATEMENT = "account_statement"


class Upload(Base):
    """A customer's file that nothing uses yet; once something does, a document replaces this row.

    In quarantine `object_key` names what was sent, afterwards what the inspection made of it, or
    nothing when it was refused; all of it is encrypted with the keyset `key_owner`. `media_type`,
    `size` and `sha256` are those of what lies there. Only a file of a message is for an
    institution. `attempts` counts inspections; nobody else inspects it until `leased_until`.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_expiry", "expires_at"),
        Index("ix_upload_quarantine", "state", "leased_until"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), index=True)
    purpose: Mapped[UploadPurpose] = mapped_column(
        enum_of(UploadPurpose), server_default=UploadPurpose.MESSAGE.name
    )
    institution_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("institution.id"))
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[UploadState] = mapped_column(enum_of(UploadState))
    refusal: Mapped[UploadRefusal | None] = mapped_column(enum_of(UploadRefusal))
    object_key: Mapped[str | None] = mapped_column(unique=True)
    key_owner: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    leased_until: Mapped[datetime]
    attempts: Mapped[int]
