"""Sessions, the challenges that lead to them and the counters that slow down guessing."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class AssuranceLevel(enum.Enum):
    """How well the house knows who is signed in (F81): BASIC < SMART < SMARTHEALTH."""

    BASIC = 1
    SMART = 2
    SMARTHEALTH = 3


class ChallengeKind(enum.Enum):
    """What a challenge is good for; one kind never answers for another."""

    SIGN_IN_TAN = "sign_in_tan"
    SIGN_IN_PASSKEY = "sign_in_passkey"
    ADD_PASSKEY = "add_passkey"
    CONFIRM_EMAIL_ADDRESS = "confirm_email_address"
    CONFIRM_PHONE_NUMBER = "confirm_phone_number"
    CONFIRM_CONSENT = "confirm_consent"
    SIGN_IN_DEVICE = "sign_in_device"
    PROVE_DEVICE = "prove_device"
    REPLACE_DEVICE = "replace_device"


class Challenge(Base):
    """A single-use question to somebody who wants in; its secret is kept as SHA-256 only.

    `tan_hash` holds the argon2 hash of a TAN, `nonce` the WebAuthn challenge, `contact` the new
    address or number that an answer proves, `device_id` the device whose key must sign it.
    """

    __tablename__ = "challenge"

    id: Mapped[PrimaryKey]
    kind: Mapped[ChallengeKind] = mapped_column(enum_of(ChallengeKind))
    secret_hash: Mapped[str] = mapped_column(unique=True)
    user_account_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("user_account.id"), index=True
    )
    tan_hash: Mapped[str | None]
    nonce: Mapped[bytes | None]
    contact: Mapped[str | None]
    device_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("device.id"))
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in session; the token itself is never stored, only its SHA-256.

    `device_name` is what the browser said of itself when it signed in, such as "Firefox · Windows";
    `device_id` the device whose key it proved. `may_add_first_passkey` marks a session that began
    with everything proved anew, by registration or a letter: that passkey needs no approval.
    """

    __tablename__ = "user_session"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"), index=True)
    assurance_level: Mapped[AssuranceLevel] = mapped_column(enum_of(AssuranceLevel))
    has_opened_bank_data: Mapped[bool]
    device_name: Mapped[str | None]
    device_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("device.id"), index=True)
    may_add_first_passkey: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def signed_in_at(self) -> datetime:
        """When it began."""
        return self.created_at

    @property
    def last_used_at(self) -> datetime:
        """When it was last used; written at most twice a minute."""
        return self.last_seen_at


class AttemptCounter(Base):
    """How often something was tried in a window: counted before any work is done.

    `scope` names what is counted and how long, e.g. "password:900:…", with its subject hashed.
    """

    __tablename__ = "attempt_counter"

    scope: Mapped[str] = mapped_column(primary_key=True)
    window_started_at: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]
