"""Bank accounts that stand in contracts, and the mandates to debit them."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class BankAccountPurpose(enum.Enum):
    """What a bank account is used for in a contract."""

    PREMIUM = "premium"
    PAYOUT = "payout"


class BankAccountState(enum.Enum):
    """How far a bank account of a contract has come with the institution."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    REFUSED = "refused"


class BankAccount(Base):
    """A bank account in a contract; never overwritten, so that the history stays (F121-F124).

    The rows of a contract and purpose are counted by `version`; whoever changes the account names
    the one they saw. It holds from `valid_from` until before `valid_to`; the newest has none.
    `is_valid` is false for an IBAN that a feed brought masked or broken: it is shown as given.
    What a customer changed bears the `change_uid` that all contracts of one change share, the
    instant of their approval, why the institution refused it, and the mandate that debits it.
    """

    __tablename__ = "bank_account"
    __table_args__ = (UniqueConstraint("contract_id", "purpose", "version"),)

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
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[BankAccountState] = mapped_column(
        enum_of(BankAccountState), default=BankAccountState.CONFIRMED
    )
    change_uid: Mapped[str | None] = mapped_column(index=True)
    changed_at: Mapped[datetime | None]
    refused_because: Mapped[str | None]
    mandate_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("sepa_mandate.id", ondelete="SET NULL"), index=True
    )

    @property
    def masked_iban(self) -> str:
        """Country, check digits and the last four; the rest hidden."""
        return f"{self.iban[:4]} •••• {self.iban[-4:]}"


class MandateStatus(enum.Enum):
    """Where a mandate stands; only ACTIVE ones show (F68)."""

    ACTIVE = "active"
    REVOKED = "revoked"


class SepaMandate(Base):
    """A SEPA direct debit mandate of a contract. It lapses 36 months after its last use.

    `is_use_told`: whoever named it tells uses, so that none means that it was never used. Otherwise
    nobody here knows, and it holds for as long as the institution names it (decision 0036).
    One that a customer signed here bears the `change_uid` of that change, its first day and the
    version and hash of the text; the one before ends on that day, `ended_by` the same change.
    """

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
    is_use_told: Mapped[bool] = mapped_column(default=False, server_default=false())
    expires_on: Mapped[date | None]
    status: Mapped[MandateStatus] = mapped_column(enum_of(MandateStatus))
    starts_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[str | None]
    change_uid: Mapped[str | None] = mapped_column(index=True)
    text_version: Mapped[str | None]
    text_sha256: Mapped[str | None]
