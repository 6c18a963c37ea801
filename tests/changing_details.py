"""Changing personal details as a client does: what institutions have, the review, the change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.ids import encode_id
from backend.models.contracts import Partner
from backend.models.customers import CustomerNumber
from backend.models.personal_details import PersonalDetailsChange
from tests import factories
from tests.approving import approve, send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.models.contracts import Contract
    from backend.models.customers import Customer
    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

OLD = {"street": "Lindenweg 7", "postal_code": "70173", "city": "Stuttgart", "country": "D"}
OLD_LINE = "Lindenweg 7, 70173 Stuttgart"
NEW = {"street": "Am Kanal 3", "postalCode": "50667", "city": "Köln", "country": "DE"}
NEW_LINE = "Am Kanal 3, 50667 Köln"
THIRD = NEW | {"street": "Rentenplatz 30"}
THIRD_LINE = "Rentenplatz 30, 50667 Köln"

DETAILS = """query { viewer { displayName personalDetails { institution { key } name { line }
  address { line country } addressRefusal nameRefusal
  changes { kind state before after effectiveDate changedAt answeredAt refusedBecause
    institution { key } evidence { subject } } } } }"""
REVIEW = """query ($institutions: [ID!]!, $details: NewPersonalDetails!, $from: Date) { viewer {
  personalDetailsReview(institutions: $institutions, details: $details, effectiveFrom: $from) {
    __typename ... on Refusal { message }
    ... on InvalidInput { fields { path message } }
    ... on NotChangeableHere { contact { name phone } }
    ... on PersonalDetailsReview { kind after effectiveDate institutions {
      institution { id key } version before contracts { number } } } } } }"""


@dataclass(frozen=True)
class Resident:
    """A customer whom institutions know at one address, signed in."""

    customer: Customer
    account: UserAccount
    contracts: Sequence[Contract]
    institutions: Sequence[str]
    token: str


async def resident(portal: Portal, *keys: str) -> Resident:
    """Arrange a customer with a contract of an insurer's or bank's for each key."""
    keys = keys or ("sach",)
    async with portal.transaction() as session:
        customer = await factories.customer(session)
        account = await factories.user_account(session, customer)
        contracts, ids = [], []
        for number, key in enumerate(keys):
            house = await factories.institution(session, key)
            ids.append(encode_id("Institution", house.id))
            session.add(
                CustomerNumber(
                    institution_id=house.id, number=f"N{number}", customer_id=customer.id
                )
            )
            contract = await factories.insurance_contract(
                session, None, number=f"HR{number + 1}", institution_id=house.id
            )
            await factories.partner(session, contract, customer, **OLD)
            contracts.append(contract)
    return Resident(customer, account, contracts, ids, await portal.sign_in(account))


async def details_of(portal: Portal, token: str) -> list[dict[str, Any]]:
    """Return what the customer sees of each institution."""
    data = await portal.execute(DETAILS, token=token)
    found: list[dict[str, Any]] = data["viewer"]["personalDetails"]
    return found


async def review(
    portal: Portal, token: str, institutions: Sequence[str], details: object, **given: Any
) -> dict[str, Any]:
    """Ask what new details would change."""
    variables = {"institutions": institutions, "details": details} | given
    data = await portal.execute(REVIEW, variables, token=token)
    result: dict[str, Any] = data["viewer"]["personalDetailsReview"]
    return result


async def ask_for_change(
    portal: Portal, token: str, institutions: Sequence[str], details: object, **given: Any
) -> dict[str, Any]:
    """Review and ask for the change."""
    day = {"from": given["effectiveFrom"]} if "effectiveFrom" in given else {}
    reviewed = await review(portal, token, institutions, details, **day)
    assert reviewed["__typename"] == "PersonalDetailsReview", reviewed
    wanted = {
        "institutions": [
            {"institution": one["institution"]["id"], "version": one["version"]}
            for one in reviewed["institutions"]
        ],
        "details": details,
        "idempotencyKey": uuid.uuid4().hex,
    }
    return await send(portal, "changePersonalDetails", wanted | given, token=token)


async def move(
    portal: Portal, who: Resident, address: object = None, **given: Any
) -> tuple[dict[str, Any], str]:
    """Change the address everywhere; return the outcome and the session's new token."""
    return await change(portal, who, {"address": address or NEW}, **given)


async def change(
    portal: Portal, who: Resident, details: object, **given: Any
) -> tuple[dict[str, Any], str]:
    """Change details everywhere; return the outcome and the session's new token."""
    token = given.pop("token", who.token)
    institutions = given.pop("institutions_asked", who.institutions)
    asked = await ask_for_change(portal, token, institutions, details, **given)
    assert asked["__typename"] == "ApprovalRequired", asked
    approved = await approve(portal, token, asked["approval"]["id"])
    return approved["outcome"], approved["bearerToken"]


async def changes(portal: Portal) -> Sequence[PersonalDetailsChange]:
    """Return every change on file, in order."""
    async with portal.transaction() as session:
        statement = select(PersonalDetailsChange).order_by(PersonalDetailsChange.id)
        return (await session.scalars(statement)).all()


async def partners(portal: Portal) -> Sequence[Partner]:
    """Return every partner, contract by contract."""
    async with portal.transaction() as session:
        return (
            await session.scalars(select(Partner).order_by(Partner.contract_id, Partner.id))
        ).all()
