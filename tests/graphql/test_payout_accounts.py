"""The payout account of savings accounts: in the customer's own name (F67), on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.ids import encode_id
from backend.models.bank_accounts import BankAccountPurpose
from backend.models.contracts import ContractStatus
from tests import factories
from tests.approving import approve
from tests.changing_accounts import (
    NEW,
    OLD,
    accounts_on_file,
    ask_for_change,
    bank_account,
    contract_of,
    review,
    sepa_mandate,
)
from tests.core_answers import payloads, settle, submissions

if TYPE_CHECKING:
    from tests.portal import Portal

MASKED_OLD, MASKED_NEW = (f"{iban[:4]} •••• {iban[-4:]}" for iban in (OLD, NEW))


async def _saver(portal: Portal, **mandate: Any) -> tuple[str, str]:
    """Arrange a savings account with a payout account and a direct debit; return token and id."""
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        account = await factories.user_account(session, anna)
        savings = await factories.savings_account(session, anna)
        session.add(bank_account(savings, purpose=BankAccountPurpose.PAYOUT))
        if mandate:
            session.add(sepa_mandate(savings, **mandate))
    return await portal.sign_in(account), encode_id("Contract", savings.id)


async def _changed(portal: Portal, token: str, contract: str, **given: Any) -> str:
    asked = await ask_for_change(portal, token, [contract], **given)
    approved = await approve(portal, token, asked["approval"]["id"])
    renewed: str = approved["bearerToken"]
    return renewed


async def test_F67_the_payout_account_changes_and_needs_no_mandate(portal: Portal) -> None:
    token, contract = await _saver(portal)
    token = await _changed(portal, token, contract)
    shown = await contract_of(portal, token, contract)
    assert shown["payoutAccount"] == {"maskedIban": MASKED_NEW, "holder": "Anna Beispiel"}
    assert shown["directDebit"] is None
    [event] = await payloads(portal)
    assert event["contracts"][0]["purpose"] == "PAYOUT"
    assert event["contracts"][0]["mandate"] is None


async def test_F67_a_payout_account_of_somebody_else_is_refused(portal: Portal) -> None:
    token, contract = await _saver(portal)
    result = await review(portal, token, [contract], holder="Bernd Beispiel")
    assert result == {
        "__typename": "PayoutAccountNotOwn",
        "message": "Auszahlungen überweisen wir nur auf ein Konto, das auf Ihren Namen läuft. "
        "Bitte geben Sie ein eigenes Konto an.",
    }
    assert [one.iban for one in await accounts_on_file(portal)] == [OLD]
    assert await submissions(portal) == []


async def test_F67_the_own_name_may_be_written_in_another_way(portal: Portal) -> None:
    token, contract = await _saver(portal)
    result = await review(portal, token, [contract], holder="BEISPIEL, Dr. Anna")
    assert result["__typename"] == "BankAccountReview"


async def test_F68_a_direct_debit_from_the_payout_account_moves_with_it(portal: Portal) -> None:
    token, contract = await _saver(portal, iban=OLD)
    token = await _changed(portal, token, contract)
    shown = await contract_of(portal, token, contract)
    assert shown["directDebit"]["bankAccount"]["maskedIban"] == MASKED_NEW
    [submission] = await submissions(portal)
    await settle(portal, submission, refused="Nein.")
    shown = await contract_of(portal, token, contract)
    assert shown["payoutAccount"]["maskedIban"] == MASKED_OLD
    assert shown["directDebit"]["bankAccount"]["maskedIban"] == MASKED_OLD


async def test_F68_a_direct_debit_from_another_account_stays_there(portal: Portal) -> None:
    elsewhere = "DE16999999990001000002"
    token, contract = await _saver(portal, iban=elsewhere)
    token = await _changed(portal, token, contract)
    shown = await contract_of(portal, token, contract)
    assert shown["payoutAccount"]["maskedIban"] == MASKED_NEW
    assert shown["directDebit"]["bankAccount"]["maskedIban"] == "DE16 •••• 0002"


async def test_F67_a_closed_account_keeps_its_payout_account(portal: Portal) -> None:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        account = await factories.user_account(session, anna)
        savings = await factories.savings_account(session, anna, status=ContractStatus.ENDED)
    token = await portal.sign_in(account)
    result = await review(portal, token, [encode_id("Contract", savings.id)])
    assert [one["path"] for one in result["fields"]] == [["contracts"]]
