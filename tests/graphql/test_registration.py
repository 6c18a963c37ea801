"""Registering over GraphQL: what is typed, the link, the TAN, and the account that comes of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import phonenumbers
import pytest
from sqlalchemy import delete, select

from backend.models.customers import Customer, CustomerNumber
from backend.models.registrations import Registration
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.sign_in import UserSession
from backend.models.terms import AcceptedTerms, TermsKind
from backend.models.user_accounts import Locale, UserAccount
from backend.worker import forget_what_is_over
from tests import factories
from tests.registering import (
    ADDRESS,
    COMPLETE,
    CONFIRM_ADDRESS,
    PASSWORD,
    TERMS,
    accounts,
    ask_for_tan,
    complete,
    confirm_address,
    form,
    last_link,
    register,
    run,
    start,
    wrong,
)
from tests.signing_in import (
    CONFIRM_SIGN_IN,
    SIGN_IN_WITH_PASSWORD,
    WHO_AM_I,
    last_tan,
    mail_payloads,
    person,
    sms_payloads,
)

if TYPE_CHECKING:
    from tests.portal import Portal

REFUSED = (
    "Hier geht es nicht weiter: Der Link oder die TAN gilt nicht mehr. Bitte registrieren Sie sich "
    "noch einmal oder melden Sie sich an, falls Sie schon ein Benutzerkonto haben."
)


async def _registrations(portal: Portal) -> list[Registration]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(Registration).order_by(Registration.id)))


def _travel(portal: Portal, **by: int) -> None:
    portal.clock.travel_to(portal.clock.now() + timedelta(**by))


async def _follow(portal: Portal, token: str) -> dict[str, Any]:
    data = await portal.execute(CONFIRM_ADDRESS, {"input": {"token": token}})
    result: dict[str, Any] = data["confirmRegistrationAddress"]
    return result


async def test_F1_both_address_and_phone_are_proved_before_there_is_an_account(
    portal: Portal,
) -> None:
    started = await start(portal, emailAddress=" Wilma@Example.org ")
    assert started == {
        "__typename": "RegistrationStarted",
        "emailAddress": ADDRESS,
        "expiresAt": "2026-11-22T11:00:00+00:00",
    }
    assert await accounts(portal) == []
    confirmed = await _follow(portal, await last_link(portal))
    assert confirmed == {
        "__typename": "RegistrationAddressConfirmed",
        "registration": confirmed["registration"],
        "maskedPhoneNumber": "+49 ••• 678",
        "expiresAt": "2026-11-22T11:00:00+00:00",
    }
    assert await accounts(portal) == []
    sent = await ask_for_tan(portal, confirmed["registration"])
    assert sent == {
        "__typename": "RegistrationTanSent",
        "maskedPhoneNumber": "+49 ••• 678",
        "expiresAt": "2026-11-21T11:10:00+00:00",
    }
    tan = await last_tan(portal)
    assert await sms_payloads(portal) == [
        {
            "phone_number": "+4915112345678",
            "text": f"{tan} ist Ihre TAN für die Registrierung im Kundenportal Musterland. Sie "
            "gilt 10 Minuten. Geben Sie sie niemandem weiter.",
        }
    ]
    assert await accounts(portal) == []
    signed_in = await complete(portal, confirmed["registration"], f" {tan} ")
    assert signed_in == {
        "__typename": "SignedIn",
        "bearerToken": signed_in["bearerToken"],
        "viewer": {
            "displayName": "Wilma Widerruf",
            "emailAddress": ADDRESS,
            "maskedPhoneNumber": "+49 ••• 678",
            "contracts": {"totalCount": 0},
            "savingsAccounts": [],
            "postbox": {"unreadCount": 0},
            "deliveryPreferences": [],
            "session": {"assuranceLevel": "BASIC"},
        },
    }
    assert await portal.execute(WHO_AM_I, token=signed_in["bearerToken"]) == {
        "viewer": {"displayName": "Wilma Widerruf"}
    }
    assert await _registrations(portal) == []


async def test_F1_the_new_account_signs_in_with_its_password(portal: Portal) -> None:
    await register(portal)
    asked = await run(portal, SIGN_IN_WITH_PASSWORD, emailAddress=ADDRESS, password=PASSWORD)
    assert asked["__typename"] == "TanRequired"
    confirmed = await run(
        portal, CONFIRM_SIGN_IN, challenge=asked["challenge"], tan=await last_tan(portal)
    )
    assert confirmed["__typename"] == "SignedIn"


async def test_F1_a_browser_gets_a_cookie_and_no_token(portal: Portal) -> None:
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    given = {"input": {"registration": secret, "tan": await last_tan(portal)}}
    response = await portal.post(COMPLETE, given)
    assert response.json()["data"]["completeRegistration"]["bearerToken"] is None
    assert response.headers["set-cookie"].startswith("__Host-session=")


async def test_registering_ends_the_session_that_the_request_came_with(portal: Portal) -> None:
    other = await portal.sign_in(await person(portal))
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    given = {"input": {"registration": secret, "tan": await last_tan(portal)}}
    await portal.execute(COMPLETE, given, token=other)
    assert await portal.execute(WHO_AM_I, token=other, headers={"Cookie": ""}) == {"viewer": None}


async def test_F3_the_accepted_texts_are_kept_with_version_and_hash(portal: Portal) -> None:
    texts = (await portal.execute(TERMS, {"locale": "DE"}))["terms"]
    await register(portal)
    (account,) = await accounts(portal)
    async with portal.transaction() as session:
        kept = (await session.scalars(select(AcceptedTerms).order_by(AcceptedTerms.id))).all()
    assert [(row.user_account_id, row.kind, row.version, row.sha256) for row in kept] == [
        (account.id, TermsKind.PORTAL, "2026-01-01", texts[0]["sha256"]),
        (account.id, TermsKind.POSTBOX, "2026-01-01", texts[1]["sha256"]),
    ]
    assert {row.locale for row in kept} == {Locale.DE}
    assert {row.accepted_at for row in kept} == {portal.clock.now()}


async def test_F3_what_was_accepted_may_be_in_the_other_language(portal: Portal) -> None:
    texts = (await portal.execute(TERMS, {"locale": "EN"}))["terms"]
    await register(portal, portalTerms=texts[0]["sha256"])
    async with portal.transaction() as session:
        kept = await session.execute(select(AcceptedTerms.kind, AcceptedTerms.locale))
        assert {row[0]: row[1] for row in kept} == {
            TermsKind.PORTAL: Locale.EN,
            TermsKind.POSTBOX: Locale.DE,
        }


async def test_F2_the_conclusion_is_confirmed_by_mail(portal: Portal) -> None:
    await register(portal)
    mail = (await mail_payloads(portal))[-1]
    assert mail["email_address"] == ADDRESS
    assert mail["subject"] == "Ihr Benutzerkonto im Kundenportal Musterland ist eröffnet"
    assert "binnen 14 Tagen" in mail["text"]


async def test_X4_the_security_log_begins_with_the_registration(portal: Portal) -> None:
    await register(portal)
    async with portal.transaction() as session:
        kinds = await session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id))
        assert list(kinds) == [SecurityEventKind.REGISTERED, SecurityEventKind.SIGNED_IN]


async def test_nothing_that_was_typed_gets_into_the_mail(portal: Portal) -> None:
    await start(portal, givenName="Gewinn", familyName="evil.example")
    text = (await mail_payloads(portal))[-1]["text"]
    assert "Gewinn" not in text
    assert "evil" not in text


async def test_the_mail_speaks_the_language_of_the_request(portal: Portal) -> None:
    given = {"input": await form(portal)}
    document = "mutation ($input: StartRegistrationInput!) { startRegistration(input: $input) {"
    await portal.execute(
        document + " __typename } }", given, headers={"Accept-Language": "en-GB,en"}
    )
    assert (await mail_payloads(portal))[-1]["subject"] == "Please confirm your e-mail address"


SCHENGEN = (
    "AT", "BE", "BG", "HR", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IS", "IT", "LV",
    "LI", "LT", "LU", "MT", "NL", "NO", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "CH",
)  # fmt: skip


async def test_F21_mobiles_of_all_29_schengen_states_are_accepted(portal: Portal) -> None:
    assert len(SCHENGEN) == 29
    kind = phonenumbers.PhoneNumberType.MOBILE
    for region in SCHENGEN:
        number = phonenumbers.example_number_for_type(region, kind)
        assert number is not None
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        address = f"{region.lower()}@example.org"
        started = await start(portal, emailAddress=address, phoneNumber=e164)
        assert started["__typename"] == "RegistrationStarted", (region, started)
    assert len(await _registrations(portal)) == 29


REFUSED_REGIONS = ("GB", "RU", "CY", "IE", "RE", "GP", "MQ", "GI", "AD", "MC", "SM", "XK")


@pytest.mark.parametrize("region", REFUSED_REGIONS)
async def test_F21_mobiles_of_other_states_are_refused_and_told_what_is_accepted(
    portal: Portal, region: str
) -> None:
    kind = phonenumbers.PhoneNumberType.MOBILE
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    await _assert_phone_refused(portal, e164)


@pytest.mark.parametrize("typed", ["030 23125000", "+49 711 99999900", "0800 1234567", "12", "abc"])
async def test_F20_what_is_no_mobile_number_is_refused(portal: Portal, typed: str) -> None:
    await _assert_phone_refused(portal, typed)


async def _assert_phone_refused(portal: Portal, typed: str) -> None:
    assert await start(portal, phoneNumber=typed) == {
        "__typename": "InvalidInput",
        "message": "Bitte prüfen Sie die markierten Angaben.",
        "fields": [
            {
                "path": ["phoneNumber"],
                "message": "Bitte geben Sie eine Mobilnummer aus einem Schengen-Staat ein, zum "
                "Beispiel 0151 23456789 oder +43 664 123456.",
            }
        ],
    }
    assert await _registrations(portal) == []


@pytest.mark.parametrize("typed", ["0151 12345678", "0049 151 12345678", "+49 (0)151 12345678"])
async def test_F20_a_number_may_be_typed_in_any_usual_way(portal: Portal, typed: str) -> None:
    await start(portal, phoneNumber=typed)
    assert [row.phone_number for row in await _registrations(portal)] == ["+4915112345678"]


async def test_every_wrong_field_is_said_at_once(portal: Portal) -> None:
    refused = await start(
        portal,
        emailAddress="wilma@",
        password="kurz",
        phoneNumber=" ",
        givenName=" ",
        familyName="W" * 101,
        birthDate="2026-11-21",
        portalTerms="",
        postboxTerms="0" * 64,
    )
    told = {one["path"][0]: one["message"] for one in refused["fields"]}
    assert {path: message.partition(".")[0] for path, message in told.items()} == {
        "emailAddress": "Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel",
        "password": "Bitte wählen Sie ein Passwort mit mindestens 12 Zeichen",
        "phoneNumber": "Bitte füllen Sie dieses Feld aus",
        "givenName": "Bitte füllen Sie dieses Feld aus",
        "familyName": "Bitte fassen Sie sich kürzer",
        "birthDate": "Bitte geben Sie Ihr Geburtsdatum ein",
        "portalTerms": "Bitte lesen Sie diesen Text und stimmen Sie ihm zu",
        "postboxTerms": "Von diesem Text gibt es inzwischen eine neue Fassung",
    }
    assert await _registrations(portal) == []
    assert await mail_payloads(portal) == []


async def test_F3_one_text_cannot_be_accepted_for_the_other(portal: Portal) -> None:
    texts = (await portal.execute(TERMS, {"locale": "DE"}))["terms"]
    refused = await start(portal, postboxTerms=texts[0]["sha256"])
    assert [one["path"] for one in refused["fields"]] == [["postboxTerms"]]


@pytest.mark.parametrize("password", ["Wilma Widerruf", "passwort2026!", "aaaaaaaaaaaaaa"])
async def test_a_password_that_everybody_would_guess_is_refused(
    portal: Portal, password: str
) -> None:
    refused = await start(portal, password=password)
    assert [one["path"] for one in refused["fields"]] == [["password"]]


async def test_a_link_is_good_once(portal: Portal) -> None:
    await start(portal)
    token = await last_link(portal)
    assert (await _follow(portal, token))["__typename"] == "RegistrationAddressConfirmed"
    assert await _follow(portal, token) == {
        "__typename": "RegistrationRefused",
        "message": REFUSED,
    }


async def test_a_link_is_good_for_a_day(portal: Portal) -> None:
    await start(portal)
    token = await last_link(portal)
    _travel(portal, hours=24)
    assert (await _follow(portal, token))["__typename"] == "RegistrationRefused"


async def test_what_was_never_mailed_confirms_nothing(portal: Portal) -> None:
    await start(portal)
    (row,) = await _registrations(portal)
    for guess in ("", "x", row.link_hash):
        assert (await _follow(portal, guess))["__typename"] == "RegistrationRefused"


async def test_the_token_of_the_link_is_no_secret_of_the_next_step(portal: Portal) -> None:
    await start(portal)
    token = await last_link(portal)
    assert (await ask_for_tan(portal, token))["__typename"] == "RegistrationRefused"
    await _follow(portal, token)
    assert (await ask_for_tan(portal, token))["__typename"] == "RegistrationRefused"
    assert await sms_payloads(portal) == []


async def test_F22_five_wrong_tans_end_the_tan(portal: Portal) -> None:
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    tan = await last_tan(portal)
    for left in (4, 3, 2, 1, 0):
        refused = await complete(portal, secret, wrong(tan))
        assert (refused["__typename"], refused["attemptsLeft"]) == ("WrongTan", left)
    assert (await complete(portal, secret, tan))["__typename"] == "RegistrationRefused"
    assert await accounts(portal) == []


async def test_F22_the_fifth_tan_may_be_the_right_one(portal: Portal) -> None:
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    tan = await last_tan(portal)
    for _ in range(4):
        await complete(portal, secret, wrong(tan))
    assert (await complete(portal, secret, tan))["__typename"] == "SignedIn"


async def test_F22_resent_tans_do_not_add_up_to_endless_guesses(portal: Portal) -> None:
    secret = await confirm_address(portal)
    evaluated = 0
    for number in range(5):
        _travel(portal, minutes=11 if number else 0)
        await ask_for_tan(portal, secret)
        tan = await last_tan(portal)
        for _ in range(6):
            refused = await complete(portal, secret, wrong(tan))
            evaluated += refused["__typename"] == "WrongTan"
    assert evaluated == 20


async def test_F22_a_tan_is_good_for_ten_minutes_and_the_newest_counts(portal: Portal) -> None:
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    first = await last_tan(portal)
    _travel(portal, minutes=10)
    assert (await complete(portal, secret, first))["__typename"] == "RegistrationRefused"
    await ask_for_tan(portal, secret)
    second = await last_tan(portal)
    if first != second:
        assert (await complete(portal, secret, first))["__typename"] == "WrongTan"
    assert (await complete(portal, secret, second))["__typename"] == "SignedIn"


async def test_without_a_tan_nothing_can_be_completed(portal: Portal) -> None:
    secret = await confirm_address(portal)
    assert (await complete(portal, secret, "000000"))["__typename"] == "RegistrationRefused"
    assert (await complete(portal, secret, ""))["__typename"] == "RegistrationRefused"


async def test_parallel_confirmations_open_one_account(portal: Portal) -> None:
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    tan = await last_tan(portal)
    results = await asyncio.gather(*(complete(portal, secret, tan) for _ in range(5)))
    names = sorted(result["__typename"] for result in results)
    assert names == ["RegistrationRefused"] * 4 + ["SignedIn"]
    assert [account.email_address for account in await accounts(portal)] == [ADDRESS]
    async with portal.transaction() as session:
        assert len((await session.scalars(select(Customer))).all()) == 1
        assert len((await session.scalars(select(UserSession))).all()) == 1


async def test_two_registrations_of_one_address_open_one_account(portal: Portal) -> None:
    first = await confirm_address(portal)
    second = await confirm_address(portal, phoneNumber="+43 664 123456")
    tans = []
    for secret in (first, second):
        await ask_for_tan(portal, secret)
        tans.append(await last_tan(portal))
    results = await asyncio.gather(
        complete(portal, first, tans[0]), complete(portal, second, tans[1])
    )
    assert sorted(one["__typename"] for one in results) == ["RegistrationRefused", "SignedIn"]
    assert len(await accounts(portal)) == 1
    assert await _registrations(portal) == []


async def test_an_address_that_got_an_account_meanwhile_is_refused(portal: Portal) -> None:
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    await person(portal, ADDRESS)
    tan = await last_tan(portal)
    assert (await complete(portal, secret, tan))["__typename"] == "RegistrationRefused"
    assert len(await accounts(portal)) == 1
    async with portal.transaction() as session:
        assert len((await session.scalars(select(Customer))).all()) == 1


async def test_a_registration_left_half_way_is_forgotten(portal: Portal) -> None:
    secret = await confirm_address(portal)
    await ask_for_tan(portal, secret)
    _travel(portal, hours=23)
    await forget_what_is_over(portal.house)
    assert len(await _registrations(portal)) == 1
    _travel(portal, hours=1)
    await forget_what_is_over(portal.house)
    assert await _registrations(portal) == []
    assert (await ask_for_tan(portal, secret))["__typename"] == "RegistrationRefused"


async def test_F8_an_address_whose_account_was_deleted_starts_empty(portal: Portal) -> None:
    account = await person(portal, ADDRESS)
    async with portal.transaction() as session:
        seller = await factories.institution(session)
        session.add(
            CustomerNumber(institution_id=seller.id, number="S1", customer_id=account.customer_id)
        )
        owner = await session.get_one(Customer, account.customer_id)
        await factories.insurance_contract(session, owner)
        await session.execute(delete(UserAccount).where(UserAccount.id == account.id))
    token = await register(portal, givenName="Anna", familyName="Beispiel", birthDate="1984-03-12")
    holds = await portal.execute(
        "{ viewer { displayName contracts { totalCount } deliveryPreferences { channel } } }",
        token=token,
    )
    assert holds == {
        "viewer": {
            "displayName": "Anna Beispiel",
            "contracts": {"totalCount": 0},
            "deliveryPreferences": [],
        }
    }
    (new,) = await accounts(portal)
    assert new.customer_id != account.customer_id
