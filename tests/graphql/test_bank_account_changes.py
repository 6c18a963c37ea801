"""Changing the bank account of contracts over GraphQL (F36, F68, F88, F121-F124)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from backend.ids import encode_id
from backend.models.bank_accounts import BankAccountState, MandateStatus
from backend.models.consents import ConsentText
from backend.models.contracts import ContractOrigin, ContractStatus
from backend.models.receipts import Receipt
from tests import factories
from tests.approving import approve, approve_with_tan, send, send_tan
from tests.changing_accounts import (
    NEW,
    OLD,
    THIRD,
    accounts_on_file,
    ask_for_change,
    change,
    contract_of,
    insured,
    mandates,
    review,
)
from tests.core_answers import payloads, settle, submissions
from tests.signing_in import mail_payloads, sms_payloads

if TYPE_CHECKING:
    from tests.portal import Portal

MASKED_OLD, MASKED_NEW, MASKED_THIRD = (
    f"{iban[:4]} •••• {iban[-4:]}" for iban in (OLD, NEW, THIRD)
)


async def _nothing_changed(portal: Portal, contracts: int = 1) -> None:
    accounts = await accounts_on_file(portal)
    assert [(one.iban, one.version, one.valid_to) for one in accounts] == [
        (OLD, 1, None)
    ] * contracts
    assert await submissions(portal) == []


def _problems(result: dict[str, Any]) -> list[tuple[list[str], str]]:
    assert result["__typename"] == "InvalidInput", result
    return [(one["path"], one["message"]) for one in result["fields"]]


async def test_F88_a_changed_account_is_noted_told_and_proved(portal: Portal) -> None:
    anna = await insured(portal)
    outcome, token = await change(portal, anna)
    [account] = outcome["accounts"]
    assert outcome["institution"] == {"key": "sach"}
    assert (account["maskedIban"], account["state"]) == (MASKED_NEW, "PENDING")
    shown = await contract_of(portal, token, anna.ids[0])
    assert shown["premiumBankAccount"] == {"maskedIban": MASKED_NEW, "holder": "Anna Beispiel"}
    assert [
        (one["maskedIban"], one["state"], one["startDate"], one["endDate"])
        for one in shown["bankAccounts"]
    ] == [
        (MASKED_NEW, "PENDING", "2026-11-21", None),
        (MASKED_OLD, "CONFIRMED", "2024-01-01", "2026-11-21"),
    ]
    [mail] = await mail_payloads(portal)
    assert (mail["email_address"], mail["subject"]) == (
        anna.account.email_address,
        "Ihre Bankverbindung soll geändert werden",
    )
    assert "endet auf 3201" in mail["text"]
    assert NEW not in mail["text"]
    async with portal.transaction() as session:
        [receipt] = (await session.scalars(select(Receipt))).all()
    assert receipt.subject == (
        "Bankverbindung für HR1 ändern: IBAN endet auf 3201, Kontoinhaber Anna Beispiel, "
        "ab 21. November 2026"
    )


async def test_F22_the_message_of_the_tan_names_the_last_four_digits(portal: Portal) -> None:
    anna = await insured(portal)
    asked = await ask_for_change(portal, anna.token, anna.ids)
    await send_tan(portal, anna.token, asked["approval"]["id"])
    [message] = await sms_payloads(portal)
    assert "IBAN endet auf 3201" in message["text"]
    assert NEW not in message["text"]
    await _nothing_changed(portal)


async def test_F88_the_same_holders_mandate_goes_on_and_the_event_carries_the_amendment(
    portal: Portal,
) -> None:
    anna = await insured(portal)
    _, token = await change(portal, anna)
    shown = await contract_of(portal, token, anna.ids[0])
    assert shown["directDebit"] == {
        "mandateReference": "M-1",
        "bankAccount": {"maskedIban": MASKED_NEW, "holder": "Anna Beispiel"},
    }
    [event] = await payloads(portal)
    assert event == {
        "effectiveFrom": "2026-11-21",
        "iban": NEW,
        "bic": None,
        "bankName": None,
        "holder": "Anna Beispiel",
        "contracts": [
            {
                "number": "HR1",
                "lineCode": "130",
                "purpose": "PREMIUM",
                "version": 2,
                "previousIban": OLD,
                "mandate": {
                    "reference": "M-1",
                    "creditorIdentifier": "DE98ZZZ09999999999",
                    "signedOn": "2020-01-01",
                    "isContinued": True,
                    "AmdmntInfInd": True,
                    "OrgnlDbtrAcct": OLD,
                },
            }
        ],
    }


async def test_F88_an_account_that_was_masked_is_amended_as_SMNDA(portal: Portal) -> None:
    anna = await insured(portal, iban="DE43********0001")
    await change(portal, anna)
    [event] = await payloads(portal)
    assert event["contracts"][0]["mandate"]["OrgnlDbtrAcct"] == "SMNDA"


async def test_F88_another_holder_signs_a_new_mandate_and_the_old_one_ends(portal: Portal) -> None:
    anna = await insured(portal)
    reviewed = await review(portal, anna.token, anna.ids, holder="Bernd Beispiel")
    text = reviewed["mandateText"]
    assert text["title"] == "SEPA-Lastschriftmandat für Musterland Sachversicherung AG"
    assert "DE98ZZZ09999999999" in text["text"]
    assert reviewed["contracts"][0]["mandateStep"] == "NEW"
    _, token = await change(portal, anna, holder="Bernd Beispiel")
    old, new = await mandates(portal)
    assert (old.status, old.ended_on) == (MandateStatus.ACTIVE, date(2026, 11, 21))
    assert (new.holder, new.iban, new.signed_on) == ("Bernd Beispiel", NEW, date(2026, 11, 21))
    assert (new.text_sha256, new.text_version) == (text["sha256"], text["version"])
    shown = await contract_of(portal, token, anna.ids[0])
    assert shown["directDebit"] == {
        "mandateReference": new.mandate_reference,
        "bankAccount": {"maskedIban": MASKED_NEW, "holder": "Bernd Beispiel"},
    }
    async with portal.transaction() as session:
        kept = (await session.scalars(select(ConsentText))).one()
    assert (kept.sha256, kept.text) == (text["sha256"], text["text"])
    [event] = await payloads(portal)
    told = event["contracts"][0]["mandate"]
    assert told["endsReference"] == "M-1"
    assert (told["isContinued"], told["textSha256"]) == (False, text["sha256"])


@pytest.mark.parametrize("sha256", [None, "0" * 64])
async def test_F88_a_mandate_that_was_not_signed_as_it_reads_changes_nothing(
    portal: Portal, sha256: str | None
) -> None:
    anna = await insured(portal)
    given: dict[str, Any] = {"holder": "Bernd Beispiel", "mandateText": sha256}
    result = await ask_for_change(portal, anna.token, anna.ids, **given)
    [(path, message)] = _problems(result)
    assert path == ["mandateText"]
    assert ("neue Fassung" in message) == bool(sha256)
    await _nothing_changed(portal)


async def test_F68_a_lapsed_mandate_is_signed_anew_and_direct_debit_appears(
    portal: Portal,
) -> None:
    anna = await insured(portal, last_used_on=date(2023, 11, 20))
    assert (await contract_of(portal, anna.token, anna.ids[0]))["directDebit"] is None
    reviewed = await review(portal, anna.token, anna.ids)
    assert reviewed["contracts"][0]["mandateStep"] == "NEW"
    _, token = await change(portal, anna)
    shown = await contract_of(portal, token, anna.ids[0])
    assert shown["directDebit"]["bankAccount"]["maskedIban"] == MASKED_NEW


async def test_F88_a_change_holds_from_the_day_that_was_chosen(portal: Portal) -> None:
    anna = await insured(portal)
    await change(portal, anna, holder="Bernd Beispiel", effectiveFrom="2026-12-01")
    for day, iban, reference in (
        (date(2026, 11, 30), MASKED_OLD, "M-1"),
        (date(2026, 12, 1), MASKED_NEW, (await mandates(portal))[1].mandate_reference),
    ):
        portal.clock.travel_to(
            portal.clock.now().replace(year=day.year, month=day.month, day=day.day)
        )
        token = await portal.sign_in(anna.account)
        shown = await contract_of(portal, token, anna.ids[0])
        assert shown["premiumBankAccount"]["maskedIban"] == iban
        assert shown["directDebit"]["mandateReference"] == reference


async def test_F88_a_change_before_one_that_is_noted_is_refused(portal: Portal) -> None:
    anna = await insured(portal)
    _, token = await change(portal, anna, effectiveFrom="2026-12-01")
    earlier = await review(portal, token, anna.ids, THIRD)
    assert _problems(earlier) == [
        (
            ["effectiveFrom"],
            (
                "Für den 1. Dezember 2026 ist schon eine Änderung vorgemerkt. Bitte wählen Sie "
                "diesen Tag oder einen späteren."
            ),
        )
    ]
    await change(portal, anna, THIRD, token=token, effectiveFrom="2026-12-01")
    accounts = await accounts_on_file(portal)
    assert [(one.iban, one.valid_from.day, one.valid_to) for one in accounts] == [
        (OLD, 1, date(2026, 12, 1)),
        (NEW, 1, date(2026, 12, 1)),
        (THIRD, 1, None),
    ]


async def test_F88_several_contracts_change_together_in_one_event(portal: Portal) -> None:
    anna = await insured(portal, contracts=3)
    outcome, _ = await change(portal, anna)
    assert len(outcome["accounts"]) == 3
    accounts = await accounts_on_file(portal)
    assert [one.iban for one in accounts] == [OLD, NEW] * 3
    assert len({one.change_uid for one in accounts if one.iban == NEW}) == 1
    [event] = await payloads(portal)
    assert [one["number"] for one in event["contracts"]] == ["HR1", "HR2", "HR3"]
    [submission] = await submissions(portal)
    assert submission.contract_id is None


async def test_F88_several_contracts_change_all_or_none(portal: Portal) -> None:
    anna = await insured(portal, contracts=2)
    token = await portal.sign_in(anna.account)
    asked = await ask_for_change(portal, anna.token, anna.ids)
    one = await ask_for_change(portal, token, anna.ids[1:], THIRD)
    await approve(portal, token, one["approval"]["id"])
    tan = await send_tan(portal, anna.token, asked["approval"]["id"])
    result = await approve_with_tan(portal, anna.token, asked["approval"]["id"], tan)
    assert result["__typename"] == "Conflict"
    assert [one.iban for one in await accounts_on_file(portal)] == [OLD, OLD, THIRD]
    assert len(await submissions(portal)) == 1


async def test_F88_what_somebody_else_changed_meanwhile_is_a_conflict(portal: Portal) -> None:
    anna = await insured(portal)
    seen = (await review(portal, anna.token, anna.ids))["contracts"]
    _, token = await change(portal, anna)
    given = {
        "contracts": [{"contract": anna.ids[0], "version": seen[0]["version"]}],
        "iban": THIRD,
        "idempotencyKey": "k",
    }
    result = await send(portal, "changeBankAccount", given, token=token)
    assert result["__typename"] == "Conflict"
    assert [one.iban for one in await accounts_on_file(portal)] == [OLD, NEW]


async def test_F88_a_key_that_was_approved_answers_with_its_change(portal: Portal) -> None:
    anna = await insured(portal)
    given = {"idempotencyKey": "once"}
    token = await portal.sign_in(anna.account)
    second = await ask_for_change(portal, token, anna.ids, **given)
    outcome, _ = await change(portal, anna, **given)
    again = await approve(portal, token, second["approval"]["id"])
    assert again["outcome"] == outcome
    wanted = {
        "contracts": [{"contract": anna.ids[0], "version": 1}],
        "iban": NEW,
        **given,
    }
    token = again["bearerToken"]
    repeated = await send(portal, "changeBankAccount", wanted, token=token)
    assert repeated["__typename"] == "BankAccountChanged"
    assert repeated["accounts"] == outcome["accounts"]
    other = await send(portal, "changeBankAccount", wanted | {"iban": THIRD}, token=token)
    assert other["__typename"] == "Conflict"
    assert len(await submissions(portal)) == 1
    assert [one.iban for one in await accounts_on_file(portal)] == [OLD, NEW]


async def test_F124_a_refused_change_stays_in_the_history_and_the_old_account_holds_again(
    portal: Portal,
) -> None:
    anna = await insured(portal, contracts=2)
    _, token = await change(portal, anna, holder="Bernd Beispiel")
    [submission] = await submissions(portal)
    await settle(portal, submission, refused="Das Konto ist erloschen.")
    for contract in anna.ids:
        shown = await contract_of(portal, token, contract)
        assert shown["premiumBankAccount"]["maskedIban"] == MASKED_OLD
        assert shown["directDebit"]["mandateReference"].startswith("M-")
        assert [
            (one["maskedIban"], one["state"], one["refusedBecause"], one["endDate"])
            for one in shown["bankAccounts"]
        ] == [
            (MASKED_NEW, "REFUSED", "Das Konto ist erloschen.", None),
            (MASKED_OLD, "CONFIRMED", None, None),
        ]
    await change(portal, anna, THIRD, token=token)
    assert [one.version for one in await accounts_on_file(portal)] == [1, 2, 3] * 2


async def test_F124_a_refusal_leaves_a_later_change_alone(portal: Portal) -> None:
    anna = await insured(portal)
    _, token = await change(portal, anna, holder="Bernd Beispiel")
    _, token = await change(portal, anna, THIRD, token=token, holder="Bernd Beispiel")
    first, second = await submissions(portal)
    await settle(portal, first, refused="Nein.")
    shown = await contract_of(portal, token, anna.ids[0])
    assert shown["premiumBankAccount"]["maskedIban"] == MASKED_THIRD
    assert shown["directDebit"]["bankAccount"]["maskedIban"] == MASKED_THIRD
    await settle(portal, second)
    assert [one.state for one in await accounts_on_file(portal)] == [
        BankAccountState.CONFIRMED,
        BankAccountState.REFUSED,
        BankAccountState.CONFIRMED,
    ]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"iban": ""}, "iban", "Bitte füllen Sie dieses Feld aus."),
        ({"iban": "DE44 9999 9999 0001 0000 01"}, "iban", "Prüfziffern"),
        ({"iban": "TR330006100519786457841326"}, "iban", "nicht zum SEPA-Raum"),
        ({"iban": OLD}, "iban", "bisherige Angabe"),
        ({"holder": " "}, "holder", "Bitte füllen Sie dieses Feld aus."),
        ({"holder": "B" * 71}, "holder", "Bitte fassen Sie sich kürzer."),
        ({"holder": "B\x07B"}, "holder", "sichtbare Zeichen"),
        ({"from": "2026-11-20"}, "effectiveFrom", "von heute an bis in 366 Tagen"),
        ({"from": "2027-11-24"}, "effectiveFrom", "von heute an bis in 366 Tagen"),
        ({"contracts": []}, "contracts", "mindestens einen Vertrag"),
    ],
)
async def test_F88_what_can_be_mended_says_what_to_do(
    portal: Portal, given: dict[str, Any], field: str, words: str
) -> None:
    anna = await insured(portal)
    result = await review(portal, anna.token, **{"contracts": anna.ids} | given)
    [(path, message)] = _problems(result)
    assert path == [field]
    assert words in message
    await _nothing_changed(portal)


@pytest.mark.parametrize("status", [ContractStatus.ENDED, ContractStatus.CANCELLED])
async def test_F88_a_contract_that_is_over_keeps_its_account(
    portal: Portal, status: ContractStatus
) -> None:
    anna = await insured(portal)
    async with portal.transaction() as session:
        over = await factories.insurance_contract(session, anna.customer, status=status)
    result = await review(portal, anna.token, [*anna.ids, encode_id("Contract", over.id)])
    [(path, message)] = _problems(result)
    assert (path, "beendet" in message) == (["contracts"], True)


async def test_F88_contracts_of_two_institutions_change_one_after_the_other(portal: Portal) -> None:
    anna = await insured(portal)
    async with portal.transaction() as session:
        savings = await factories.savings_account(session, anna.customer)
    result = await review(portal, anna.token, [*anna.ids, encode_id("Contract", savings.id)])
    assert _problems(result)[0][0] == ["contracts"]


async def test_F38_what_cannot_be_changed_here_names_who_can(portal: Portal) -> None:
    anna = await insured(portal)
    async with portal.transaction() as session:
        own = await factories.insurance_contract(
            session, anna.customer, origin=ContractOrigin.SELF_ADDED
        )
    result = await review(portal, anna.token, [encode_id("Contract", own.id)])
    assert result["__typename"] == "NotChangeableHere"
    assert result["message"] == (
        "Das können Sie hier nicht ändern. Unser Kundenservice hilft Ihnen weiter."
    )
    assert result["contact"] == {"name": "Kundenservice Musterland", "phone": "0711 99999900"}


async def test_F88_a_foreign_contract_answers_like_an_absent_one(portal: Portal) -> None:
    anna = await insured(portal)
    async with portal.transaction() as session:
        bea = await factories.customer(session, "Bea", "Fremd")
        foreign = await factories.insurance_contract(session, bea)
    for contract in (foreign.id, 10**9):
        result = await review(portal, anna.token, [*anna.ids, encode_id("Contract", contract)])
        assert result["__typename"] == "NotFound"


async def test_F22_a_change_whose_day_has_passed_before_the_yes_is_a_conflict(
    portal: Portal,
) -> None:
    anna = await insured(portal)
    portal.clock.travel_to(portal.clock.now().replace(hour=22, minute=58))
    token = await portal.sign_in(anna.account)
    asked = await ask_for_change(portal, token, anna.ids)
    tan = await send_tan(portal, token, asked["approval"]["id"])
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=5))
    result = await approve_with_tan(portal, token, asked["approval"]["id"], tan)
    assert result["__typename"] == "Conflict"
    await _nothing_changed(portal)
