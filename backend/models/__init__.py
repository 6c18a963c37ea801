"""Tables, enums and the invariants of one row; imported here so that the metadata is whole."""

from backend.models import (
    bank_accounts,
    consents,
    contracts,
    customers,
    documents,
    imports,
    institutions,
    outbox,
    sign_in,
    transactions,
    user_accounts,
)

__all__ = [
    "bank_accounts",
    "consents",
    "contracts",
    "customers",
    "documents",
    "imports",
    "institutions",
    "outbox",
    "sign_in",
    "transactions",
    "user_accounts",
]
