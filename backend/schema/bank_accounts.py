"""GraphQL types for bank accounts in contracts and the mandates to debit them."""

from datetime import date, datetime

import strawberry

from backend.access import SIGNED_IN
from backend.models import bank_accounts as models
from backend.schema.fields import attribute, represents
from backend.schema.nodes import Node, node_id


@strawberry.type(description="A bank account that stands in a contract.")
class BankAccount:
    masked_iban: str = attribute(
        SIGNED_IN, "IBAN with all but country, check digits and the last four hidden."
    )
    bic: str | None = attribute(SIGNED_IN, "Bank identifier code.")
    bank_name: str | None = attribute(SIGNED_IN, "Name of the bank.")
    holder: str | None = attribute(SIGNED_IN, "Who holds the account.")


@strawberry.type(
    description="A bank account that stands or ever stood in a contract; it stays on file."
)
class BankAccountOnFile(Node):
    id: strawberry.ID = node_id("BankAccountOnFile")
    purpose: models.BankAccountPurpose = attribute(SIGNED_IN, "What it is used for.")
    state: models.BankAccountState = attribute(SIGNED_IN, "How far it has come.")
    masked_iban: str = attribute(
        SIGNED_IN,
        "IBAN with all but country, check digits and the last four hidden; `showBankAccounts` "
        "shows it in full.",
    )
    bic: str | None = attribute(SIGNED_IN, "Bank identifier code.")
    bank_name: str | None = attribute(SIGNED_IN, "Name of the bank.")
    holder: str | None = attribute(SIGNED_IN, "Who holds the account.")
    valid_from: date = attribute(SIGNED_IN, "First day on which it holds.", name="startDate")
    valid_to: date | None = attribute(
        SIGNED_IN,
        "First day on which it holds no more; null for the newest.",
        name="endDate",
    )
    changed_at: datetime | None = attribute(
        SIGNED_IN, "When a customer approved it here; null if the institution named it."
    )
    refused_because: str | None = attribute(SIGNED_IN, "Why the institution refused it.")

    is_type_of = represents(models.BankAccount)


@strawberry.type(description="A SEPA direct debit mandate.")
class SepaMandate:
    mandate_reference: str = attribute(SIGNED_IN, "Reference of the mandate.")
    creditor_identifier: str | None = attribute(SIGNED_IN, "Who may debit.")
    signed_on: date | None = attribute(SIGNED_IN, "When it was signed.")
    last_used_on: date | None = attribute(SIGNED_IN, "When it was last used.")
    ends_on: date | None = attribute(
        SIGNED_IN, "Its last day unless it is used before; null if the portal knows none."
    )
    bank_account: BankAccount | None = attribute(SIGNED_IN, "The account that is debited.")
