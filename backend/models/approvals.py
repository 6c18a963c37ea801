"""Approvals: a sensitive operation, stored as it will be executed, waiting for a yes."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of
from backend.models.user_accounts import Locale


class ApprovalMethod(enum.Enum):
    """How a customer approves (F22, M3)."""

    PASSKEY = "passkey"
    TAN = "tan"


class ApprovalState(enum.Enum):
    """What became of an approval; an open one may have expired."""

    OPEN = "open"
    APPROVED = "approved"
    EXHAUSTED = "exhausted"
    CONFLICTED = "conflicted"


class Approval(Base):
    """One stored, canonical operation (DOMAIN.md, TAN and approvals); nothing of it ever changes.

    `input` is the normalised input as canonical JSON, `expected_version` what the operation was
    asked about, `summary` what the customer was shown. `secret` (a new password's hash) is emptied
    with the execution; `input` holds its SHA-256. `evidence` is what proves the approval later: the
    passkey's assertion with its public key, as JSON.
    """

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_open", "state", "expires_at"),)

    id: Mapped[PrimaryKey]
    user_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"), index=True)
    user_session_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_session.id"), index=True)
    operation: Mapped[str]
    input: Mapped[str]
    expected_version: Mapped[int]
    secret: Mapped[str | None]
    summary: Mapped[str]
    locale: Mapped[Locale] = mapped_column(enum_of(Locale))
    state: Mapped[ApprovalState] = mapped_column(enum_of(ApprovalState))
    allows_passkey: Mapped[bool]
    allows_tan: Mapped[bool]
    tan_hash: Mapped[str | None]
    attempts: Mapped[int]
    nonce: Mapped[bytes | None]
    nonce_used_at: Mapped[datetime | None]
    method: Mapped[ApprovalMethod | None] = mapped_column(enum_of(ApprovalMethod))
    evidence: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @property
    def methods(self) -> list[ApprovalMethod]:
        """How it can be approved, the better way first."""
        offered = (
            (ApprovalMethod.PASSKEY, self.allows_passkey),
            (ApprovalMethod.TAN, self.allows_tan),
        )
        return [method for method, is_offered in offered if is_offered]
