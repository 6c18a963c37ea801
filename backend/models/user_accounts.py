"""User accounts and their passkeys."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.sign_in import AssuranceLevel
from backend.models.tables import Base, BigId, PrimaryKey, enum_of, partial_index


class Locale(enum.Enum):
    """A language of the portal; German comes first (X17)."""

    DE = "de"
    EN = "en"


class UserAccount(Base):
    """How a customer signs in (F1): e-mail, password and mobile number.

    `email_address` is stored in lower case; `phone_number` as E.164. `version` grows with every
    change of a credential: what was to be approved before is a conflict after. Since `locked_at`
    nothing signs in (F72).
    """

    __tablename__ = "user_account"
    __table_args__ = (
        # Few are locked: the worker looks at them alone.
        partial_index("ix_user_account_locked", "locked_at", where="locked_at IS NOT NULL"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), unique=True)
    email_address: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    phone_number: Mapped[str]
    locale: Mapped[Locale] = mapped_column(enum_of(Locale))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    phone_number_changed_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    lock_told_at: Mapped[datetime | None]

    @property
    def masked_phone_number(self) -> str:
        """The number with all but country and last three digits hidden."""
        return f"{self.phone_number[:3]} ••• {self.phone_number[-3:]}"


class Passkey(Base):
    """A WebAuthn credential of a user account.

    `is_synced` follows the backup-eligible flag: such a key proves the person, not the device.
    `assurance_level` counts for a key that never leaves its device.
    """

    __tablename__ = "passkey"

    id: Mapped[PrimaryKey]
    user_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    is_synced: Mapped[bool]
    assurance_level: Mapped[AssuranceLevel] = mapped_column(
        enum_of(AssuranceLevel), default=AssuranceLevel.BASIC, server_default="BASIC"
    )
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
