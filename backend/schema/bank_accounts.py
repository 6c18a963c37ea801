"""GraphQL types for bank accounts in contracts and the mandates to debit them."""

from datetime import date

import strawberry

from backend.access import SIGNED_IN
from backend.schema.fields import attribute


@strawberry.type(description="A bank account that stands in a contract.")
class BankAccount:
    masked_iban: str = attribute(
        SIGNED_IN, "IBAN with all but country, check digits and the last four hidden."
    )
    bic: str | None = attribute(SIGNED_IN, "Bank identifier code.")
    bank_name: str | None = attribute(SIGNED_IN, "Name of the bank.")
    holder: str | None = attribute(SIGNED_IN, "Who holds the account.")


@strawberry.type(description="A SEPA direct debit mandate.")
class SepaMandate:
    mandate_reference: str = attribute(SIGNED_IN, "Reference of the mandate.")
    creditor_identifier: str | None = attribute(SIGNED_IN, "Who may debit.")
    signed_on: date | None = attribute(SIGNED_IN, "When it was signed.")
    last_used_on: date | None = attribute(SIGNED_IN, "When it was last used.")
    bank_account: BankAccount | None = attribute(SIGNED_IN, "The account that is debited.")
