"""Resolve transactions and balances of savings products and of self-added accounts.

Whoever opens them has opened payment-account data: the session's idle limit gets shorter.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import encode_id
from backend.models.self_added_accounts import SelfAddedAccount
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import transaction_filter, transactions
from backend.services.transaction_queries import MoneyAccount
from backend.services.transactions import BalancePoint, ListedTransaction


@strawberry.input(
    description="Which transactions to list; conditions add up. Half-open: from <= value date < to."
)
class TransactionFilter:
    """Conditions on transactions."""

    from_: date | None = strawberry.field(
        default=None, name="from", description="First value date."
    )
    to: date | None = strawberry.field(default=None, description="Day after the last value date.")
    search: str | None = strawberry.field(
        default=None, description="Text in counterparty or remittance information."
    )
    min_amount: Decimal | None = strawberry.field(
        default=None, description="Smallest amount; debits are negative."
    )
    max_amount: Decimal | None = strawberry.field(
        default=None, description="Largest amount; debits are negative."
    )


From = Annotated[
    date | None, strawberry.argument(name="from", description="First day of the period.")
]
To = Annotated[date | None, strawberry.argument(description="Day after the last of the period.")]


async def list_transactions(
    root: strawberry.Parent[MoneyAccount],
    info: Info,
    filter: Annotated[  # noqa: A002  # the argument's name in GraphQL
        TransactionFilter | None,
        strawberry.argument(description="Conditions; none: all transactions."),
    ] = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Page[ListedTransaction]:
    """List an account's transactions."""
    info.context.session_change.has_opened_bank_data = True
    wanted = filter or TransactionFilter()
    async with info.context.transaction() as session:
        return await transactions.list_transactions(
            session,
            account=root,
            wanted=transaction_filter.TransactionFilter(
                from_date=wanted.from_,
                to_date=wanted.to,
                search=wanted.search,
                min_amount=wanted.min_amount,
                max_amount=wanted.max_amount,
            ),
            first=first,
            after=after,
        )


async def list_balance_points(
    root: strawberry.Parent[MoneyAccount], info: Info, from_: From = None, to: To = None
) -> list[BalancePoint]:
    """List an account's balance by day."""
    info.context.session_change.has_opened_bank_data = True
    async with info.context.transaction() as session:
        return await transactions.list_balance_points(
            session, account=root, from_date=from_, to_date=to
        )


async def find_transaction(
    session: AsyncSession, context: Context, transaction_id: int
) -> ListedTransaction | None:
    """Find a transaction for `node`."""
    found = await transactions.find_transaction(
        session,
        customer_id=context.signed_in.customer_id,
        transaction_id=transaction_id,
        today=context.today,
        policy=context.house.policy,
    )
    if found is not None:
        context.session_change.has_opened_bank_data = True
    return found


async def find_self_added_transaction(
    session: AsyncSession, context: Context, transaction_id: int
) -> ListedTransaction | None:
    """Find a transaction of a self-added account for `node`."""
    found = await transactions.find_self_added_transaction(
        session, customer_id=context.signed_in.customer_id, transaction_id=transaction_id
    )
    if found is not None:
        context.session_change.has_opened_bank_data = True
    return found


def transactions_csv_url_of(root: strawberry.Parent[MoneyAccount]) -> str:
    """Return where the transactions can be downloaded."""
    if isinstance(root, SelfAddedAccount):
        account = encode_id("SelfAddedAccount", root.id)
        return f"/self-added-accounts/{account}/transactions.csv"
    return f"/savings-accounts/{encode_id('Contract', root.id)}/transactions.csv"
