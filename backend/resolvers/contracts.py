"""Resolve contracts of the viewer."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_filter_id
from backend.models.bank_accounts import BankAccount
from backend.models.contracts import Contract, ContractKind, InsuranceContract
from backend.models.insurance_details import Coverage
from backend.paging import DEFAULT_PAGE, Page
from backend.services import bank_accounts, contracts


@strawberry.input(description="Which contracts to list; conditions add up.")
class ContractFilter:
    """Conditions on contracts."""

    kinds: list[ContractKind] | None = strawberry.field(
        default=None, description="Only contracts of these kinds."
    )
    institution: strawberry.ID | None = strawberry.field(
        default=None, description="Only contracts with this institution."
    )
    search: str | None = strawberry.field(
        default=None, description="Text in the number or the product's name."
    )


First = Annotated[int, strawberry.argument(description="Rows of a page, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="`endCursor` of the page before.")]


async def list_contracts(
    info: Info,
    filter: Annotated[  # noqa: A002  # the argument's name in GraphQL
        ContractFilter | None, strawberry.argument(description="Conditions; none: all contracts.")
    ] = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Page[Contract]:
    """List the viewer's visible contracts."""
    wanted = filter or ContractFilter()
    async with info.context.transaction() as session:
        return await contracts.list_contracts(
            session,
            customer_id=info.context.signed_in.customer_id,
            today=info.context.today,
            policy=info.context.house.policy,
            kinds=wanted.kinds,
            institution_id=decode_filter_id(wanted.institution, "Institution"),
            search=wanted.search,
            first=first,
            after=after,
        )


def coverages_of(root: strawberry.Parent[InsuranceContract]) -> Sequence[Coverage]:
    """Return what a contract covers; empty if the feed names nothing."""
    return root.coverages or ()


async def direct_debit_of(
    root: strawberry.Parent[Contract], info: Info
) -> bank_accounts.DirectDebit | None:
    """Return the direct debit mandate; none unless one is in force today (F68)."""
    context = info.context
    debit: bank_accounts.DirectDebit | None = await context.load(
        bank_accounts.load_direct_debits_of,
        root.id,
        today=context.today,
        policy=context.house.policy,
    )
    return debit


async def premium_account_of(root: strawberry.Parent[Contract], info: Info) -> BankAccount | None:
    """Return the account from which the premium is collected today."""
    context = info.context
    account: BankAccount | None = await context.load(
        bank_accounts.load_premium_accounts_of, root.id, today=context.today
    )
    return account


async def payout_account_of(root: strawberry.Parent[Contract], info: Info) -> BankAccount | None:
    """Return the account to which money is paid out today (F67)."""
    context = info.context
    account: BankAccount | None = await context.load(
        bank_accounts.load_payout_accounts_of, root.id, today=context.today
    )
    return account


async def find_contract(
    session: AsyncSession, context: Context, contract_id: int
) -> Contract | None:
    """Find a contract for `node`."""
    return await contracts.find_contract(
        session,
        customer_id=context.signed_in.customer_id,
        contract_id=contract_id,
        today=context.today,
        policy=context.house.policy,
    )


def next_due_date_of(root: strawberry.Parent[InsuranceContract], info: Info) -> date | None:
    """Work out the next instalment from today on."""
    return contracts.next_due_date(root, today=info.context.today)
