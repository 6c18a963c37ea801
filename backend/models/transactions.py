"""Account statements and the transactions in them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Amount, Base, BigId, PrimaryKey


class Statement(Base):
    """One account statement as a bank file delivered it."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("contract_id", "statement_key"),)

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int] = mapped_column(BigId, ForeignKey("contract.id", ondelete="CASCADE"))
    statement_key: Mapped[str]
    number: Mapped[str | None]
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    opening_balance: Mapped[Decimal | None] = mapped_column(Amount)
    closing_balance: Mapped[Decimal | None] = mapped_column(Amount)
    imported_at: Mapped[datetime]


class Transaction(Base):
    """A movement on a savings account.

    Sorted and shown by value date (F65); the booking date is stored beside it.
    `entry_key` is the duplicate key of DOMAIN.md. A pending entry never enters a balance and
    vanishes when the booked one arrives.
    """

    __tablename__ = "account_transaction"
    __table_args__ = (
        UniqueConstraint("contract_id", "entry_key"),
        Index(
            "ix_account_transaction_order",
            "contract_id",
            "is_pending",
            "value_date",
            "booking_date",
            "sequence",
            "id",
            "amount",
        ),
    )

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int] = mapped_column(BigId, ForeignKey("contract.id", ondelete="CASCADE"))
    statement_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("statement.id"), index=True)
    entry_key: Mapped[str]
    value_date: Mapped[date]
    booking_date: Mapped[date]
    sequence: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Amount)
    currency: Mapped[str]
    is_pending: Mapped[bool]
    is_reversal: Mapped[bool]
    counterparty_name: Mapped[str | None]
    counterparty_iban: Mapped[str | None]
    counterparty_iban_is_valid: Mapped[bool]
    end_to_end_id: Mapped[str | None]
    mandate_reference: Mapped[str | None]
    creditor_identifier: Mapped[str | None]
    booking_text: Mapped[str | None]
    remittance_information: Mapped[str]
