"""Resolve savings accounts and fixed-term deposits."""

from collections.abc import Sequence
from decimal import Decimal

import strawberry

from backend.context import Info
from backend.models.contracts import SavingsProduct
from backend.money import Money
from backend.services import contracts, transactions

_NOTHING = Decimal("0.00")


async def list_savings_products(info: Info) -> Sequence[SavingsProduct]:
    """List the viewer's savings accounts and deposits."""
    async with info.context.transaction() as session:
        return await contracts.list_savings_products(
            session,
            customer_id=info.context.signed_in.customer_id,
            today=info.context.today,
            policy=info.context.house.policy,
        )


async def balance_of(root: strawberry.Parent[SavingsProduct], info: Info) -> Money:
    """Return the balance of the newest statement; without one the sum of what is booked."""
    amount: Decimal | None = root.balance
    if amount is None:
        amount = await info.context.load(transactions.load_booked_sums_of, root.id)
    return Money(amount or _NOTHING, root.shown_currency)
