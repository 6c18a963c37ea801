"""Customers who add contracts of other companies by hand, and accounts by their statements."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from backend.demo.camt_writer import write_camt
from backend.demo.mt940_writer import write_mt940
from backend.services.upload_inspection import inspect_uploads
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend.feeds.bank_records import Entry, Statement
    from tests.portal import Portal

FACTS: dict[str, Any] = {
    "lineOfBusiness": "LEGAL_PROTECTION",
    "company": "ARAG",
    "number": "R 12/345",
    "premium": "24.90",
    "paymentFrequency": "MONTHLY",
    "mainDueDate": "2026-01-31",
    "startDate": "2024-02-01",
}
CONTRACT = """fragment C on SelfAddedContract { id lineOfBusiness company number version
  premium { amount currency } paymentFrequency mainDueDate nextDueDate startDate endDate
  documents { id fileName mediaType size sha256 downloadUrl } }"""
REFUSALS = """fragment R on Refusal { message ... on InvalidInput { fields { path message } }
  ... on SelfAddedLimitReached { most } }"""
ADD = f"""mutation ($input: AddSelfAddedContractInput!) {{ addSelfAddedContract(input: $input) {{
  __typename ...C ...R }} }} {CONTRACT} {REFUSALS}"""
CHANGE = f"""mutation ($input: ChangeSelfAddedContractInput!) {{
  changeSelfAddedContract(input: $input) {{ __typename ...C ...R }} }} {CONTRACT} {REFUSALS}"""
OWN = (
    "{ viewer { selfAdded { contractCount documentCount knownCompanies contracts { ...C } } } } "
    + CONTRACT
)
DELETE = """mutation { deleteSelfAddedData { __typename ... on SelfAddedData {
  contractCount documentCount accountCount transactionCount contracts { id } accounts { id } }
  ... on Refusal { message } } }"""


ACCOUNT = """fragment A on SelfAddedAccount { id iban bankName label currency balanceOn
  balanceFromDate hasUnknownBalances balance { amount currency } transactionsCsvUrl
  transactions(first: 50) { totalCount nodes { id valueDate isPending amount { amount }
    balanceAfter { amount } counterpartyName remittanceInformation } }
  balanceHistory { date balance { amount } } }"""
ADD_STATEMENT = f"""mutation ($input: AddAccountStatementInput!) {{
  addAccountStatement(input: $input) {{ __typename ... on AccountStatementAdded {{
    accounts {{ account {{ ...A }} addedCount knownCount firstBookingDate lastBookingDate }}
    findings {{ line kind message }} }} ...R ... on AccountOfTheHouse {{ iban }} }} }}
  {ACCOUNT} {REFUSALS}"""
ACCOUNTS = "{ viewer { selfAdded { accountCount transactionCount accounts { ...A } } } } " + ACCOUNT
UPLOAD = "query ($id: ID!) { node(id: $id) { ... on Upload { state refusal message fileName } } }"
Statements = tuple["Statement", "Iterable[Entry]"]


def camt(*statements: Statements) -> bytes:
    """Return a camt file; all statements are of the first one's kind."""
    stream = io.BytesIO()
    write_camt(stream, statements[0][0].kind, statements)
    return stream.getvalue()


def mt940(*statements: Statements) -> bytes:
    """Return an MT940 file; banks write the same reference everywhere."""
    stream = io.BytesIO()
    write_mt940(
        stream, [(replace(head, statement_id=None), entries) for head, entries in statements]
    )
    return stream.getvalue()


async def send_statement(
    portal: Portal, token: str, content: bytes, name: str = "Umsaetze.xml"
) -> str:
    """Send a bank file and have it inspected; return its id."""
    media_type = "application/octet-stream"
    return await send_file(portal, token, content, media_type, name, "account-statement")


async def add_statement(
    portal: Portal, token: str | None, upload: str, iban: str | None = None
) -> dict[str, Any]:
    """Take over an accepted bank file and return the result, whatever it is."""
    given = {"input": {"upload": upload, "iban": iban}}
    data = await portal.execute(ADD_STATEMENT, given, token=token)
    result: dict[str, Any] = data["addAccountStatement"]
    return result


async def add_bank_file(
    portal: Portal, token: str, content: bytes, iban: str | None = None
) -> dict[str, Any]:
    """Send a bank file and take it over; return the result, whatever it is."""
    return await add_statement(portal, token, await send_statement(portal, token, content), iban)


async def own_accounts(portal: Portal, token: str) -> dict[str, Any]:
    """Return the accounts that a customer added."""
    data = await portal.execute(ACCOUNTS, token=token)
    found: dict[str, Any] = data["viewer"]["selfAdded"]
    return found


async def add_contract(portal: Portal, token: str | None, **values: Any) -> dict[str, Any]:
    """Add a contract and return the result, whatever it is."""
    given = {
        "facts": FACTS | values.pop("facts", {}),
        "idempotencyKey": uuid.uuid4().hex,
    } | values
    data = await portal.execute(ADD, {"input": given}, token=token)
    result: dict[str, Any] = data["addSelfAddedContract"]
    return result


async def change_contract(
    portal: Portal, token: str | None, contract: dict[str, Any], **values: Any
) -> dict[str, Any]:
    """Change a contract as it was seen and return the result, whatever it is."""
    given = {
        "contract": contract["id"],
        "version": contract["version"],
        "facts": FACTS | values.pop("facts", {}),
    } | values
    data = await portal.execute(CHANGE, {"input": given}, token=token)
    result: dict[str, Any] = data["changeSelfAddedContract"]
    return result


async def own_additions(portal: Portal, token: str) -> dict[str, Any]:
    """Return what a customer added."""
    data = await portal.execute(OWN, token=token)
    found: dict[str, Any] = data["viewer"]["selfAdded"]
    return found


async def send_file(
    portal: Portal,
    token: str,
    content: bytes | None = None,
    media_type: str = "application/pdf",
    name: str = "Police.pdf",
    purpose: str = "self-added-contract",
) -> str:
    """Send a file for own additions and have it inspected; return its id."""
    response = await portal.client.post(
        "/uploads",
        params={"for": purpose},
        content=pdf() if content is None else content,
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": media_type,
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )
    assert response.status_code == 201, response.text
    await inspect_uploads(portal.house)
    upload: str = response.json()["id"]
    return upload
