"""The enums of bank accounts as GraphQL knows them; declared before any annotation is read."""

from backend.models.bank_accounts import BankAccountPurpose, BankAccountState
from backend.resolvers.described_enums import declare
from backend.services.bank_account_reviews import MandateStep

declare(
    BankAccountPurpose,
    "What a bank account is used for in a contract.",
    PREMIUM="Premiums are collected from it.",
    PAYOUT="Money is paid out to it.",
)
declare(
    BankAccountState,
    "How far a bank account has come with the institution.",
    CONFIRMED="The institution has it.",
    PENDING="Changed here; the institution has not answered yet. It holds from its first day on.",
    REFUSED="The institution refused it; what held before holds on.",
)
declare(
    MandateStep,
    "What a new bank account means for direct debit.",
    NONE="Nothing: no direct debit is about it.",
    CONTINUES="The mandate goes on for the new account of the same holder.",
    NEW="A new mandate has to be signed; the one before ends, if there is one.",
)
