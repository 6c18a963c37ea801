"""Registrations that wait for their proofs: an address read, a phone at hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, PrimaryKey, enum_of
from backend.models.user_accounts import Locale


class Registration(Base):
    """What somebody typed to register (F1); it becomes a user account or is forgotten.

    One is written for a known address too, so that both cost the same work; its link is never
    sent. `link_hash` is the SHA-256 of the mail link's token, `secret_hash` of the secret that
    following the link gave; both exist nowhere else. `tan_hash` is an argon2 hash. The accepted
    texts are kept as the SHA-256 of what was shown.
    """

    __tablename__ = "registration"

    id: Mapped[PrimaryKey]
    email_address: Mapped[str] = mapped_column(index=True)
    password_hash: Mapped[str]
    phone_number: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[str]
    locale: Mapped[Locale] = mapped_column(enum_of(Locale))
    portal_terms_sha256: Mapped[str]
    postbox_terms_sha256: Mapped[str]
    link_hash: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    tan_hash: Mapped[str | None]
    tan_expires_at: Mapped[datetime | None]
    tan_attempts: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
