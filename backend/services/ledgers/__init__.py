"""Bank statements on accounts, the house's and those that customers add: written by one rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from backend.feeds.bank_records import StatementKind
from backend.models.contracts import Contract
from backend.models.self_added_accounts import (
    SelfAddedAccount,
    SelfAddedStatement,
    SelfAddedTransaction,
)
from backend.models.transactions import Statement, Transaction
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Table

    from backend.feeds.findings import Finding

Values = dict[str, Any]
BALANCED = tuple(kind.value for kind in StatementKind if kind.is_balanced)


class Ledger(Value):
    """The tables in which accounts of one kind, their statements and movements lie.

    `owner` is the column that leads to the account. `is_complete`: the bank itself sends all its
    statements one after the other, so that the newest one stands for every day before it. Customers
    send some of them, in any order and from several sources (decision 0035): there a statement
    stands for its own days only.
    """

    accounts: Table
    statements: Table
    movements: Table
    owner: str
    is_complete: bool

    def statements_of(self, account_id: int) -> ColumnElement[bool]:
        """Return the condition for the statements of an account."""
        return self.statements.c[self.owner] == account_id

    def movements_of(self, account_id: int) -> ColumnElement[bool]:
        """Return the condition for the movements of an account."""
        return self.movements.c[self.owner] == account_id


HOUSE = Ledger(
    accounts=cast("Table", Contract.__table__),
    statements=cast("Table", Statement.__table__),
    movements=cast("Table", Transaction.__table__),
    owner="contract_id",
    is_complete=True,
)
SELF_ADDED = Ledger(
    accounts=cast("Table", SelfAddedAccount.__table__),
    statements=cast("Table", SelfAddedStatement.__table__),
    movements=cast("Table", SelfAddedTransaction.__table__),
    owner="added_account_id",
    is_complete=False,
)


class Period(Value):
    """The days for which a statement with balances lists everything, first and last included."""

    kind: str
    first: date
    last: date


@dataclass(slots=True)
class KnownAccount:
    """An account in the database; `balance_on` is the day of its newest booked balance.

    `periods` are told where a ledger is not complete.
    """

    id: int
    balance_on: date | None
    has_holder: bool
    periods: Sequence[Period] = ()


class LedgerReport(Protocol):
    """Who hears what became of the entries."""

    accepted: int
    duplicates: int

    def note(self, finding: Finding) -> None:
        """List a finding."""

    def note_in_feed(self, finding: Finding) -> None:
        """List a finding about an entry; one that rejects stands for an entry that was lost."""
