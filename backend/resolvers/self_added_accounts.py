"""Resolve accounts with other banks that the viewer added by their statements."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_filter_id, decode_id
from backend.models.self_added_accounts import SelfAddedAccount
from backend.money import Money
from backend.resolvers.described_enums import declare
from backend.services import self_added_accounts, self_added_data, self_added_statements
from backend.services.self_added_data import SelfAddedData
from backend.services.self_added_findings import FindingKind, StatementFinding
from backend.services.self_added_statements import StatementAddition
from backend.wording import word

declare(
    FindingKind,
    "What was odd about a bank file.",
    ENTRY_LEFT_OUT="A transaction could not be read and is left out.",
    STATEMENT_LEFT_OUT="A statement could not be read and is left out.",
    NOT_BOOKED="A transaction that the bank lists for information only is left out.",
    DOES_NOT_ADD_UP="Opening balance and transactions do not come to the closing balance.",
    BALANCE_MISSING="A statement without opening or closing balance.",
    REPEATED="The file lists a transaction or a statement more than once.",
    STATEMENT_MISSING="Statements between this one and the one before are missing.",
    DOUBTFUL="Something was missing or unclear, and the nearest meaning was taken.",
)

AccountId = Annotated[strawberry.ID, strawberry.argument(description="Which one.")]


async def list_self_added_accounts(
    root: strawberry.Parent[SelfAddedData], info: Info
) -> Sequence[SelfAddedAccount]:
    """List accounts that the viewer added."""
    async with info.context.transaction() as session:
        return await self_added_accounts.list_self_added_accounts(
            session, customer_id=root.customer_id
        )


async def add_account_statement(
    info: Info,
    upload: Annotated[
        strawberry.ID,
        strawberry.argument(
            description="An accepted upload sent with `?for=account-statement`; it is used up."
        ),
    ],
    iban: Annotated[
        str | None,
        strawberry.argument(
            description="The account's IBAN, for an export that names none; else left out."
        ),
    ] = None,
) -> StatementAddition:
    """Take over a bank's file."""
    info.context.session_change.has_opened_bank_data = True
    return await self_added_statements.add_account_statement(
        info.context.house,
        viewer=info.context.signed_in,
        # A foreign id and nonsense are found out by the service, at the same place.
        upload_id=decode_filter_id(upload, "Upload") or 0,
        iban=iban or "",
    )


async def name_self_added_account(
    info: Info,
    account: AccountId,
    label: Annotated[
        str,
        strawberry.argument(description="At most 80 characters; empty: the bank's name again."),
    ],
) -> SelfAddedAccount:
    """Name an account."""
    return await self_added_accounts.name_self_added_account(
        info.context.house,
        viewer=info.context.signed_in,
        account_id=decode_id(account, "SelfAddedAccount"),
        label=label,
    )


async def remove_self_added_account(info: Info, account: AccountId) -> SelfAddedData:
    """Remove an account."""
    context = info.context
    await self_added_accounts.remove_self_added_account(
        context.house,
        viewer=context.signed_in,
        account_id=decode_id(account, "SelfAddedAccount"),
    )
    async with context.transaction() as session:
        return await self_added_data.count_self_added(
            session, customer_id=context.signed_in.customer_id
        )


def balance_of(root: strawberry.Parent[SelfAddedAccount]) -> Money | None:
    """Return the balance of the newest statement."""
    return None if root.balance is None else Money(root.balance, root.shown_currency)


async def has_unknown_balances(root: strawberry.Parent[SelfAddedAccount], info: Info) -> bool:
    """Look for transactions whose balance nobody knows."""
    async with info.context.transaction() as session:
        return await self_added_accounts.has_unknown_balances(session, account=root)


def message_of(root: strawberry.Parent[StatementFinding], info: Info) -> str:
    """Word what was odd about a file."""
    return word(f"statement_finding.{root.kind.value}", info.context.locale)


async def find_self_added_account(
    session: AsyncSession, context: Context, row: int
) -> SelfAddedAccount | None:
    """Find a self-added account for `node`."""
    return await self_added_accounts.find_self_added_account(
        session, customer_id=context.signed_in.customer_id, account_id=row
    )
