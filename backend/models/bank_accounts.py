"""Bank accounts that stand in contracts, and the mandates to debit them."""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class BankAccountPurpose(enum.Enum):
    """What a bank account is used for in a contract."""

    PREMIUM = "premium"
    PAYOUT = "payout"


class BankAccount(Base):
    """A bank account in a contract; never overwritten, so that the history stays (F121-F124).

    The current one has no `valid_to`. `is_valid` is false for an IBAN that a feed brought
    masked or broken: it is shown as given.
    """

    __tablename__ = "bank_account"
    __table_args__ = (Index("ix_bank_account_contract_id_purpose", "contract_id", "purpose"),)

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int] = mapped_column(BigId, ForeignKey("contract.id", ondelete="CASCADE"))
    purpose: Mapped[BankAccountPurpose] = mapped_column(enum_of(BankAccountPurpose))
    iban: Mapped[str]
    bic: Mapped[str | None]
    bank_name: Mapped[str | None]
    holder: Mapped[str | None]
    is_valid: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @property
    def masked_iban(self) -> str:
        """Country, check digits and the last four; the rest hidden."""
        return f"{self.iban[:4]} •••• {self.iban[-4:]}"


class MandateStatus(enum.Enum):
    """Where a mandate stands; only ACTIVE ones show (F68)."""

    ACTIVE = "active"
    REVOKED = "revoked"


class SepaMandate(Base):
    """A SEPA direct debit mandate of a contract. It lapses 36 months after its last use."""

    __tablename__ = "sepa_mandate"
    __table_args__ = (UniqueConstraint("contract_id", "mandate_reference"),)

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int] = mapped_column(BigId, ForeignKey("contract.id", ondelete="CASCADE"))
    mandate_reference: Mapped[str]
    creditor_identifier: Mapped[str | None]
    iban: Mapped[str | None]
    holder: Mapped[str | None]
    signed_on: Mapped[date | None]
    last_used_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    status: Mapped[MandateStatus] = mapped_column(enum_of(MandateStatus))

    @property
    def bank_account(self) -> BankAccount | None:
        """The account that is debited, as the mandate names it; no row of its own."""
        if self.iban is None:
            return None
        return BankAccount(iban=self.iban, holder=self.holder)
