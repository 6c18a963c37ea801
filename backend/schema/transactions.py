"""GraphQL types for transactions and balances."""

from datetime import date

import strawberry

from backend.access import SIGNED_IN
from backend.resolvers import transactions as resolvers
from backend.schema.fields import attribute, computed, field, represents
from backend.schema.nodes import Node, PageInfo, node_id
from backend.schema.scalars import Money
from backend.services import transactions


@strawberry.type(description="A movement on a savings account, or on a self-added account.")
class Transaction(Node):
    id: strawberry.ID = node_id(*transactions.KINDS, kind_of=transactions.kind_of)
    value_date: date = attribute(SIGNED_IN, "Value date (Wertstellung), by which lists are sorted.")
    booking_date: date | None = attribute(SIGNED_IN, "Booking date; null while pending.")
    amount: Money = attribute(SIGNED_IN, "Amount, negative for debits.")
    balance_after: Money | None = attribute(
        SIGNED_IN,
        "Balance after this entry; null while it is pending, and where no statement of a "
        "self-added account tells it.",
    )
    counterparty_name: str | None = attribute(SIGNED_IN, "Who paid or was paid.")
    counterparty_iban: str | None = attribute(
        SIGNED_IN, "Their account as the bank names it, valid or not."
    )
    remittance_information: str = attribute(SIGNED_IN, "What it is for (Verwendungszweck).")
    is_pending: bool = attribute(
        SIGNED_IN, "Whether the bank has yet to book it; it is in no balance then."
    )
    is_reversal: bool = attribute(SIGNED_IN, "Whether it takes an earlier entry back.")

    is_type_of = represents(transactions.ListedTransaction)


@strawberry.type(description="A transaction in a list.")
class TransactionEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Transaction = attribute(SIGNED_IN, "The transaction.")


@strawberry.type(description="A page of transactions.")
class TransactionConnection:
    edges: list[TransactionEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Transaction] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many match in all.")


@strawberry.type(description="The balance of an account at the end of a day.")
class BalancePoint:
    day: date = attribute(SIGNED_IN, "The day.", name="date")
    balance: Money = attribute(SIGNED_IN, "Balance at its end.")


@strawberry.interface(
    description="Whatever has transactions: an account of the house, or one that the viewer added."
)
class AccountWithTransactions(Node):
    transactions: TransactionConnection = field(
        SIGNED_IN,
        resolvers.list_transactions,
        "Movements by value date, newest first. Opening them shortens the session's idle limit.",
    )
    balance_history: list[BalancePoint] = field(
        SIGNED_IN,
        resolvers.list_balance_points,
        "Balance at the end of each day on which it changed, oldest first; from <= day < to.",
    )
    transactions_csv_url: str = computed(
        SIGNED_IN,
        resolvers.transactions_csv_url_of,
        "Path of the transactions as CSV; takes from, to and search as query parameters.",
    )
