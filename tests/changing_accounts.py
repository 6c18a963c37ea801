"""Changing bank accounts as a client does: what stands there, the review, the approved change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.ids import encode_id
from backend.models.bank_accounts import (
    BankAccount,
    BankAccountPurpose,
    MandateStatus,
    SepaMandate,
)
from tests import factories
from tests.approving import approve, send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.models.contracts import Contract, InsuranceContract
    from backend.models.customers import Customer
    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

OLD = "DE43999999990001000001"
NEW = "AT611904300234573201"
THIRD = "FR1420041010050500013M02606"

REVIEW = """query ($contracts: [ID!]!, $iban: String!, $holder: String, $from: Date) { viewer {
  bankAccountReview(contracts: $contracts, iban: $iban, holder: $holder, effectiveFrom: $from) {
    __typename ... on Refusal { message }
    ... on InvalidInput { fields { path message } }
    ... on NotChangeableHere { contact { name phone } }
    ... on BankAccountReview { institution { key } iban { formatted bankName bic } holder
      effectiveDate mandateText { title text sha256 version }
      contracts { contract { id number } purpose version mandateStep
        present { maskedIban holder } directDebit { mandateReference } } } } } }"""
CONTRACT = """query ($id: ID!) { node(id: $id) { ... on Contract {
    bankAccounts { id maskedIban state holder startDate endDate changedAt refusedBecause } }
  ... on InsuranceContract { premiumBankAccount { maskedIban holder }
    directDebit { mandateReference bankAccount { maskedIban holder } } }
  ... on SavingsAccount { payoutAccount { maskedIban holder }
    directDebit { mandateReference bankAccount { maskedIban holder } } } } }"""


@dataclass(frozen=True)
class Insured:
    """A customer with insurance contracts that are debited from one account, signed in."""

    customer: Customer
    account: UserAccount
    contracts: Sequence[InsuranceContract]
    token: str

    @property
    def ids(self) -> list[str]:
        """The contracts' ids as clients know them."""
        return [encode_id("Contract", one.id) for one in self.contracts]


async def insured(portal: Portal, contracts: int = 1, **mandate: Any) -> Insured:
    """Arrange a customer whose premiums are debited under a mandate for each contract."""
    async with portal.transaction() as session:
        customer = await factories.customer(session)
        account = await factories.user_account(session, customer)
        rows = []
        for number in range(contracts):
            contract = await factories.insurance_contract(
                session, customer, number=f"HR{number + 1}"
            )
            session.add(bank_account(contract))
            session.add(
                sepa_mandate(contract, **{"mandate_reference": f"M-{number + 1}"} | mandate)
            )
            rows.append(contract)
    return Insured(customer, account, rows, await portal.sign_in(account))


def bank_account(contract: Contract, **values: Any) -> BankAccount:
    """Return an account that a feed named."""
    return BankAccount(
        **{
            "contract_id": contract.id,
            "purpose": BankAccountPurpose.PREMIUM,
            "iban": OLD,
            "holder": "Anna Beispiel",
            "is_valid": True,
            "valid_from": date(2024, 1, 1),
        }
        | values
    )


def sepa_mandate(contract: Contract, **values: Any) -> SepaMandate:
    """Return a mandate that a feed named."""
    return SepaMandate(
        **{
            "contract_id": contract.id,
            "mandate_reference": "M-1",
            "creditor_identifier": "DE98ZZZ09999999999",
            "iban": OLD,
            "holder": "Anna Beispiel",
            "signed_on": date(2020, 1, 1),
            "last_used_on": date(2026, 10, 1),
            "status": MandateStatus.ACTIVE,
        }
        | values
    )


async def review(
    portal: Portal, token: str, contracts: Sequence[str], iban: str = NEW, **given: Any
) -> dict[str, Any]:
    """Ask what a new account would change."""
    variables = {"contracts": contracts, "iban": iban} | given
    data = await portal.execute(REVIEW, variables, token=token)
    result: dict[str, Any] = data["viewer"]["bankAccountReview"]
    return result


async def ask_for_change(
    portal: Portal, token: str, contracts: Sequence[str], iban: str = NEW, **given: Any
) -> dict[str, Any]:
    """Review, sign the mandate if one is needed, and ask for the change."""
    reviewed = await review(
        portal,
        token,
        contracts,
        iban,
        **{"from" if name == "effectiveFrom" else name: given[name]
           for name in ("holder", "effectiveFrom") if name in given},
    )  # fmt: skip
    assert reviewed["__typename"] == "BankAccountReview", reviewed
    text = reviewed["mandateText"]
    wanted = {
        "contracts": [
            {"contract": one["contract"]["id"], "version": one["version"]}
            for one in reviewed["contracts"]
        ],
        "iban": iban,
        "mandateText": text["sha256"] if text else None,
        "idempotencyKey": uuid.uuid4().hex,
    }
    return await send(portal, "changeBankAccount", wanted | given, token=token)


async def change(
    portal: Portal, who: Insured, iban: str = NEW, **given: Any
) -> tuple[dict[str, Any], str]:
    """Change the account of all contracts; return the outcome and the session's new token."""
    token = given.pop("token", who.token)
    asked = await ask_for_change(portal, token, who.ids, iban, **given)
    assert asked["__typename"] == "ApprovalRequired", asked
    approved = await approve(portal, token, asked["approval"]["id"])
    return approved["outcome"], approved["bearerToken"]


async def contract_of(portal: Portal, token: str, contract: str) -> dict[str, Any]:
    """Return what the customer sees of a contract's accounts."""
    found: dict[str, Any] = (await portal.execute(CONTRACT, {"id": contract}, token=token))["node"]
    return found


async def accounts_on_file(portal: Portal) -> Sequence[BankAccount]:
    """Return every row, in the order of their versions."""
    async with portal.transaction() as session:
        order = (BankAccount.contract_id, BankAccount.purpose, BankAccount.version)
        return (await session.scalars(select(BankAccount).order_by(*order))).all()


async def mandates(portal: Portal) -> Sequence[SepaMandate]:
    """Return every mandate."""
    async with portal.transaction() as session:
        return (await session.scalars(select(SepaMandate).order_by(SepaMandate.id))).all()
