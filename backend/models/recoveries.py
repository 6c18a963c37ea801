"""Recoveries that wait for their proofs, and the letters with codes that are one of them (X19)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of
from backend.models.user_accounts import Locale


class Recovery(Base):
    """Somebody who can't sign in any more asked for a way back; deleted once it is over.

    One is written for an unknown address too, so that both cost the same work: whose it is, the
    worker finds out. `link_hash` is the SHA-256 of the mail link's token, `secret_hash` of the
    secret that following the link gave; both exist nowhere else. `account_version` is what the
    user account was when the mail left: a credential that changes meanwhile ends the recovery.
    `password_hash` waits for the second proof, `nonce` is in what a passkey signs with it;
    `recovery_letter_id` names the letter whose code was right, `phone_number` where the TAN went.
    """

    __tablename__ = "recovery"

    id: Mapped[PrimaryKey]
    email_address: Mapped[str] = mapped_column(index=True)
    user_account_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("user_account.id"), index=True
    )
    account_version: Mapped[int | None]
    locale: Mapped[Locale] = mapped_column(enum_of(Locale))
    link_hash: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    nonce: Mapped[bytes | None]
    recovery_letter_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("recovery_letter.id"), index=True
    )
    phone_number: Mapped[str | None]
    tan_hash: Mapped[str | None]
    tan_expires_at: Mapped[datetime | None]
    tan_attempts: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryLetter(Base):
    """A letter to the address that an institution has of a customer, with a code in it.

    Until the worker has written it, `code_hash` and `print_job` are empty. 80 random bits need no
    slow hash: `code_hash` is their SHA-256; the code stands in its letter only.
    """

    __tablename__ = "recovery_letter"

    id: Mapped[PrimaryKey]
    user_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"), index=True)
    customer_number_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("customer_number.id"), index=True
    )
    code_hash: Mapped[str | None]
    print_job: Mapped[str | None] = mapped_column(index=True)
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    @property
    def requested_at(self) -> datetime:
        """When it was asked for."""
        return self.created_at
