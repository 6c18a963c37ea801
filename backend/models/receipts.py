"""Receipts of what customers submit, and the append-only log in which each has its place."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class ReceiptKind(enum.Enum):
    """What was submitted; a name never changes: receipts carry it."""

    APPROVED_OPERATION = "approved_operation"
    CUSTOMER_NUMBER_LINK = "customer_number_link"
    SENT_MESSAGE = "sent_message"
    CLAIM = "claim"
    SUPPORT_REQUEST = "support_request"


class Receipt(Base):
    """One receipt (M1, X8), signed when it was issued; it never changes.

    `subject` says in the customer's language what it is about. `content` is what was submitted, if
    it is a short text; of files only the hash stands here. `salt` makes the leaf in the log tell
    nothing to whoever does not hold the receipt. `root_hash` is the root of the log with this leaf
    as its last. Rows go with their customer, the log stays as it is.
    """

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_in_order", "customer_id", "position"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    issuer: Mapped[str]
    kind: Mapped[ReceiptKind] = mapped_column(enum_of(ReceiptKind))
    subject: Mapped[str]
    content: Mapped[str | None]
    sha256: Mapped[str]
    issued_at: Mapped[datetime]
    salt: Mapped[bytes]
    position: Mapped[int] = mapped_column(BigId, unique=True)
    root_hash: Mapped[bytes]
    public_key: Mapped[bytes]
    signature: Mapped[bytes]


class ReceiptEntry(Base):
    """One leaf of the log, never changed or deleted: the database refuses both.

    `subtree_hashes` holds the hash of every subtree that became complete with this leaf, 32 bytes
    each, the smallest first: a proof reads them instead of the leaves below. Nothing here is about
    anybody: the leaf is a salted hash, so that a customer's deletion leaves the log whole.
    """

    __tablename__ = "receipt_entry"

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    leaf_hash: Mapped[bytes]
    subtree_hashes: Mapped[bytes]
    issued_at: Mapped[datetime]


class ReceiptTreeHead(Base):
    """The log as it stood when a day began, signed and published; never changed or deleted.

    `consistency_proof` holds the hashes, 32 bytes each, that prove that the log only grew since the
    head before; empty for the first.
    """

    __tablename__ = "receipt_tree_head"

    day: Mapped[date] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    tree_size: Mapped[int]
    root_hash: Mapped[bytes]
    consistency_proof: Mapped[bytes]
    signed_at: Mapped[datetime]
    public_key: Mapped[bytes]
    signature: Mapped[bytes]
