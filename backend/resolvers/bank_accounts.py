"""Resolve bank accounts in contracts: checking, reviewing, changing and showing them."""

from datetime import date
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_id
from backend.models.approvals import Approval
from backend.models.bank_accounts import BankAccount
from backend.resolvers.approvals import ApprovalRequired
from backend.services import (
    bank_account_changes,
    bank_account_disclosure,
    bank_account_reviews,
    bank_accounts,
    ibans,
    mandate_texts,
)
from backend.services.bank_account_records import BankAccountChanged
from backend.services.dated_texts import DatedText
from backend.services.sessions import Viewer


@strawberry.input(description="A contract whose bank account changes.")
class ContractToChange:
    """A contract as its review showed it."""

    contract: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description="The `version` that the review showed.")


TypedIban = Annotated[
    str, strawberry.argument(description="As people write it, blanks and small letters too.")
]
Holder = Annotated[
    str | None,
    strawberry.argument(description="Who holds the account; null: the viewer."),
]
EffectiveFrom = Annotated[
    date | None, strawberry.argument(description="First day on which it holds; null: today.")
]


async def check_iban(
    root: strawberry.Parent[Viewer],  # noqa: ARG001  # a field of the viewer
    iban: TypedIban,
) -> ibans.Iban:
    """Judge an IBAN while it is typed."""
    return ibans.require_iban(iban)


async def review_bank_account(  # the account, for which contracts
    root: strawberry.Parent[Viewer],
    info: Info,
    contracts: Annotated[
        list[strawberry.ID], strawberry.argument(description="Contracts with one institution.")
    ],
    iban: TypedIban,
    holder: Holder = None,
    effective_from: EffectiveFrom = None,
) -> bank_account_reviews.BankAccountReview:
    """Say what a new bank account would change."""
    async with info.context.transaction() as session:
        return await bank_account_reviews.review_bank_account(
            session,
            info.context.house,
            viewer=root,
            wanted=bank_account_reviews.WantedAccount(
                tuple(decode_id(one, "Contract") for one in contracts), iban, holder, effective_from
            ),
        )


async def mandate_text_of(
    root: strawberry.Parent[bank_account_reviews.BankAccountReview], info: Info
) -> DatedText | None:
    """Return the mandate to sign, in the client's language."""
    context = info.context
    if not root.needs_mandate:
        return None
    return mandate_texts.mandate_text_in_force(
        context.house, root.institution, context.locale, day=context.today
    )


async def change_bank_account(  # the account, for which contracts, what was signed
    info: Info,
    contracts: Annotated[
        list[ContractToChange], strawberry.argument(description="Contracts with one institution.")
    ],
    iban: TypedIban,
    idempotency_key: Annotated[
        str,
        strawberry.argument(
            description="Made by the client for this change, at most 64 characters: sent again "
            "under the same key, a change that was approved is returned, not made twice."
        ),
    ],
    holder: Holder = None,
    effective_from: EffectiveFrom = None,
    mandate_text: Annotated[
        str | None,
        strawberry.argument(description="SHA-256 of the mandate's text, if one was to sign."),
    ] = None,
) -> ApprovalRequired | BankAccountChanged:
    """Ask for the approval of a new bank account."""
    context = info.context
    versions = {decode_id(one.contract, "Contract"): one.version for one in contracts}
    asked = await bank_account_changes.request_bank_account_change(
        context.house,
        viewer=context.signed_in,
        wanted=bank_account_reviews.WantedAccount(tuple(versions), iban, holder, effective_from),
        versions=versions,
        mandate_text=mandate_text,
        key=idempotency_key,
        locale=context.locale,
    )
    return ApprovalRequired(asked) if isinstance(asked, Approval) else asked


async def show_bank_accounts(info: Info) -> ApprovalRequired:
    """Ask for the passkey that shows them in full."""
    context = info.context
    return ApprovalRequired(
        await bank_account_disclosure.request_bank_accounts(
            context.house, viewer=context.signed_in, locale=context.locale
        )
    )


def itself(root: strawberry.Parent[BankAccount]) -> BankAccount:
    """Return the account under another type."""
    return root


async def find_bank_account_on_file(
    session: AsyncSession, context: Context, bank_account_id: int
) -> BankAccount | None:
    """Find a bank account for `node`."""
    return await bank_accounts.find_account_on_file(
        session,
        customer_id=context.signed_in.customer_id,
        bank_account_id=bank_account_id,
        today=context.today,
        policy=context.house.policy,
    )
