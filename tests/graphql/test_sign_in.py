"""Signing in with password and TAN over GraphQL, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from backend.models.outbox import OutboxMessage
from backend.models.sign_in import AttemptCounter, Challenge, ChallengeKind, UserSession
from backend.models.user_accounts import Locale
from backend.services.passwords import HashingBusyError
from backend.services.sessions import hash_token
from tests.signing_in import (
    CONFIRM_SIGN_IN,
    PASSWORD,
    SIGN_IN_WITH_PASSWORD,
    SIGN_OUT,
    WHO_AM_I,
    ask_for_tan,
    confirm,
    last_tan,
    person,
    sms_payloads,
    wrong,
)

if TYPE_CHECKING:
    from typing import Any

    from tests.portal import Portal

GERMAN_REFUSAL = (
    "Die Anmeldung hat nicht geklappt. Bitte prüfen Sie Ihre Angaben und versuchen Sie es noch "
    "einmal."
)


async def _count(portal: Portal, table: type[Any]) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_F103_password_then_tan_sign_in_a_browser(portal: Portal) -> None:
    await person(portal)
    asked = await ask_for_tan(portal)
    assert asked["__typename"] == "TanRequired"
    assert asked["maskedPhoneNumber"] == "+49 ••• 678"
    result, response = await confirm(portal, asked["challenge"], await last_tan(portal))
    assert result == {
        "__typename": "SignedIn",
        "bearerToken": None,
        "viewer": {"displayName": "Anna Beispiel", "contracts": {"totalCount": 0}},
    }
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    for attribute in ("HttpOnly", "Path=/", "SameSite=strict", "Secure"):
        assert attribute in cookie
    assert "Max-Age" not in cookie
    assert "expires" not in cookie.lower()
    assert await portal.execute(WHO_AM_I) == {"viewer": {"displayName": "Anna Beispiel"}}


async def test_an_app_gets_the_token_and_no_cookie(portal: Portal) -> None:
    await person(portal)
    asked = await ask_for_tan(portal)
    result, response = await confirm(
        portal, asked["challenge"], await last_tan(portal), transport="BEARER"
    )
    assert "set-cookie" not in response.headers
    viewer = await portal.execute(WHO_AM_I, token=result["bearerToken"])
    assert viewer == {"viewer": {"displayName": "Anna Beispiel"}}


async def test_F22_the_tan_goes_to_the_phone_in_the_customers_language(portal: Portal) -> None:
    await person(portal, phone_number="+4915199999999", locale=Locale.EN)
    await ask_for_tan(portal)
    tan = await last_tan(portal)
    assert await sms_payloads(portal) == [
        {
            "phone_number": "+4915199999999",
            "text": f"{tan} is your TAN for signing in to the Musterland customer portal. "
            "It is valid for 10 minutes. Never pass it on.",
        }
    ]


async def test_the_address_is_found_whatever_its_case_and_blanks(portal: Portal) -> None:
    await person(portal)
    assert (await ask_for_tan(portal, " Anna@Example.ORG "))["__typename"] == "TanRequired"


async def test_empty_fields_are_named_and_nothing_is_written(portal: Portal) -> None:
    result = await ask_for_tan(portal, "  ", "")
    assert result["__typename"] == "InvalidInput"
    assert result["fields"] == [
        {"path": ["emailAddress"], "message": "Bitte füllen Sie dieses Feld aus."},
        {"path": ["password"], "message": "Bitte füllen Sie dieses Feld aus."},
    ]
    assert await _count(portal, Challenge) == 0


async def test_fields_longer_than_any_account_has_are_named(portal: Portal) -> None:
    result = await ask_for_tan(portal, "a" * 255, "b" * 257)
    assert [problem["path"] for problem in result["fields"]] == [["emailAddress"], ["password"]]


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("anna@example.org", "falsch"),
        ("niemand@example.org", PASSWORD),
        ("anna@example.org", PASSWORD.upper()),
        ("anna@example.org", f"{PASSWORD} "),
        ("%", PASSWORD),
    ],
)
async def test_wrong_details_are_refused_without_a_trace(
    portal: Portal, address: str, password: str
) -> None:
    await person(portal)
    assert await ask_for_tan(portal, address, password) == {
        "__typename": "SignInRefused",
        "message": GERMAN_REFUSAL,
    }
    assert await _count(portal, Challenge) == 0
    assert await _count(portal, OutboxMessage) == 0


async def test_F22_a_wrong_tan_leaves_the_challenge_good_for_four_more(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    for _ in range(4):
        refused, response = await confirm(portal, challenge, wrong(tan))
        assert refused == {"__typename": "SignInRefused", "message": GERMAN_REFUSAL}
        assert "set-cookie" not in response.headers
    assert (await confirm(portal, challenge, f" {tan} "))[0]["__typename"] == "SignedIn"


async def test_F22_after_five_wrong_tans_the_right_one_is_refused(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    for _ in range(5):
        await confirm(portal, challenge, wrong(tan))
    refused, _ = await confirm(portal, challenge, tan)
    assert refused == {"__typename": "SignInRefused", "message": GERMAN_REFUSAL}
    assert await _count(portal, UserSession) == 0


async def test_F22_a_tan_is_good_once(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    await confirm(portal, challenge, tan)
    refused, _ = await confirm(portal, challenge, tan)
    assert refused["__typename"] == "SignInRefused"
    assert await _count(portal, UserSession) == 1


async def test_F22_a_tan_expires_after_ten_minutes(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=10))
    assert (await confirm(portal, challenge, tan))[0]["__typename"] == "SignInRefused"


async def test_a_challenge_nobody_asked_for_is_refused(portal: Portal) -> None:
    for challenge in ("", "nonsense", "x" * 10_000):
        assert (await confirm(portal, challenge, "123456"))[0]["__typename"] == "SignInRefused"


async def test_one_account_can_not_be_guessed_at_more_than_20_times_an_hour(
    portal: Portal,
) -> None:
    account = await person(portal)
    async with portal.transaction() as session:
        for number in range(5):
            session.add(_challenge_of(portal, account.id, f"challenge {number}"))
    results = [
        (await confirm(portal, f"challenge {number}", "000000"))[0]["__typename"]
        for number in range(5)
        for _ in range(5)
    ]
    assert results == ["SignInRefused"] * 20 + ["TooManyAttempts"] * 5
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=66))
    async with portal.transaction() as session:
        await session.execute(
            update(Challenge).values(expires_at=portal.clock.now() + timedelta(minutes=1))
        )
    assert (await confirm(portal, "challenge 4", "000000"))[0]["__typename"] == "SignInRefused"


async def test_one_account_can_not_be_guessed_at_more_than_50_times_a_day(
    portal: Portal,
) -> None:
    account = await person(portal)
    evaluated = 0
    for hour in range(0, 12, 2):
        async with portal.transaction() as session:
            session.add(_challenge_of(portal, account.id, f"challenge {hour}", hours=24))
            session.add(_challenge_of(portal, account.id, f"more {hour}", hours=24))
        for name in (f"challenge {hour}", f"more {hour}"):
            for _ in range(5):
                result, _ = await confirm(portal, name, "000000")
                evaluated += result["__typename"] == "SignInRefused"
        portal.clock.travel_to(portal.clock.now() + timedelta(hours=2))
    assert evaluated == 50


async def test_a_number_gets_three_tans_in_ten_minutes(portal: Portal) -> None:
    await person(portal)
    kinds = [(await ask_for_tan(portal))["__typename"] for _ in range(4)]
    assert kinds == ["TanRequired"] * 3 + ["TooManyAttempts"]
    assert len(await sms_payloads(portal)) == 3
    assert await _count(portal, Challenge) == 3


async def test_a_number_gets_five_tans_a_day(portal: Portal) -> None:
    await person(portal)
    kinds = []
    for _ in range(7):
        kinds.append((await ask_for_tan(portal))["__typename"])
        portal.clock.travel_to(portal.clock.now() + timedelta(hours=1))
    assert kinds == ["TanRequired"] * 5 + ["TooManyAttempts"] * 2


async def test_ten_attempts_at_a_password_in_a_quarter_of_an_hour(portal: Portal) -> None:
    await person(portal)
    kinds = [(await ask_for_tan(portal, password="falsch"))["__typename"] for _ in range(10)]
    assert kinds == ["SignInRefused"] * 10
    throttled = await ask_for_tan(portal)
    assert throttled["__typename"] == "TooManyAttempts"
    assert throttled["retryAt"] == "2026-11-21T11:16:15+00:00"
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=17))
    assert (await ask_for_tan(portal))["__typename"] == "TanRequired"


async def test_signing_out_ends_the_session_and_clears_the_cookie(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    response = await portal.post(SIGN_OUT, token=token)
    assert response.json() == {"data": {"signOut": {"isSignedOut": True}}}
    assert response.headers["set-cookie"].startswith('__Host-session=""; ')
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}


async def test_signing_out_without_a_session_is_no_error(portal: Portal) -> None:
    assert await portal.execute(SIGN_OUT) == {"signOut": {"isSignedOut": True}}


async def test_too_many_sign_ins_at_once_are_told_to_come_back(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> bool:
        raise HashingBusyError

    monkeypatch.setattr(portal.house.password_hasher, "verify", busy)
    given = {"input": {"emailAddress": "anna@example.org", "password": PASSWORD}}
    response = await portal.post(SIGN_IN_WITH_PASSWORD, given)
    assert response.status_code == 503
    assert 1 <= int(response.headers["retry-after"]) <= 10


async def test_whoever_is_sent_away_as_too_many_come_has_used_no_attempt(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)

    async def counted() -> tuple[int | None, int | None]:
        async with portal.transaction() as session:
            counting = select(func.sum(AttemptCounter.attempts))
            return await session.scalar(counting), await session.scalar(select(Challenge.attempts))

    before = await counted()
    with monkeypatch.context() as busy:
        busy.setattr(portal.house.password_hasher, "_places", 10_000)
        for document, given in (
            (SIGN_IN_WITH_PASSWORD, {"emailAddress": "anna@example.org", "password": PASSWORD}),
            (CONFIRM_SIGN_IN, {"challenge": challenge, "tan": tan}),
        ):
            assert (await portal.post(document, {"input": given})).status_code == 503
    assert await counted() == before
    signed_in, _ = await confirm(portal, challenge, tan)
    assert signed_in["__typename"] == "SignedIn"


async def test_a_document_holds_one_attempt(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    guesses = " ".join(
        f'g{guess}: confirmSignIn(input: {{challenge: "{challenge}", tan: "{guess:06d}"}})'
        "{ __typename }"
        for guess in range(3)
    )
    answer = (await portal.post(f"mutation {{ {guesses} }}")).json()
    assert answer["errors"][0]["extensions"]["code"] == "ONE_MUTATION"
    async with portal.transaction() as session:
        assert await session.scalar(select(Challenge.attempts)) == 0


def _challenge_of(
    portal: Portal, user_account_id: int, secret: str, *, hours: int = 1
) -> Challenge:

    return Challenge(
        kind=ChallengeKind.SIGN_IN_TAN,
        secret_hash=hash_token(secret),
        user_account_id=user_account_id,
        tan_hash=portal.house.password_hasher._dummy,
        attempts=0,
        created_at=portal.clock.now(),
        expires_at=portal.clock.now() + timedelta(hours=hours),
    )
