"""GraphQL type of accounts with other banks that the viewer added by their statements."""

from datetime import date, datetime

import strawberry

from backend.access import SIGNED_IN
from backend.models import self_added_accounts as models
from backend.resolvers import self_added_accounts as resolvers
from backend.schema.fields import attribute, computed, field, represents
from backend.schema.nodes import node_id
from backend.schema.scalars import Money
from backend.schema.transactions import AccountWithTransactions


@strawberry.type(
    description="An account with another bank, added by the viewer by files of that bank. It is no "
    "`Contract`: nothing can be changed, paid out or received through it."
)
class SelfAddedAccount(AccountWithTransactions):
    id: strawberry.ID = node_id("SelfAddedAccount")
    shown_iban: str = attribute(
        SIGNED_IN, "IBAN; the account's number if no file names one.", name="iban"
    )
    bank_name: str | None = attribute(SIGNED_IN, "The bank, as far as its IBAN tells.")
    label: str | None = attribute(SIGNED_IN, "What the viewer calls it.")
    shown_currency: str = attribute(SIGNED_IN, "Its currency.", name="currency")
    balance: Money | None = computed(
        SIGNED_IN, resolvers.balance_of, "Closing balance of the newest statement; null without."
    )
    balance_on: date | None = attribute(SIGNED_IN, "Day of that statement.")
    balance_from: date | None = attribute(
        SIGNED_IN,
        "From this day on the statements follow each other without a gap: balances before it are "
        "not known.",
        name="balanceFromDate",
    )
    has_unknown_balances: bool = field(
        SIGNED_IN,
        resolvers.has_unknown_balances,
        "Whether there are transactions before that day, or no statement at all.",
    )
    created_at: datetime = attribute(SIGNED_IN, "When it was added.")
    updated_at: datetime = attribute(SIGNED_IN, "When a file or its name last changed it.")

    is_type_of = represents(models.SelfAddedAccount)
