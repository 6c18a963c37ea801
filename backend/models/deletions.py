"""Deletions of user accounts: those under way, and those that customer service asks for."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class DeletionReason(enum.Enum):
    """Why a user account goes (F5, F6); RESTORED: a backup had brought it back."""

    SELF_SERVICE = "self_service"
    CUSTOMER_SERVICE = "customer_service"
    WITHDRAWAL = "withdrawal"
    RESTORED = "restored"


class AccountDeletion(Base):
    """A deletion that was decided and is not yet finished; the worker takes it to its end.

    It outlives the customer, hence no foreign key. `work` is sealed: whom to send the certificate,
    and, once `rows_deleted_at` is set, which keys and objects are still to go.
    """

    __tablename__ = "account_deletion"

    id: Mapped[PrimaryKey]
    customer_uid: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[DeletionReason] = mapped_column(enum_of(DeletionReason))
    work: Mapped[bytes]
    begun_at: Mapped[datetime]
    rows_deleted_at: Mapped[datetime | None]


class DeletionRequest(Base):
    """What customer service was asked for; somebody else there has to confirm it (F6)."""

    __tablename__ = "deletion_request"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), unique=True)
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AppliedDeletion(Base):
    """How far this database follows the deletion journal: one row, the newest number applied.

    A database restored from a backup says an older number than the journal: what came since has
    to be deleted again. `wiped_number` is the newest whose bytes were wiped out of the files, too.
    """

    __tablename__ = "applied_deletion"

    id: Mapped[PrimaryKey]
    number: Mapped[int]
    wiped_number: Mapped[int] = mapped_column(default=0, server_default="0")
