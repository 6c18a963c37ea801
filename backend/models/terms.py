"""The texts that a user agreement consists of, and which of them a customer accepted."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of
from backend.models.user_accounts import Locale


class TermsKind(enum.Enum):
    """Which text (F2-F4): the portal's terms of use, and separately those of the postbox."""

    PORTAL = "portal"
    POSTBOX = "postbox"


class AcceptedTerms(Base):
    """A text that a customer accepted; `sha256` is that of exactly the text that was shown."""

    __tablename__ = "accepted_terms"
    __table_args__ = (UniqueConstraint("user_account_id", "kind", "version"),)

    id: Mapped[PrimaryKey]
    user_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    kind: Mapped[TermsKind] = mapped_column(enum_of(TermsKind))
    version: Mapped[str]
    locale: Mapped[Locale] = mapped_column(enum_of(Locale))
    sha256: Mapped[str]
    accepted_at: Mapped[datetime]
