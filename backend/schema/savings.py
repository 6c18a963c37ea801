"""GraphQL types for savings accounts and fixed-term deposits."""

from datetime import date
from decimal import Decimal

import strawberry

from backend.access import SIGNED_IN
from backend.models import contracts as models
from backend.resolvers import savings as resolvers
from backend.resolvers.contracts import direct_debit_of, payout_account_of
from backend.schema.bank_accounts import BankAccount, SepaMandate
from backend.schema.contracts import Contract
from backend.schema.fields import attribute, field, relation, represents
from backend.schema.scalars import Money
from backend.schema.transactions import AccountWithTransactions
from backend.services import contracts


@strawberry.interface(description="A savings account or deposit of the viewer, joint ones too.")
class SavingsProduct(Contract, AccountWithTransactions):
    shown_iban: str = attribute(
        SIGNED_IN, "IBAN; the account's number if no feed names one.", name="iban"
    )
    bic: str | None = attribute(SIGNED_IN, "Bank identifier code.")
    balance: Money = field(
        SIGNED_IN,
        resolvers.balance_of,
        "Closing balance of the newest statement. While no statement has named one, the sum of all "
        "booked transactions; `balanceOn` is null then.",
    )
    balance_on: date | None = attribute(SIGNED_IN, "Day of that statement.")
    interest_rate: Decimal | None = attribute(SIGNED_IN, "Per cent a year.")
    holders: list[str] = relation(
        SIGNED_IN, contracts.load_holders_of, "Names of the holders.", default=list
    )
    payout_account: BankAccount | None = field(
        SIGNED_IN, payout_account_of, "Where money is paid out to."
    )
    direct_debit: SepaMandate | None = field(
        SIGNED_IN, direct_debit_of, "The direct debit mandate; null while none is active."
    )


@strawberry.type(description="Money at call: Tagesgeld.")
class SavingsAccount(SavingsProduct):
    is_type_of = represents(models.SavingsAccount)


@strawberry.type(description="Money until a day of maturity: Festgeld.")
class FixedTermDeposit(SavingsProduct):
    maturity_date: date | None = attribute(SIGNED_IN, "When it falls due.")

    is_type_of = represents(models.FixedTermDeposit)
