"""What `daten.json` holds of what its customer added by hand."""

from __future__ import annotations

from sqlalchemy import select

from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.services.exports.part import CUSTOMER, Part

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
)
