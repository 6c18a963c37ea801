"""Claims: what customers hand in, sealed to the claims department, and how far each has come."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.claim_envelope import ClaimsKeyAlgorithm
from backend.inspection.refusals import UploadRefusal
from backend.models.tables import Amount, Base, BigId, PrimaryKey, enum_of
from backend.money import Money


class ClaimKind(enum.Enum):
    """What is handed in (F50); a name never changes: sealed files are bound to it."""

    MEDICAL_INVOICE = "medical_invoice"
    THERAPY_OR_AID = "therapy_or_aid"
    PRESCRIPTION = "prescription"
    REFERRAL = "referral"
    TREATMENT_PLAN = "treatment_plan"
    FOREIGN_INVOICE = "foreign_invoice"


class ClaimFormat(enum.Enum):
    """What the sealed file is (F56, X9); a name never changes, as above."""

    PHOTOS = "photos"
    PDF = "pdf"
    IMAGE = "image"
    E_INVOICE = "e_invoice"


class ClaimStatus(enum.Enum):
    """Where a claim stands (X1). It only moves forward; FILE_REFUSED and PAID are final."""

    RECEIVED = "received"
    FILE_REFUSED = "file_refused"
    HANDED_OVER = "handed_over"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    PAID = "paid"


class ClaimsKey(Base):
    """The public half of a key of the claims department; the private one is never in here.

    Devices seal to the newest one until `expires_at`. `destroyed_at` is when the private half went
    for good: what was sealed to it can't be opened any more.
    """

    __tablename__ = "claims_key"

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(unique=True)
    algorithm: Mapped[ClaimsKeyAlgorithm] = mapped_column(enum_of(ClaimsKeyAlgorithm))
    public_key: Mapped[bytes]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class ClaimDocument(Base):
    """A sealed file that comes in parts (M5); `size` and `sha256` are what its device announced.

    It is complete when all of it came and the hash was right. Until `expires_at` a claim may be
    submitted with it, afterwards it is forgotten.
    """

    __tablename__ = "claim_document"
    __table_args__ = (Index("ix_claim_document_expiry", "expires_at"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), index=True)
    size: Mapped[int]
    sha256: Mapped[str]
    received_bytes: Mapped[int]
    is_complete: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class ClaimPart(Base):
    """A part of a sealed file from `start` on, as one object, encrypted with `key_owner` once more.

    So the claims department's key alone opens nothing of a customer whose own key is destroyed.
    """

    __tablename__ = "claim_part"
    __table_args__ = (UniqueConstraint("claim_document_id", "start"),)

    id: Mapped[PrimaryKey]
    claim_document_id: Mapped[int] = mapped_column(BigId, ForeignKey("claim_document.id"))
    start: Mapped[int]
    object_key: Mapped[str] = mapped_column(unique=True)
    key_owner: Mapped[str]


class Claim(Base):
    """One claim, the only one under its `idempotency_key` (F60).

    `uid` is its name at the claims department. `sealed_contract_id` is the contract to which its
    file is bound, `contract_number` what that one was called then; both stay when it is deleted:
    without a number nobody there would know whose claim it is. Nobody else opens its file until
    `leased_until`; `attempts` counts how often that was begun. What the decision says comes by
    feed: `decided_as_of` is the time of the newest that was read, `statement_external_id` the
    institution's id of the benefit statement, which may arrive later.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("customer_id", "idempotency_key"),
        Index("ix_claim_in_order", "customer_id", "id"),
        Index("ix_claim_waiting", "status", "leased_until"),
    )

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    contract_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contract.id"), index=True)
    sealed_contract_id: Mapped[int | None] = mapped_column(BigId)
    contract_number: Mapped[str | None]
    claim_document_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("claim_document.id"), unique=True
    )
    claims_key_id: Mapped[int] = mapped_column(BigId, ForeignKey("claims_key.id"), index=True)
    receipt_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("receipt.id"), index=True)
    idempotency_key: Mapped[str]
    kind: Mapped[ClaimKind] = mapped_column(enum_of(ClaimKind))
    format: Mapped[ClaimFormat] = mapped_column(enum_of(ClaimFormat))
    status: Mapped[ClaimStatus] = mapped_column(enum_of(ClaimStatus))
    refusal: Mapped[UploadRefusal | None] = mapped_column(enum_of(UploadRefusal))
    submitted_at: Mapped[datetime]
    leased_until: Mapped[datetime]
    attempts: Mapped[int]
    decided_as_of: Mapped[datetime | None]
    claimed_amount: Mapped[Decimal | None] = mapped_column(Amount)
    reimbursed_amount: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str | None]
    statement_external_id: Mapped[str | None]

    @property
    def amount_claimed(self) -> Money | None:
        """What the documents add up to, as the claims department read them."""
        return _money(self.claimed_amount, self.currency)

    @property
    def amount_reimbursed(self) -> Money | None:
        """What is paid back."""
        return _money(self.reimbursed_amount, self.currency)


class ClaimStep(Base):
    """When a claim came to a status; steps are added and never changed."""

    __tablename__ = "claim_step"
    __table_args__ = (UniqueConstraint("claim_id", "status"),)

    id: Mapped[PrimaryKey]
    claim_id: Mapped[int] = mapped_column(BigId, ForeignKey("claim.id"))
    status: Mapped[ClaimStatus] = mapped_column(enum_of(ClaimStatus))
    occurred_on: Mapped[date]


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None else Money(amount, currency or "EUR")
