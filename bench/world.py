"""Worlds of any size for measuring: whole customers, written straight into the tables."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from backend.feeds.records import Salutation
from backend.models.bank_accounts import BankAccount, BankAccountPurpose
from backend.models.contracts import (
    ContractKind,
    ContractOrigin,
    ContractStatus,
    InsuranceContract,
    LineOfBusiness,
    Partner,
    PartyRole,
    PaymentFrequency,
)
from backend.models.customers import Customer
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.models.institutions import Institution
from backend.models.insurance_details import Coverage, LiabilityDetails
from backend.models.transactions import Transaction
from backend.models.user_accounts import Locale, UserAccount
from backend.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncEngine

INSURANCES, ACCOUNTS, TRANSACTIONS, DOCUMENTS = 8, 2, 120, 30
CONTRACTS = INSURANCES + ACCOUNTS
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
_BATCH = 500
_LINES = list(LineOfBusiness)[:INSURANCES]


# Columns that must differ between clones (a suffix), and those that count rows (an offset).
_SUFFIXED = {
    "customer": ("uid",),
    "user_account": ("email_address",),
    "contract": ("number", "iban"),
    "document": ("external_id", "object_key"),
}
_COUNTED = {"customer_id": 1, "contract_id": CONTRACTS}
_ROWS_EACH = {"customer": 1, "user_account": 1, "contract": CONTRACTS}


async def fill(
    engine: AsyncEngine, customers: int, *, with_transactions: bool, say: Callable[[str], None]
) -> None:
    """Write customers 1…n, each with 10 contracts, 30 documents and, if asked, 120 transactions.

    The first 500 are written row by row; the database clones the rest from them.
    """
    async with engine.connect() as connection:
        found = await connection.execute(select(Institution.key, Institution.id))
        institutions = {row[0]: row[1] for row in found}
    tables = []
    async with engine.begin() as connection:
        for table, rows in _rows(
            range(1, _BATCH + 1), institutions, with_transactions=with_transactions
        ):
            await connection.execute(insert(table), rows)
            tables.append(table)
    for offset in range(_BATCH, customers, _BATCH):
        async with engine.begin() as connection:
            for table in tables:
                await connection.execute(text(_clone(table, offset)))
        if (offset + _BATCH) % 10_000 == 0:
            say(f"  {offset + _BATCH:,} customers")
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))


def _clone(table: Table, offset: int) -> str:
    """Copy the first batch's rows as those of other customers."""
    each = _ROWS_EACH.get(table.name)
    columns, values = [], []
    for column in table.columns:
        name = column.name
        if name == "id" and each is None:
            continue  # nobody refers to it: the database counts
        columns.append(name)
        if name == "id":
            values.append(f"id + {offset * (each or 0)}")
        elif name in _COUNTED:
            values.append(f"{name} + {offset * _COUNTED[name]}")
        elif name in _SUFFIXED.get(table.name, ()):
            values.append(f"{name} || '-{offset}'")
        else:
            values.append(name)
    key = "customer_id" if "customer_id" in table.columns else "contract_id"
    limit = _BATCH if key == "customer_id" else _BATCH * CONTRACTS
    if table.name in _ROWS_EACH:
        key, limit = "id", _BATCH * _ROWS_EACH[table.name]
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {table.name} WHERE {key} <= {limit}"
    )


