"""Passkeys over GraphQL: adding one, signing in with it, and what belongs to whom."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from backend.models.customers import Customer
from backend.services.attempts import Limit, count_attempts
from tests.approving import approve, ask_for_password
from tests.authenticator import decode
from tests.registering import accounts, register
from tests.signing_in import (
    ADD_PASSKEY,
    START_PASSKEY_REGISTRATION,
    START_PASSKEY_SIGN_IN,
    WHO_AM_I,
    add_passkey,
    authenticator_for,
    mail_payloads,
    open_ceremony,
    person,
    send_assertion,
    sign_in_with_passkey,
)

if TYPE_CHECKING:
    from typing import Any

    from tests.authenticator import Authenticator
    from tests.portal import Portal

PASSKEYS = "{ viewer { passkeys { id name createdAt lastUsedAt isSynced } } }"


async def _passkeys(portal: Portal, token: str) -> list[dict[str, Any]]:
    data = await portal.execute(PASSKEYS, token=token)
    passkeys: list[dict[str, Any]] = data["viewer"]["passkeys"]
    return passkeys


@pytest.mark.parametrize("is_synced", [False, True])
async def test_F103_a_passkey_is_added_and_signs_in(portal: Portal, is_synced: bool) -> None:  # noqa: FBT001
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal, is_synced=is_synced)
    added = await add_passkey(portal, token, device)
    assert added == {
        "__typename": "Passkey",
        "id": added["id"],
        "name": "Mein Telefon",
        "createdAt": "2026-11-21T11:00:00+00:00",
        "lastUsedAt": None,
        "isSynced": is_synced,
    }
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    signed_in = await sign_in_with_passkey(portal, device)
    assert signed_in["viewer"] == {"displayName": "Anna Beispiel"}
    assert (await _passkeys(portal, signed_in["bearerToken"]))[0]["lastUsedAt"] == (
        "2026-11-21T11:01:00+00:00"
    )


async def test_the_same_device_signs_in_again_and_again(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    kinds = [(await sign_in_with_passkey(portal, device))["__typename"] for _ in range(3)]
    assert kinds == ["SignedIn"] * 3


async def test_options_ask_for_a_discoverable_key_with_user_verification(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    options = json.loads((await open_ceremony(portal, token)).options)
    assert options["rp"] == {"id": "portal.test", "name": "Musterland"}
    assert options["user"]["name"] == "anna@example.org"
    assert options["user"]["displayName"] == "Anna Beispiel"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [decode(known["id"]) for known in options["excludeCredentials"]] == [
        device.credential_id
    ]
    assert options["timeout"] == 300_000
    assert len(decode(options["challenge"])) == 32


async def test_sign_in_options_name_nobody(portal: Portal) -> None:
    asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    options = json.loads(asked["options"])
    assert options["rpId"] == "portal.test"
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []


async def test_the_user_handle_tells_nothing_of_the_customer(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    async with portal.transaction() as session:
        uid = await session.scalar(select(Customer.uid))
    assert len(device.user_handle) == 32
    assert uid is not None
    assert uid.encode() not in device.user_handle
    assert bytes.fromhex(uid) not in device.user_handle


async def test_X4_adding_a_passkey_is_told_by_mail(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    await add_passkey(portal, token, authenticator_for(portal))
    mails = await mail_payloads(portal)
    assert [(mail["email_address"], mail["subject"]) for mail in mails] == [
        ("anna@example.org", "Ein neuer Passkey wurde eingerichtet")
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("  ", "Bitte füllen Sie dieses Feld aus."),
        ("x" * 61, "Bitte fassen Sie sich kürzer."),
        ("a\u202eb", "Bitte verwenden Sie nur sichtbare Zeichen."),
    ],
)
async def test_a_name_that_will_not_do_can_be_mended_with_the_same_answer(
    portal: Portal, name: str, message: str
) -> None:
    token = await portal.sign_in(await person(portal))
    asked = await open_ceremony(portal, token)
    given = {
        "challenge": asked.challenge,
        "credential": authenticator_for(portal).register(asked.options),
    }
    refused = (await portal.execute(ADD_PASSKEY, {"input": given | {"name": name}}, token=token))[
        "addPasskey"
    ]
    assert refused["__typename"] == "InvalidInput"
    assert refused["fields"] == [{"path": ["name"], "message": message}]
    assert await _passkeys(portal, token) == []
    mended = await portal.execute(ADD_PASSKEY, {"input": given | {"name": " Büro "}}, token=token)
    assert mended["addPasskey"]["name"] == "Büro"


async def test_nobody_adds_a_passkey_without_a_session(portal: Portal) -> None:
    started = (await portal.execute(START_PASSKEY_REGISTRATION))["startPasskeyRegistration"]
    assert started["__typename"] == "NotSignedIn"
    given = {"challenge": "x", "credential": "{}", "name": "x"}
    added = (await portal.execute(ADD_PASSKEY, {"input": given}))["addPasskey"]
    assert added["__typename"] == "NotSignedIn"


async def test_a_passkey_is_a_node_of_its_owner_only(portal: Portal) -> None:
    anna = await portal.sign_in(await person(portal))
    berta = await portal.sign_in(await person(portal, "berta@example.org"))
    added = await add_passkey(portal, anna, authenticator_for(portal))
    query, variables = "query ($id: ID!) { node(id: $id) { id } }", {"id": added["id"]}
    assert await portal.execute(query, variables, token=anna) == {"node": {"id": added["id"]}}
    assert await portal.execute(query, variables, token=berta) == {"node": None}
    assert await portal.execute(query, variables) == {"node": None}
    assert await _passkeys(portal, berta) == []


async def test_a_passkey_signs_in_whom_it_belongs_to(portal: Portal) -> None:
    devices = []
    for address in ("anna@example.org", "berta@example.org"):
        token = await portal.sign_in(await person(portal, address))
        device = authenticator_for(portal)
        await add_passkey(portal, token, device)
        devices.append(device)
    token = (await sign_in_with_passkey(portal, devices[1]))["bearerToken"]
    data = await portal.execute("{ viewer { emailAddress } }", token=token)
    assert data == {"viewer": {"emailAddress": "berta@example.org"}}


async def test_a_browser_gets_a_cookie(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    given = {"challenge": asked["challenge"], "credential": device.sign(asked["options"])}
    response = await portal.post(
        "mutation ($input: SignInWithPasskeyInput!) { signInWithPasskey(input: $input)"
        " { ... on SignedIn { bearerToken } } }",
        {"input": given},
    )
    assert response.json() == {"data": {"signInWithPasskey": {"bearerToken": None}}}
    assert response.headers["set-cookie"].startswith("__Host-session=")
    assert await portal.execute(WHO_AM_I) == {"viewer": {"displayName": "Anna Beispiel"}}


async def test_a_challenge_is_good_for_five_minutes(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=5))
    result = await send_assertion(portal, asked["challenge"], device.sign(asked["options"]))
    assert result["__typename"] == "SignInRefused"


async def test_one_client_is_throttled(portal: Portal) -> None:
    limit = Limit("passkey", "127.0.0.1", 300, timedelta(minutes=15))
    async with portal.transaction() as session:
        for _ in range(299):
            await count_attempts(session, limit, clock=portal.clock)
    kinds = [(await send_assertion(portal, "x", "{}"))["__typename"] for _ in range(2)]
    assert kinds == ["SignInRefused", "TooManyAttempts"]


async def test_a_client_that_asks_for_too_many_challenges_gets_none(portal: Portal) -> None:
    limit = Limit("passkey_start", "127.0.0.1", 300, timedelta(minutes=15))
    async with portal.transaction() as session:
        for _ in range(300):
            await count_attempts(session, limit, clock=portal.clock)
    answer = (await portal.post(START_PASSKEY_SIGN_IN)).json()
    assert answer["errors"][0]["extensions"]["code"] == "TOO_MANY_ATTEMPTS"


async def test_twenty_passkeys_are_enough(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    kinds = [
        (await add_passkey(portal, token, authenticator_for(portal)))["__typename"]
        for _ in range(21)
    ]
    assert kinds == ["Passkey"] * 20 + ["PasskeyRefused"]


async def _start(portal: Portal, token: str) -> dict[str, Any]:
    data = await portal.execute(START_PASSKEY_REGISTRATION, token=token)
    result: dict[str, Any] = data["startPasskeyRegistration"]
    return result


async def _add(
    portal: Portal, token: str, ceremony: dict[str, Any], device: Authenticator
) -> dict[str, Any]:
    given = {
        "challenge": ceremony["challenge"],
        "credential": device.register(ceremony["options"]),
        "name": "Telefon",
    }
    data = await portal.execute(ADD_PASSKEY, {"input": given}, token=token)
    result: dict[str, Any] = data["addPasskey"]
    return result


async def test_F103_a_new_passkey_is_approved_before_its_ceremony(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    asked = await _start(portal, token)
    assert asked["approval"]["summary"] == (
        "einen neuen Passkey einrichten, mit dem Sie sich anmelden und freigeben"
    )
    assert asked["approval"]["methods"] == ["TAN"]
    assert await _passkeys(portal, token) == []
    approved = await approve(portal, token, asked["approval"]["id"])
    ceremony, token = approved["outcome"], approved["bearerToken"]
    device = authenticator_for(portal)
    added = await _add(portal, token, ceremony, device)
    assert added["__typename"] == "Passkey"
    again = await _add(portal, token, ceremony, authenticator_for(portal))
    assert again["__typename"] == "PasskeyRefused"
    second = await _start(portal, token)
    assert second["approval"]["methods"] == ["PASSKEY", "TAN"]
    assert len(await _passkeys(portal, token)) == 1


async def test_one_approval_adds_one_passkey(portal: Portal) -> None:
    """What was approved before and not used is no reserve for later."""
    token = await portal.sign_in(await person(portal))
    ceremonies = []
    for _ in range(2):
        asked = await _start(portal, token)
        approved = await approve(portal, token, asked["approval"]["id"])
        ceremonies.append(approved["outcome"])
        token = approved["bearerToken"]
    kinds = [
        (await _add(portal, token, ceremony, authenticator_for(portal)))["__typename"]
        for ceremony in ceremonies
    ]
    assert kinds == ["PasskeyRefused", "Passkey"]


async def test_a_new_password_ends_a_ceremony_that_was_approved(portal: Portal) -> None:
    account = await person(portal)
    thief = await portal.sign_in(account)
    ceremony = await open_ceremony(portal, thief)
    token = await portal.sign_in(account)
    await approve(portal, token, await ask_for_password(portal, token))
    given = {"challenge": ceremony.challenge, "options": ceremony.options}
    result = await _add(portal, await portal.sign_in(account), given, authenticator_for(portal))
    assert result["__typename"] == "PasskeyRefused"


async def test_F103_the_first_passkey_right_after_registering_needs_no_approval(
    portal: Portal,
) -> None:
    token = await register(portal)
    ceremony = await _start(portal, token)
    assert ceremony["__typename"] == "PasskeyChallenge"
    added = await _add(portal, token, ceremony, authenticator_for(portal))
    assert added["__typename"] == "Passkey"
    assert (await _start(portal, token))["__typename"] == "ApprovalRequired"


async def test_right_after_registering_means_this_session_and_a_quarter_of_an_hour(
    portal: Portal,
) -> None:
    token = await register(portal)
    (account,) = await accounts(portal)
    elsewhere = await portal.sign_in(account)
    assert (await _start(portal, elsewhere))["__typename"] == "ApprovalRequired"
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=14))
    assert (await _start(portal, token))["__typename"] == "PasskeyChallenge"
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    assert (await _start(portal, token))["__typename"] == "ApprovalRequired"
