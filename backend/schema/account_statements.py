"""GraphQL types for bank files that the viewer adds, and what can be done with their accounts."""

from datetime import date
from typing import Annotated, Any

import strawberry

from backend import errors
from backend.access import PUBLIC, SIGNED_IN
from backend.context import Info
from backend.resolvers import self_added_accounts as resolvers
from backend.schema.fields import attribute, computed, mutation, represents
from backend.schema.refusals import InvalidInput, NotFound, NotSignedIn, Refusal
from backend.schema.self_added_accounts import SelfAddedAccount
from backend.schema.self_added_contracts import SelfAddedData, SelfAddedLimitReached
from backend.services import self_added_findings, self_added_statements
from backend.wording import word


@strawberry.type(description="What a file brought to one account.")
class AccountAddition:
    account: SelfAddedAccount = attribute(SIGNED_IN, "The account.")
    accepted: int = attribute(SIGNED_IN, "How many transactions are new.", name="addedCount")
    duplicates: int = attribute(
        SIGNED_IN, "How many were there already; nothing is there twice.", name="knownCount"
    )
    first_day: date | None = attribute(
        SIGNED_IN, "The first booking date in the file.", name="firstBookingDate"
    )
    last_day: date | None = attribute(
        SIGNED_IN, "The last booking date in the file.", name="lastBookingDate"
    )

    is_type_of = represents(self_added_statements.AccountAddition)


@strawberry.type(description="Something odd about a file; the rest of it was taken over.")
class StatementFinding:
    line: int | None = attribute(SIGNED_IN, "In which line; null where the format has none.")
    kind: self_added_findings.FindingKind = attribute(SIGNED_IN, "What it is, for programs.")
    message: str = computed(SIGNED_IN, resolvers.message_of, "What it is, for the customer.")

    is_type_of = represents(self_added_findings.StatementFinding)


@strawberry.type(description="A bank's file was taken over.")
class AccountStatementAdded:
    accounts: list[AccountAddition] = attribute(SIGNED_IN, "What it brought, by account.")
    findings: list[StatementFinding] = attribute(
        SIGNED_IN, "What was odd about it: at most the first few hundred."
    )

    is_type_of = represents(self_added_statements.StatementAddition)


@strawberry.type(
    description="The file is about an account that the house keeps for the viewer: it is here."
)
class AccountOfTheHouse(Refusal):
    iban: str = attribute(PUBLIC, "IBAN of that account, or its number.")


class _HouseAccountHandler(
    strawberry.ExceptionHandler[errors.HouseAccountError, AccountOfTheHouse]
):
    def handle(
        self, exception: errors.HouseAccountError, *, info: Info, **_: Any
    ) -> AccountOfTheHouse:
        message = word("refusal.account_of_the_house", info.context.locale)
        return AccountOfTheHouse(message=message, iban=exception.iban)


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [_HouseAccountHandler()]

AddAccountStatementResult = Annotated[
    AccountStatementAdded | InvalidInput | AccountOfTheHouse | SelfAddedLimitReached | NotSignedIn,
    strawberry.union(
        "AddAccountStatementResult", description="What the file brought, or why it was refused."
    ),
]
NameSelfAddedAccountResult = Annotated[
    SelfAddedAccount | InvalidInput | NotFound | NotSignedIn,
    strawberry.union(
        "NameSelfAddedAccountResult", description="The account, or why it was refused."
    ),
]
RemoveSelfAddedAccountResult = Annotated[
    SelfAddedData | NotFound | NotSignedIn,
    strawberry.union(
        "RemoveSelfAddedAccountResult", description="What is left, or why it was refused."
    ),
]


@strawberry.type
class SelfAddedAccountMutations:
    add_account_statement: AddAccountStatementResult = mutation(
        SIGNED_IN,
        resolvers.add_account_statement,
        "Take over a file of another bank (camt, MT940, CSV), all of it or nothing: its accounts "
        "are added, or continued with what is new. The same file twice changes nothing.",
    )
    name_self_added_account: NameSelfAddedAccountResult = mutation(
        SIGNED_IN, resolvers.name_self_added_account, "Give a self-added account a name."
    )
    remove_self_added_account: RemoveSelfAddedAccountResult = mutation(
        SIGNED_IN,
        resolvers.remove_self_added_account,
        "Remove a self-added account with its transactions.",
    )
