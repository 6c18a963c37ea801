"""Every bank account ever on file: masked, and shown in full by passkey (F121-F124)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from backend.ids import encode_id
from tests import factories
from tests.approving import approve_with_passkey, send
from tests.changing_accounts import NEW, OLD, bank_account, change, contract_of, insured
from tests.signing_in import add_passkey, authenticator_for

if TYPE_CHECKING:
    from backend.models.bank_accounts import BankAccount
    from tests.portal import Portal

SHOW = """mutation { showBankAccounts { __typename
  ... on ApprovalRequired { approval { id summary methods } } ... on Refusal { message } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on BankAccountOnFile { maskedIban endDate } } }"


async def _show(portal: Portal, token: str) -> dict[str, Any]:
    result: dict[str, Any] = (await portal.execute(SHOW, token=token))["showBankAccounts"]
    return result


async def test_F124_full_numbers_show_once_after_a_passkey(portal: Portal) -> None:
    anna = await insured(portal)
    _, token = await change(portal, anna)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    asked = await _show(portal, token)
    assert asked["approval"]["methods"] == ["PASSKEY"]
    assert asked["approval"]["summary"] == "alle Ihre Bankverbindungen einmal vollständig anzeigen"
    approved = await approve_with_passkey(portal, token, asked["approval"]["id"], device)
    outcome = approved["outcome"]
    assert [one["iban"] for one in outcome["shownAccounts"]] == [OLD, NEW]
    assert outcome["hideAt"] == "2026-11-21T11:05:00+00:00"
    history = (await contract_of(portal, approved["bearerToken"], anna.ids[0]))["bankAccounts"]
    assert {one["account"]["id"] for one in outcome["shownAccounts"]} == {
        one["id"] for one in history
    }
    assert all("••••" in one["maskedIban"] for one in history)


async def test_F124_without_a_passkey_nothing_shows_in_full(portal: Portal) -> None:
    anna = await insured(portal)
    assert (await _show(portal, anna.token))["__typename"] == "ApprovalMethodUnavailable"


async def test_F124_a_tan_shows_nothing_in_full(portal: Portal) -> None:
    anna = await insured(portal)
    await add_passkey(portal, anna.token, authenticator_for(portal))
    asked = await _show(portal, anna.token)
    given = {"approval": asked["approval"]["id"]}
    result = await send(portal, "requestApprovalTan", given, token=anna.token)
    assert result["__typename"] == "ApprovalMethodUnavailable"


async def test_F124_only_the_accounts_of_contracts_one_sees_show(portal: Portal) -> None:
    anna = await insured(portal)
    async with portal.transaction() as session:
        bea = await factories.customer(session, "Bea", "Fremd")
        hers = bank_account(await factories.insurance_contract(session, bea), iban=NEW)
        later = await factories.insurance_contract(
            session, anna.customer, start_date=date(2027, 1, 1)
        )
        session.add_all([hers, bank_account(later, iban=NEW)])
    device = authenticator_for(portal)
    await add_passkey(portal, anna.token, device)
    asked = await _show(portal, anna.token)
    approved = await approve_with_passkey(portal, anna.token, asked["approval"]["id"], device)
    assert [one["iban"] for one in approved["outcome"]["shownAccounts"]] == [OLD]
    assert await _node(portal, approved["bearerToken"], hers) is None


async def test_F121_an_account_on_file_is_found_by_its_id(portal: Portal) -> None:
    anna = await insured(portal)
    [account] = (await contract_of(portal, anna.token, anna.ids[0]))["bankAccounts"]
    found = await portal.execute(NODE, {"id": account["id"]}, token=anna.token)
    assert found["node"] == {"maskedIban": "DE43 •••• 0001", "endDate": None}
    assert (await portal.execute(NODE, {"id": account["id"]}))["node"] is None


async def _node(portal: Portal, token: str, account: BankAccount) -> object:
    variables = {"id": encode_id("BankAccountOnFile", account.id)}
    return (await portal.execute(NODE, variables, token=token))["node"]
