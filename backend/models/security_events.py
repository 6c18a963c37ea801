"""What happened to the security of a user account, for the customer to read."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class SecurityEventKind(enum.Enum):
    """What happened (X4)."""

    REGISTERED = "registered"
    CUSTOMER_NUMBER_LINKED = "customer_number_linked"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # the name of an event
    EMAIL_ADDRESS_CHANGED = "email_address_changed"
    PHONE_NUMBER_CHANGED = "phone_number_changed"
    SESSION_ENDED = "session_ended"
    DEVICE_ADDED = "device_added"
    DEVICE_RENAMED = "device_renamed"
    DEVICE_LOCKED = "device_locked"
    DEVICE_UNLOCKED = "device_unlocked"
    DEVICE_REMOVED = "device_removed"
    DEVICE_REPLACED = "device_replaced"
    USER_ACCOUNT_LOCKED = "user_account_locked"
    USER_ACCOUNT_UNLOCKED = "user_account_unlocked"
    APPROVAL_GIVEN = "approval_given"
    APPROVAL_REFUSED = "approval_refused"
    CONVERSATION_SHOWN = "conversation_shown"
    SUBMISSION_SHOWN = "submission_shown"
    DATA_EXPORTED = "data_exported"
    RECOVERY_STARTED = "recovery_started"
    RECOVERY_LETTER_REQUESTED = "recovery_letter_requested"
    RECOVERY_REFUSED = "recovery_refused"
    RECOVERED = "recovered"


class SecurityEvent(Base):
    """One entry of the security log, written with the event itself and never changed.

    Without a user account it is a failed sign-in at an address nobody has: it is written so that
    known and unknown addresses cost the same work, and forgotten soon.
    """

    __tablename__ = "security_event"
    __table_args__ = (Index("ix_security_event_in_order", "user_account_id", "occurred_at", "id"),)

    id: Mapped[PrimaryKey]
    user_account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    kind: Mapped[SecurityEventKind] = mapped_column(enum_of(SecurityEventKind))
    occurred_at: Mapped[datetime]
    device_name: Mapped[str | None]
    detail: Mapped[str | None]
