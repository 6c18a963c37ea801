"""Consents and delivery choices: append-only logs from which the current state follows."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of
from backend.models.user_accounts import Locale


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


class DecisionChannel(enum.Enum):
    """Through what a customer decided; a link proves that the address is theirs."""

    PORTAL = "portal"
    EMAIL_LINK = "email_link"


class ConsentDecision(Base):
    """One decision of a customer about one purpose; never changed, never deleted by the house.

    `text_sha256` is that of exactly the text that was shown, which `ConsentText` keeps. Entries
    from before it was recorded have none. `email_address` is the one that a confirmation concerns.
    """

    __tablename__ = "consent_decision"
    __table_args__ = (Index("ix_consent_decision_customer_id", "customer_id", "purpose", "id"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_of(ConsentPurpose))
    state: Mapped[ConsentState] = mapped_column(enum_of(ConsentState))
    decided_through: Mapped[DecisionChannel] = mapped_column(
        enum_of(DecisionChannel), server_default=DecisionChannel.PORTAL.name
    )
    text_version: Mapped[str]
    text_sha256: Mapped[str | None]
    email_address: Mapped[str | None]
    user_session_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("user_session.id"), index=True
    )
    decided_at: Mapped[datetime]


class ConsentText(Base):
    """A text that somebody agreed to, word for word, for as long as it may have to be proved."""

    __tablename__ = "consent_text"

    id: Mapped[PrimaryKey]
    sha256: Mapped[str] = mapped_column(unique=True)
    version: Mapped[str]
    locale: Mapped[Locale] = mapped_column(enum_of(Locale))
    text: Mapped[str]


class ProductMail(Base):
    """A mail with product information that a customer was sent; nobody gets the same one twice.

    `mailing` is the SHA-256 of sender, subject and text.
    """

    __tablename__ = "product_mail"
    __table_args__ = (UniqueConstraint("customer_id", "mailing"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    mailing: Mapped[str]
    subject: Mapped[str]
    enqueued_at: Mapped[datetime]


class DeliveryChannel(enum.Enum):
    """How letters reach the customer; the postbox copy exists either way (F30, F31)."""

    POSTBOX = "postbox"
    PAPER = "paper"


class DeliveryDecision(Base):
    """One choice of the delivery channel for one institution, effective from the next letter.

    With a text it is also the consent that a health fund needs (F107).
    """

    __tablename__ = "delivery_decision"
    __table_args__ = (Index("ix_delivery_decision_customer_id", "customer_id", "institution_id"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    channel: Mapped[DeliveryChannel] = mapped_column(enum_of(DeliveryChannel))
    text_version: Mapped[str | None]
    text_sha256: Mapped[str | None]
    user_session_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("user_session.id"), index=True
    )
    decided_at: Mapped[datetime]
