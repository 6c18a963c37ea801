"""What `daten.json` holds of what its customer added by hand."""

from __future__ import annotations

from sqlalchemy import select

from backend.models.self_added_accounts import (
    SelfAddedAccount,
    SelfAddedStatement,
    SelfAddedTransaction,
)
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.services.exports.part import CUSTOMER, Part

_ACCOUNTS = select(SelfAddedAccount.id).where(SelfAddedAccount.customer_id == CUSTOMER)

SELF_ADDED_PARTS = (
    Part(
        "selfAddedContracts",
        SelfAddedContract,
        (
            *("id", "line_of_business", "company", "number", "premium_amount"),
            *("premium_currency", "payment_frequency", "main_due_date", "start_date", "end_date"),
            *("created_at", "updated_at"),
        ),
        SelfAddedContract.customer_id == CUSTOMER,
        node="SelfAddedContract",
    ),
    Part(
        "selfAddedDocuments",
        SelfAddedDocument,
        ("added_contract_id", "file_name", "media_type", "size", "sha256", "added_at"),
        SelfAddedDocument.added_contract_id.in_(
            select(SelfAddedContract.id).where(SelfAddedContract.customer_id == CUSTOMER)
        ),
    ),
    Part(
        "selfAddedAccounts",
        SelfAddedAccount,
        (
            *("id", "iban", "number", "bank_name", "label", "currency", "balance", "balance_on"),
            *("balance_from", "created_at", "updated_at"),
        ),
        SelfAddedAccount.customer_id == CUSTOMER,
        node="SelfAddedAccount",
    ),
    Part(
        "selfAddedStatements",
        SelfAddedStatement,
        (
            *("added_account_id", "kind", "number", "sequence_number", "from_date", "to_date"),
            *("opening_balance", "closing_balance", "imported_at"),
        ),
        SelfAddedStatement.added_account_id.in_(_ACCOUNTS),
    ),
    Part(
        "selfAddedTransactions",
        SelfAddedTransaction,
        (
            *("added_account_id", "bank_reference", "value_date", "booking_date", "amount"),
            *("currency", "is_pending", "is_reversal", "counterparty_name", "counterparty_iban"),
            *("end_to_end_id", "mandate_reference", "creditor_identifier", "booking_text"),
            "remittance_information",
        ),
        SelfAddedTransaction.added_account_id.in_(_ACCOUNTS),
    ),
)
