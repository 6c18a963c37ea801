"""Changing the address over GraphQL (F37, F38, F88, F121-F124, M2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.ids import encode_id
from backend.models.contracts import ContractOrigin, Partner
from backend.models.personal_details import PersonalDetailsState
from backend.models.receipts import Receipt
from backend.services.personal_details_records import apply_due_changes
from tests import factories
from tests.approving import approve, approve_with_passkey, approve_with_tan, send, send_tan
from tests.changing_details import (
    NEW,
    NEW_LINE,
    OLD_LINE,
    THIRD,
    THIRD_LINE,
    ask_for_change,
    changes,
    details_of,
    move,
    partners,
    resident,
    review,
)
from tests.core_answers import payloads, settle, submissions
from tests.rules import set_rule
from tests.signing_in import add_passkey, authenticator_for, mail_payloads, sms_payloads

if TYPE_CHECKING:
    from tests.portal import Portal


async def _nothing_changed(portal: Portal) -> None:
    assert await changes(portal) == []
    assert await submissions(portal) == []
    assert {one.street for one in await partners(portal)} == {"Lindenweg 7"}


def _problems(result: dict[str, Any]) -> list[tuple[list[str], str]]:
    assert result["__typename"] == "InvalidInput", result
    return [(one["path"], one["message"]) for one in result["fields"]]


async def test_F88_a_new_address_is_noted_told_and_proved(portal: Portal) -> None:
    anna = await resident(portal)
    outcome, token = await move(portal, anna)
    [noted] = outcome["changes"]
    assert (noted["state"], noted["before"], noted["after"]) == ("PENDING", OLD_LINE, NEW_LINE)
    [shown] = await details_of(portal, token)
    # Until the institution confirms, the contract keeps what it has.
    assert shown["address"]["line"] == OLD_LINE
    assert [(one["state"], one["after"]) for one in shown["changes"]] == [("PENDING", NEW_LINE)]
    [mail] = await mail_payloads(portal)
    assert (mail["email_address"], mail["subject"]) == (
        anna.account.email_address,
        "Ihre Adresse soll geändert werden",
    )
    assert "Musterland Sachversicherung AG" in mail["text"]
    assert "Am Kanal" not in mail["text"]
    async with portal.transaction() as session:
        [receipt] = (await session.scalars(select(Receipt))).all()
    assert receipt.subject == (
        "neue Adresse Am Kanal 3, 50667 Köln, ab 21. November 2026, "
        "bei Musterland Sachversicherung AG"
    )
    [submission] = await submissions(portal)
    assert submission.receipt_id == receipt.id


async def test_F22_the_message_of_the_tan_names_the_new_address(portal: Portal) -> None:
    anna = await resident(portal)
    asked = await ask_for_change(portal, anna.token, anna.institutions, {"address": NEW})
    await send_tan(portal, anna.token, asked["approval"]["id"])
    [message] = await sms_payloads(portal)
    assert "neue Adresse Am Kanal 3, 50667 Köln, ab 21. November 2026" in message["text"]
    await _nothing_changed(portal)


async def test_M2_each_institution_gets_its_own_event(portal: Portal) -> None:
    anna = await resident(portal, "leben", "sach")
    outcome, _ = await move(portal, anna, effectiveFrom="2026-12-01")
    assert [one["institution"]["key"] for one in outcome["changes"]] == ["leben", "sach"]
    first, second = await submissions(portal)
    assert first.uid != second.uid
    assert (first.schema_version, first.kind.name) == (1, "PERSONAL_DETAILS_CHANGED")
    address = {"street": "Am Kanal 3", "postalCode": "50667", "city": "Köln", "country": "DE"}
    before = {"street": "Lindenweg 7", "postalCode": "70173", "city": "Stuttgart", "country": "DE"}
    told = {"address": address, "previousAddress": before, "effectiveFrom": "2026-12-01"}
    assert await payloads(portal) == [
        told | {"version": 1, "contracts": ["HR1"]},
        told | {"version": 1, "contracts": ["HR2"]},
    ]
    assert len({one.change_uid for one in await changes(portal)}) == 1


async def test_F88_what_the_institution_confirms_stands_in_its_contracts_alone(
    portal: Portal,
) -> None:
    anna = await resident(portal, "leben", "sach")
    _, token = await move(portal, anna)
    first, second = await submissions(portal)
    await settle(portal, first)
    await settle(portal, second, refused="Die Hausnummer 3 gibt es dort nicht.")
    leben, sach = await details_of(portal, token)
    assert leben["address"] == {"line": NEW_LINE, "country": "DE"}
    assert sach["address"] == {"line": OLD_LINE, "country": "DE"}
    assert [(one["state"], one["refusedBecause"]) for one in sach["changes"]] == [
        ("REFUSED", "Die Hausnummer 3 gibt es dort nicht.")
    ]
    assert leben["changes"][0]["answeredAt"] is not None


async def test_F88_others_in_the_contract_keep_their_address(portal: Portal) -> None:
    anna = await resident(portal)
    async with portal.transaction() as session:
        jonas = await factories.customer(session, "Jonas", "Beispiel")
        await factories.partner(session, anna.contracts[0], jonas, sequence=1, street="Lindenweg 7")
        couple = await factories.insurance_contract(session, None)
        await factories.partner(session, couple, None, street="Lindenweg 7")
    await move(portal, anna)
    await settle(portal, (await submissions(portal))[0])
    streets = [(one.customer_id, one.street) for one in await partners(portal)]
    assert streets == [
        (anna.customer.id, "Am Kanal 3"),
        (jonas.id, "Lindenweg 7"),
        (None, "Lindenweg 7"),
    ]


async def test_F88_a_confirmed_address_holds_from_the_day_that_was_chosen(portal: Portal) -> None:
    anna = await resident(portal)
    _, token = await move(portal, anna, effectiveFrom="2026-12-01")
    [submission] = await submissions(portal)
    await settle(portal, submission)
    assert await apply_due_changes(portal.house.sessions, portal.clock) == 0
    [shown] = await details_of(portal, token)
    assert (shown["address"]["line"], shown["changes"][0]["state"]) == (OLD_LINE, "CONFIRMED")
    portal.clock.travel_to(portal.clock.now() + timedelta(days=10))
    assert await apply_due_changes(portal.house.sessions, portal.clock) == 1
    assert await apply_due_changes(portal.house.sessions, portal.clock) == 0
    [shown] = await details_of(portal, await portal.sign_in(anna.account))
    assert shown["address"]["line"] == NEW_LINE


async def test_F124_every_change_stays_on_file_the_newest_first(portal: Portal) -> None:
    anna = await resident(portal)
    _, token = await move(portal, anna)
    await settle(portal, (await submissions(portal))[0])
    _, token = await move(portal, anna, THIRD, token=token)
    await settle(portal, (await submissions(portal))[1], refused="Nein.")
    [shown] = await details_of(portal, token)
    assert [(one["state"], one["before"], one["after"]) for one in shown["changes"]] == [
        ("REFUSED", NEW_LINE, THIRD_LINE),
        ("CONFIRMED", OLD_LINE, NEW_LINE),
    ]
    assert shown["address"]["line"] == NEW_LINE


async def test_M2_an_answer_that_was_overtaken_writes_nothing_over_the_later_one(
    portal: Portal,
) -> None:
    anna = await resident(portal)
    _, token = await move(portal, anna)
    _, token = await move(portal, anna, THIRD, token=token)
    first, second = await submissions(portal)
    await settle(portal, second)
    await settle(portal, first)
    [shown] = await details_of(portal, token)
    assert shown["address"]["line"] == THIRD_LINE
    assert {one.state for one in await changes(portal)} == {PersonalDetailsState.CONFIRMED}


async def test_F88_what_somebody_else_changed_meanwhile_is_a_conflict(portal: Portal) -> None:
    anna = await resident(portal)
    token = await portal.sign_in(anna.account)
    late = await ask_for_change(portal, token, anna.institutions, {"address": THIRD})
    await move(portal, anna)
    tan = await send_tan(portal, token, late["approval"]["id"])
    result = await approve_with_tan(portal, token, late["approval"]["id"], tan)
    assert result["__typename"] == "Conflict"
    given = {
        "institutions": [{"institution": anna.institutions[0], "version": 0}],
        "details": {"address": THIRD},
        "idempotencyKey": "k",
    }
    result = await send(portal, "changePersonalDetails", given, token=token)
    assert result["__typename"] == "Conflict"
    assert [one.after for one in await changes(portal)] == [NEW_LINE]
    assert len(await submissions(portal)) == 1


@pytest.mark.parametrize(
    ("street", "answer", "count"),
    [("Woanders 1", "Conflict", 0), ("Am Kanal 3", "Approved", 1), ("am kanal 3", "Approved", 1)],
)
async def test_F88_a_feed_in_between_is_a_conflict_unless_it_brings_the_new_address(
    portal: Portal, street: str, answer: str, count: int
) -> None:
    anna = await resident(portal)
    asked = await ask_for_change(portal, anna.token, anna.institutions, {"address": NEW})
    async with portal.transaction() as session:
        brought = {"street": street, "postal_code": "50667", "city": "Köln"}
        await session.execute(update(Partner).values(**brought))
    approval = asked["approval"]["id"]
    tan = await send_tan(portal, anna.token, approval)
    result = await approve_with_tan(portal, anna.token, approval, tan)
    assert result["__typename"] == answer
    assert len(await submissions(portal)) == count


async def test_F88_a_key_that_was_approved_answers_with_its_change(portal: Portal) -> None:
    anna = await resident(portal)
    given = {"idempotencyKey": "once"}
    token = await portal.sign_in(anna.account)
    wanted = {"address": NEW}
    second = await ask_for_change(portal, token, anna.institutions, wanted, **given)
    outcome, _ = await move(portal, anna, **given)
    again = await approve(portal, token, second["approval"]["id"])
    assert again["outcome"] == outcome
    repeated = {
        "institutions": [{"institution": anna.institutions[0], "version": 0}],
        "details": wanted,
        **given,
    }
    token = again["bearerToken"]
    result = await send(portal, "changePersonalDetails", repeated, token=token)
    assert [one["id"] for one in result["changes"]] == [one["id"] for one in outcome["changes"]]
    other = repeated | {"details": {"address": THIRD}}
    result = await send(portal, "changePersonalDetails", other, token=token)
    assert result["__typename"] == "Conflict"
    assert len(await submissions(portal)) == 1


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"street": " "}, "street", "Bitte füllen Sie dieses Feld aus."),
        ({"street": "x" * 61}, "street", "Bitte fassen Sie sich kürzer."),
        ({"street": "Weg\x07 1"}, "street", "sichtbare Zeichen"),
        ({"city": ""}, "city", "Bitte füllen Sie dieses Feld aus."),
        ({"postalCode": ""}, "postalCode", "Bitte füllen Sie dieses Feld aus."),
        ({"postalCode": "5066"}, "postalCode", "fünf Ziffern"),
        ({"postalCode": "5O667"}, "postalCode", "fünf Ziffern"),
        ({"postalCode": "05667"}, "postalCode", "gibt es nicht"),
        ({"postalCode": "x" * 13, "country": "AT"}, "postalCode", "kürzer"),
        ({"country": "XX"}, "country", "Bitte wählen Sie ein Land."),
    ],
)
async def test_F88_an_address_that_can_be_mended_says_what_to_do(
    portal: Portal, given: dict[str, str], field: str, words: str
) -> None:
    anna = await resident(portal)
    result = await review(portal, anna.token, anna.institutions, {"address": NEW | given})
    [(path, message)] = _problems(result)
    assert path == [field]
    assert words in message
    await _nothing_changed(portal)


async def test_F88_abroad_the_postal_code_is_free(portal: Portal) -> None:
    anna = await resident(portal)
    dublin = {"street": "1 Quay", "postalCode": "", "city": "Dublin", "country": "ie"}
    await move(portal, anna, dublin)
    [noted] = await changes(portal)
    assert (noted.after, noted.postal_code) == ("1 Quay, Dublin, IE", "")


@pytest.mark.parametrize("day", ["2026-11-20", "2027-11-24"])
async def test_F88_a_day_out_of_range_is_refused(portal: Portal, day: str) -> None:
    anna = await resident(portal)
    result = await review(portal, anna.token, anna.institutions, {"address": NEW}, **{"from": day})
    [(path, message)] = _problems(result)
    assert (path, "von heute an bis in 366 Tagen" in message) == (["effectiveFrom"], True)


async def test_F88_what_is_there_already_or_would_begin_too_early_is_refused(
    portal: Portal,
) -> None:
    anna = await resident(portal)
    old = {"street": "Lindenweg 7", "postalCode": "70173", "city": "Stuttgart", "country": "DE"}
    result = await review(portal, anna.token, anna.institutions, {"address": old})
    assert _problems(result)[0][0] == ["street"]
    _, token = await move(portal, anna, effectiveFrom="2026-12-01")
    result = await review(portal, token, anna.institutions, {"address": THIRD})
    [(path, message)] = _problems(result)
    assert (path, "1. Dezember 2026" in message) == (["effectiveFrom"], True)
    result = await review(portal, token, [], {"address": THIRD})
    assert _problems(result)[0][0] == ["institutions"]
    assert [one.after for one in await changes(portal)] == [NEW_LINE]


async def test_F38_what_the_policy_forbids_names_the_reason_and_who_can(portal: Portal) -> None:
    anna = await resident(portal, "leben", "bank")
    leben, bank = await details_of(portal, anna.token)
    assert (leben["nameRefusal"], bank["addressRefusal"]) == (None, None)
    assert "Geldwäschegesetz" in bank["nameRefusal"]
    name = {"name": {"givenName": "Anna", "familyName": "Neu"}}
    result = await review(portal, anna.token, anna.institutions, name)
    assert result["__typename"] == "NotChangeableHere"
    assert result["message"] == bank["nameRefusal"]
    assert result["contact"] == {"name": "Kundenservice Musterland", "phone": "0711 99999900"}
    given = {
        "institutions": [{"institution": one, "version": 0} for one in anna.institutions],
        "details": name,
        "idempotencyKey": "k",
    }
    result = await send(portal, "changePersonalDetails", given, token=anna.token)
    assert result["__typename"] == "NotChangeableHere"
    await _nothing_changed(portal)


async def test_F38_the_policy_is_dated(portal: Portal) -> None:
    anna = await resident(portal)
    set_rule(portal.house.policy.personal_details, "address", (), {"2026-11-22": ("INSURER",)})
    result = await review(portal, anna.token, anna.institutions, {"address": NEW})
    assert result["__typename"] == "NotChangeableHere"
    assert "Adresse" in result["message"]
    portal.clock.travel_to(portal.clock.now() + timedelta(days=1))
    token = await portal.sign_in(anna.account)
    result = await review(portal, token, anna.institutions, {"address": NEW})
    assert result["__typename"] == "PersonalDetailsReview"


async def test_F88_an_institution_that_does_not_know_the_customer_answers_like_an_absent_one(
    portal: Portal,
) -> None:
    anna = await resident(portal)
    async with portal.transaction() as session:
        other = await factories.institution(session, "kranken")
        added = await factories.insurance_contract(
            session, None, institution_id=other.id, origin=ContractOrigin.SELF_ADDED
        )
        await factories.partner(session, added, anna.customer)
    for institution_id in (other.id, 10**9):
        ids = [*anna.institutions, encode_id("Institution", institution_id)]
        result = await review(portal, anna.token, ids, {"address": NEW})
        assert result["__typename"] == "NotFound"


async def test_M3_an_address_is_approved_with_a_passkey(portal: Portal) -> None:
    anna = await resident(portal)
    device = authenticator_for(portal)
    await add_passkey(portal, anna.token, device)
    token = anna.token
    asked = await ask_for_change(portal, token, anna.institutions, {"address": NEW})
    assert asked["approval"]["methods"] == ["PASSKEY", "TAN"]
    approval = asked["approval"]["id"]
    result = await approve_with_passkey(portal, token, approval, device)
    assert result["outcome"]["__typename"] == "PersonalDetailsChanged"
