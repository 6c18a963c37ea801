"""What customers submit to institutions, and every step up to the core system's answer."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class SubmissionKind(enum.Enum):
    """What was submitted; a name never changes: core systems know it."""

    BANK_ACCOUNT_CHANGED = "bank_account_changed"
    PERSONAL_DETAILS_CHANGED = "personal_details_changed"
    CLAIM_SUBMITTED = "claim_submitted"


class SubmissionState(enum.Enum):
    """Where a submission stands. It only moves forward; CONFIRMED and REFUSED are final.

    REROUTED: the core system did not answer in time, the service desk was asked instead.
    """

    RECEIVED = "received"
    TRANSMITTED = "transmitted"
    REROUTED = "rerouted"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


SETTLED = frozenset({SubmissionState.CONFIRMED, SubmissionState.REFUSED})


class Submission(Base):
    """A change or claim on its way to the core system (M2, X8).

    `uid` is the stable id of the event: core systems know a repetition by it. `subject` is in the
    customer's words; it, `payload` and `refusal_reason` are sealed with the keyset `key_owner`,
    each bound to its place. `due_at` is when somebody else is asked. `batch` names the file in
    which it left, where the core system takes files.
    """

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_in_order", "customer_id", "id"),
        Index("ix_submission_due", "state", "due_at", "id"),
        Index("ix_submission_waiting", "institution_id", "state", "id"),
    )

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    contract_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contract.id"), index=True)
    receipt_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("receipt.id"), index=True)
    kind: Mapped[SubmissionKind] = mapped_column(enum_of(SubmissionKind))
    schema_version: Mapped[int]
    subject: Mapped[bytes]
    payload: Mapped[bytes]
    key_owner: Mapped[str]
    state: Mapped[SubmissionState] = mapped_column(enum_of(SubmissionState))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    transmitted_at: Mapped[datetime | None]
    rerouted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer_read_at: Mapped[datetime | None]
    refusal_reason: Mapped[bytes | None]
    batch: Mapped[str | None] = mapped_column(index=True)

    @property
    def reference(self) -> str:
        """What the institution and the customer call it."""
        return self.uid


class SubmissionStep(Base):
    """One change of a submission's state; steps are added and never changed."""

    __tablename__ = "submission_step"

    id: Mapped[PrimaryKey]
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"), index=True)
    state: Mapped[SubmissionState] = mapped_column(enum_of(SubmissionState))
    occurred_at: Mapped[datetime]


class CoreNonce(Base):
    """A number that a core system used once to sign an answer; kept while it could be replayed."""

    __tablename__ = "core_nonce"
    __table_args__ = (UniqueConstraint("institution_key", "nonce"),)

    id: Mapped[PrimaryKey]
    institution_key: Mapped[str]
    nonce: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
