"""Consents and delivery choices: append-only logs from which the current state follows."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class ConsentPurpose(enum.Enum):
    """What a customer can agree to; each on its own (F19, F77)."""

    PRODUCT_INFORMATION_BY_EMAIL = "product_information_by_email"
    PRODUCT_INFORMATION_BY_PHONE = "product_information_by_phone"
    TRANSACTION_ANALYSIS = "transaction_analysis"


class ConsentState(enum.Enum):
    """PENDING waits for the confirmation of a double opt-in."""

    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    PENDING = "pending"


class ConsentDecision(Base):
    """One decision of a customer about one purpose; never changed, never deleted by the house."""

    __tablename__ = "consent_decision"
    __table_args__ = (Index("ix_consent_decision_customer_id", "customer_id", "purpose", "id"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_of(ConsentPurpose))
    state: Mapped[ConsentState] = mapped_column(enum_of(ConsentState))
    text_version: Mapped[str]
    decided_at: Mapped[datetime]


class DeliveryChannel(enum.Enum):
    """How letters reach the customer; the postbox copy exists either way (F30, F31)."""

    POSTBOX = "postbox"
    PAPER = "paper"


class DeliveryDecision(Base):
    """One choice of the delivery channel for one institution, effective from the next letter."""

    __tablename__ = "delivery_decision"
    __table_args__ = (Index("ix_delivery_decision_customer_id", "customer_id", "institution_id"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    channel: Mapped[DeliveryChannel] = mapped_column(enum_of(DeliveryChannel))
    decided_at: Mapped[datetime]
