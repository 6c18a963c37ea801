"""Accounts with other banks that customers add by their statements, and what moves on them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Amount, Base, BigId, PrimaryKey
from backend.models.transactions import Movement, StatementFacts, movement_constraints


class SelfAddedAccount(Base):
    """An account with another bank, known from the files that its customer sent (F9).

    No `SavingsAccount`: the house neither has it nor counts it (decision 0033). `account_key` is
    one spelling per account, so that files of all formats meet; `number` stands in for an IBAN that
    no file named. `balance` is the closing balance of the newest statement. `balance_from` is the
    day from which on the statements follow each other without a gap: what an entry before it left
    on the account is not known (decision 0035).
    """

    __tablename__ = "self_added_account"
    __table_args__ = (UniqueConstraint("customer_id", "account_key"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    account_key: Mapped[str]
    iban: Mapped[str | None]
    number: Mapped[str | None]
    bank_name: Mapped[str | None]
    label: Mapped[str | None]
    currency: Mapped[str | None]
    balance: Mapped[Decimal | None] = mapped_column(Amount)
    balance_on: Mapped[date | None]
    balance_from: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def shown_iban(self) -> str:
        """The IBAN, or the account's number where no file has named one."""
        return self.iban or self.number or ""

    @property
    def shown_currency(self) -> str:
        """The account's currency; euro unless a file says otherwise."""
        return self.currency or "EUR"


class SelfAddedStatement(StatementFacts, Base):
    """A statement of a self-added account, as one of its files told."""

    __tablename__ = "self_added_statement"
    __table_args__ = (UniqueConstraint("added_account_id", "statement_key"),)

    id: Mapped[PrimaryKey]
    added_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("self_added_account.id"))


class SelfAddedTransaction(Movement, Base):
    """A movement on a self-added account."""

    __tablename__ = "self_added_transaction"
    __table_args__ = movement_constraints("self_added_transaction", "added_account_id")

    id: Mapped[PrimaryKey]
    added_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("self_added_account.id"))
    statement_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("self_added_statement.id"), index=True
    )
