"""Account statements and the transactions in them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Amount, Base, BigId, PrimaryKey, partial_index


class StatementFacts:
    """What a bank file says about one account statement, whoever's account it is.

    `kind` is the message it came in (camt.053, MT940, …). The balances are there once all its
    entries are: a statement without closing balance may be a part of one.
    """

    statement_key: Mapped[str]
    kind: Mapped[str | None]
    number: Mapped[str | None]
    sequence_number: Mapped[int | None]
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    opening_balance: Mapped[Decimal | None] = mapped_column(Amount)
    closing_balance: Mapped[Decimal | None] = mapped_column(Amount)
    imported_at: Mapped[datetime]


class Movement:
    """A movement of money on an account, whoever's it is.

    Sorted and shown by value date (F65); the booking date is stored beside it.
    `entry_key` is the duplicate key of DOMAIN.md. A pending entry never enters a balance and
    vanishes when the booked one arrives. So does any entry with a `content_key`: it is provisional,
    known from an intraday report or a notification only.
    """

    entry_key: Mapped[str]
    content_key: Mapped[str | None]
    bank_reference: Mapped[str | None]
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


def movement_constraints(table: str, owner: str) -> tuple[UniqueConstraint | Index, ...]:
    """Return what a table of movements needs: each once, in order, the provisional ones at hand."""
    return (
        UniqueConstraint(owner, "entry_key"),
        Index(
            f"ix_{table}_order",
            owner,
            "value_date",
            "booking_date",
            "sequence",
            "id",
            # Not for the order: sums of booked entries read the index only.
            "is_pending",
            "amount",
        ),
        partial_index(
            f"ix_{table}_provisional",
            owner,
            "is_pending",
            "content_key",
            where="content_key IS NOT NULL",
        ),
    )


class Statement(StatementFacts, Base):
    """A statement of one of the house's accounts."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("contract_id", "statement_key"),)

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int] = mapped_column(BigId, ForeignKey("contract.id", ondelete="CASCADE"))


class Transaction(Movement, Base):
    """A movement on a savings account."""

    __tablename__ = "account_transaction"
    __table_args__ = movement_constraints("account_transaction", "contract_id")

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int] = mapped_column(BigId, ForeignKey("contract.id", ondelete="CASCADE"))
    statement_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("statement.id"), index=True)