def _rows(
    customers: range, institutions: dict[str, int], *, with_transactions: bool
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    def table(model: Any) -> Table:
        found: Table = model.__table__
        return found

    yield table(Customer), [_customer(number) for number in customers]
    yield table(UserAccount), [_account(number) for number in customers]
    contracts = [row for number in customers for row in _contracts(number, institutions)]
    yield table(InsuranceContract), contracts
    yield table(Partner), [_partner(row) for row in contracts]
    yield table(BankAccount), [_bank_account(row) for row in contracts]
    yield (
        table(Document),
        [
            _document(number, index, institutions)
            for number in customers
            for index in range(DOCUMENTS)
        ],
    )
    if with_transactions:
        yield table(Transaction), [row for number in customers for row in _transactions(number)]


def _customer(number: int) -> dict[str, Any]:
    return {
        "id": number, "uid": uuid.UUID(int=number).hex, "given_name": "Erika",
        "family_name": f"Muster{number}", "birth_date": "1970-01-01", "created_at": NOW,
    }  # fmt: skip


def _account(number: int) -> dict[str, Any]:
    return {
        "id": number, "customer_id": number, "email_address": f"{number}@example.org",
        "password_hash": "-", "phone_number": "+491713920001", "locale": Locale.DE,
        "created_at": NOW,
    }  # fmt: skip


def contract_id(customer: int, index: int) -> int:
    """Return the row of a customer's contract; the accounts come last."""
    return (customer - 1) * CONTRACTS + index + 1


def _contracts(customer: int, institutions: dict[str, int]) -> Iterator[dict[str, Any]]:
    for index in range(CONTRACTS):
        is_insurance = index < INSURANCES
        row = contract_id(customer, index)
        yield {
            "id": row,
            "institution_id": institutions["sach" if is_insurance else "bank"],
            "kind": ContractKind.INSURANCE if is_insurance else ContractKind.SAVINGS_ACCOUNT,
            "origin": ContractOrigin.INSTITUTION,
            "number": f"DE4399999999{row:010}",
            "line_code": f"{index:03}",
            "product_name": f"Produkt {index}",
            "status": ContractStatus.ACTIVE,
            "start_date": date(2020, 1, 1),
            "end_date": None,
            "created_at": NOW,
            "updated_at": NOW,
            "line_of_business": _LINES[index] if is_insurance else None,
            "premium_amount": Decimal("118.90") if is_insurance else None,
            "premium_currency": "EUR" if is_insurance else None,
            "payment_frequency": PaymentFrequency.YEARLY if is_insurance else None,
            "main_due_date": date(2027, 4, 1) if is_insurance else None,
            "details": LiabilityDetails(sum_insured=Money(Decimal(10_000_000), "EUR")),
            "coverages": [Coverage(name="Grundschutz")],
            "iban": None if is_insurance else f"DE4399999999{row:010}",
            "bic": None,
            "currency": "EUR",
            "balance": None if is_insurance else Decimal("1200.00"),
            "balance_on": None if is_insurance else date(2026, 11, 20),
            "interest_rate": None if is_insurance else Decimal("1.85"),
            "customer_id": customer,
        }


def _partner(contract: dict[str, Any]) -> dict[str, Any]:
    customer = contract.pop("customer_id")
    is_insurance = contract["kind"] is ContractKind.INSURANCE
    return {
        "contract_id": contract["id"], "customer_id": customer, "customer_number": str(customer),
        "role": PartyRole.POLICYHOLDER if is_insurance else PartyRole.ACCOUNT_HOLDER,
        "sequence": 0, "salutation": Salutation.MS, "is_legal_entity": False,
        "given_name": "Erika", "family_name": f"Muster{customer}", "birth_date": "1970-01-01",
    }  # fmt: skip


def _bank_account(contract: dict[str, Any]) -> dict[str, Any]:
    is_insurance = contract["kind"] is ContractKind.INSURANCE
    return {
        "contract_id": contract["id"],
        "purpose": BankAccountPurpose.PREMIUM if is_insurance else BankAccountPurpose.PAYOUT,
        "iban": "DE43999999990001000001", "bic": None, "bank_name": "Musterland Bank",
        "holder": "Erika Muster", "is_valid": True, "valid_from": date(2020, 1, 1),
        "valid_to": None,
    }  # fmt: skip


def _document(customer: int, index: int, institutions: dict[str, int]) -> dict[str, Any]:
    key = f"{customer}-{index}"
    return {
        "institution_id": institutions["sach"], "customer_id": customer,
        "contract_id": contract_id(customer, index % CONTRACTS), "external_id": key,
        "direction": DocumentDirection.INCOMING, "kind": DocumentKind.LETTER,
        "subject": f"Ihre Mitteilung {index}", "sender": "Musterland Sachversicherung AG",
        "document_date": date(2026, 1, 1) + timedelta(days=index * 10),
        "received_at": NOW - timedelta(days=300 - index * 10),
        "first_opened_at": None if index > DOCUMENTS - 4 else NOW,
        "is_official_decision": False, "media_type": "application/pdf", "size": 20_000,
        "sha256": "0" * 64, "file_name": f"{key}.pdf", "object_key": f"documents/{key}",
        "key_owner": uuid.UUID(int=customer).hex,
    }  # fmt: skip


def _transactions(customer: int) -> Iterator[dict[str, Any]]:
    for index in range(TRANSACTIONS):
        # All on the first account: a page of 100 is what gets measured.
        day = date(2024, 1, 1) + timedelta(days=index * 8)
        yield {
            "contract_id": contract_id(customer, INSURANCES), "statement_id": None,
            "entry_key": str(index), "content_key": str(index), "value_date": day,
            "booking_date": day, "sequence": index, "amount": Decimal("10.00"),
            "currency": "EUR", "is_pending": False, "is_reversal": False,
            "counterparty_name": "Erika Muster", "counterparty_iban": "DE43999999990001000001",
            "counterparty_iban_is_valid": True, "remittance_information": f"Sparrate {index}",
        }  # fmt: skip
