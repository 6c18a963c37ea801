"""Customers who add contracts of other companies by hand."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from backend.services.upload_inspection import inspect_uploads
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
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
  contractCount documentCount contracts { id } } ... on Refusal { message } } }"""


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
