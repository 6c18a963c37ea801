"""GraphQL types and mutations for changing the bank account of contracts, and seeing it in full."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models.bank_accounts import BankAccount as BankAccountRow
from backend.models.bank_accounts import BankAccountPurpose
from backend.resolvers import bank_accounts as resolvers
from backend.schema.approvals import ApprovalRequired
from backend.schema.bank_account_refusals import NotChangeableHere, PayoutAccountNotOwn
from backend.schema.bank_accounts import BankAccount, BankAccountOnFile, SepaMandate
from backend.schema.consents import ConsentText
from backend.schema.contracts import Contract
from backend.schema.fields import (
    attribute,
    command,
    computed,
    field,
    mutation,
    relation,
    represents,
)
from backend.schema.institutions import Institution
from backend.schema.refusals import (
    ApprovalMethodUnavailable,
    Conflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
)
from backend.services import (
    bank_account_disclosure,
    bank_account_records,
    bank_account_reviews,
    ibans,
)
from backend.services.institutions import load_institutions


@strawberry.type(description="A valid IBAN of the SEPA zone, and whose bank it is.")
class Iban:
    formatted: str = attribute(SIGNED_IN, "In groups of four, as on paper.")
    bank_name: str | None = attribute(SIGNED_IN, "Name of the bank; null if no registry has it.")
    bic: str | None = attribute(SIGNED_IN, "Bank identifier code; null if no registry has it.")

    is_type_of = represents(ibans.Iban)


@strawberry.type(description="What a new bank account means for one contract.")
class ReviewedContract:
    contract: Contract = attribute(SIGNED_IN, "Which one.")
    purpose: BankAccountPurpose = attribute(SIGNED_IN, "What the account is used for.")
    version: int = attribute(
        SIGNED_IN, "Counts the accounts of the contract; hand it to `changeBankAccount`."
    )
    present: BankAccount | None = attribute(SIGNED_IN, "The account that stands there today.")
    mandate_step: bank_account_reviews.MandateStep = attribute(
        SIGNED_IN, "What becomes of direct debit."
    )
    direct_debit: SepaMandate | None = attribute(
        SIGNED_IN, "The mandate in force on the day of the change, if it is about this account."
    )


@strawberry.type(description="What a new bank account would change. Nothing is done yet.")
class BankAccountReview:
    institution: Institution = attribute(SIGNED_IN, "Who will learn of it.")
    iban: Iban = attribute(SIGNED_IN, "The new account.")
    holder: str = attribute(SIGNED_IN, "Who holds it.")
    effective_from: date = attribute(
        SIGNED_IN, "First day on which it holds.", name="effectiveDate"
    )
    contracts: list[ReviewedContract] = attribute(
        SIGNED_IN, "The contracts that change; those that have the account already are left out."
    )
    mandate_text: ConsentText | None = field(
        SIGNED_IN,
        resolvers.mandate_text_of,
        "The direct debit mandate to sign; null if none is needed.",
    )

    is_type_of = represents(bank_account_reviews.BankAccountReview)


@strawberry.type(
    description="The new account is noted and on its way to the institution, which may refuse it."
)
class BankAccountChanged:
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Who learns of it.", key="institution_id"
    )
    accounts: list[BankAccountOnFile] = attribute(SIGNED_IN, "One for each contract.")

    is_type_of = represents(bank_account_records.BankAccountChanged)


@strawberry.type(description="A bank account with its full IBAN.")
class ShownBankAccount:
    account: BankAccountOnFile = computed(SIGNED_IN, resolvers.itself, "Which one.")
    iban: str = attribute(SIGNED_IN, "As it is on file.")

    is_type_of = represents(BankAccountRow)


@strawberry.type(description="Full IBANs, for this one answer.")
class BankAccountsShown:
    accounts: list[ShownBankAccount] = attribute(
        SIGNED_IN, "All that are on file.", name="shownAccounts"
    )
    hide_at: datetime = attribute(SIGNED_IN, "When a client takes them off the screen again.")

    is_type_of = represents(bank_account_disclosure.BankAccountsShown)


CheckIbanResult = Annotated[
    Iban | InvalidInput,
    strawberry.union("CheckIbanResult", description="A good IBAN, or what is wrong with it."),
]
ReviewBankAccountResult = Annotated[
    BankAccountReview | InvalidInput | PayoutAccountNotOwn | NotChangeableHere | NotFound,
    strawberry.union("ReviewBankAccountResult", description="What would change, or a refusal."),
]
ChangeBankAccountResult = Annotated[
    ApprovalRequired
    | BankAccountChanged
    | InvalidInput
    | PayoutAccountNotOwn
    | NotChangeableHere
    | Conflict
    | NotFound
    | ApprovalMethodUnavailable
    | TooManyAttempts
    | NotSignedIn,
    strawberry.union(
        "ChangeBankAccountResult",
        description="What to approve; the change itself, if it was approved under this key before; "
        "or a refusal.",
    ),
]
ShowBankAccountsResult = Annotated[
    ApprovalRequired | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("ShowBankAccountsResult", description="What to approve, or a refusal."),
]


@strawberry.type
class BankAccountMutations:
    change_bank_account: ChangeBankAccountResult = mutation(
        SIGNED_IN,
        resolvers.change_bank_account,
        "Change the bank account of contracts as reviewed, all or none of them, once approved.",
    )
    show_bank_accounts: ShowBankAccountsResult = command(
        SIGNED_IN,
        resolvers.show_bank_accounts,
        "Show the full IBANs of all bank accounts on file, once approved by passkey.",
    )
