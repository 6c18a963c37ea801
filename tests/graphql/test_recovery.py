"""Getting back in over GraphQL: the link, and a forgotten password that a passkey signs (X19)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, update

from backend.models.approvals import Approval, ApprovalState
from backend.models.recoveries import Recovery
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.user_accounts import Passkey, UserAccount
from backend.services.outbox_delivery import send_recovery_links
from backend.worker import forget_what_is_over
from tests.approving import account_of, ask_for_password, has_password
from tests.authenticator import USER_VERIFIED, Forgery
from tests.recovering import (
    ADDRESS,
    NEW_PASSWORD,
    RECOVER_WITH_PASSKEY,
    START,
    choose_password,
    complete,
    follow,
    last_link,
    open_recovery,
    prove_letter,
    recoveries,
    request_letter,
    send_signature,
    send_tan,
    somebody,
    start,
    what_signs_in,
)
from tests.registering import run
from tests.signing_in import (
    PASSWORD,
    WHO_AM_I,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    mail_payloads,
    sign_in_with_passkey,
    sms_payloads,
)

if TYPE_CHECKING:
    from tests.portal import Portal

REFUSED = (
    "Hier geht es nicht weiter: Der Link oder die TAN gilt nicht mehr. Bitte fordern Sie einen "
    "neuen Link an."
)


def _travel(portal: Portal, **by: int) -> None:
    portal.clock.travel_to(portal.clock.now() + timedelta(**by))


async def _kinds(portal: Portal) -> list[SecurityEventKind]:
    async with portal.transaction() as session:
        found = await session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id))
        return list(found)


async def test_X19_link_and_passkey_set_a_forgotten_password_and_sign_in(portal: Portal) -> None:
    anna = await somebody(portal)
    assert await start(portal, " Anna@Example.org ") == {
        "__typename": "RecoveryStarted",
        "emailAddress": ADDRESS,
        "expiresAt": "2026-11-21T12:00:00+00:00",
    }
    mail = (await mail_payloads(portal))[-1]
    assert mail["email_address"] == ADDRESS
    assert mail["subject"] == "So bekommen Sie wieder Zugang zum Kundenportal Musterland"
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed == {
        "__typename": "RecoveryAddressConfirmed",
        "recovery": confirmed["recovery"],
        "emailAddress": ADDRESS,
        "expiresAt": "2026-11-21T11:30:00+00:00",
        "ways": ["PASSKEY", "LETTER"],
        "letter": None,
    }
    secret = confirmed["recovery"]
    asked = await choose_password(portal, secret)
    assert asked["__typename"] == "RecoveryPasskeyRequired"
    assert await has_password(portal, anna.account, PASSWORD)
    signed_in = await send_signature(portal, secret, anna.device.sign(asked["options"]))
    assert signed_in["__typename"] == "SignedIn"
    assert await portal.execute(WHO_AM_I, token=signed_in["bearerToken"]) == {
        "viewer": {"displayName": "Anna Beispiel"}
    }
    assert await has_password(portal, anna.account, NEW_PASSWORD)
    assert await recoveries(portal) == []
    assert (await mail_payloads(portal))[-1]["subject"] == "Ihr Passwort wurde geändert"
    assert await sms_payloads(portal) == []


async def test_X19_a_new_password_ends_every_session_and_keeps_passkeys(portal: Portal) -> None:
    anna = await somebody(portal)
    await ask_for_password(portal, anna.token)
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    await send_signature(portal, secret, anna.device.sign(asked["options"]))
    assert await portal.execute(WHO_AM_I, token=anna.token) == {"viewer": None}
    async with portal.transaction() as session:
        assert await session.scalar(select(Approval.state)) is ApprovalState.CONFLICTED
        assert await session.scalar(select(Approval.secret)) is None
    assert (await sign_in_with_passkey(portal, anna.device))["__typename"] == "SignedIn"
    assert await _kinds(portal) == [
        SecurityEventKind.PASSKEY_ADDED,
        SecurityEventKind.RECOVERY_STARTED,
        SecurityEventKind.SESSION_ENDED,
        SecurityEventKind.PASSWORD_CHANGED,
        SecurityEventKind.SIGNED_IN,
        SecurityEventKind.SIGNED_IN,
    ]


async def test_X19_a_tan_that_waited_for_the_old_password_signs_in_no_more(portal: Portal) -> None:
    anna = await somebody(portal)
    waiting = await ask_for_tan(portal)
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    await send_signature(portal, secret, anna.device.sign(asked["options"]))
    tan = (await sms_payloads(portal))[-1]["text"][:6]
    document = """mutation ($input: ConfirmSignInInput!) {
      confirmSignIn(input: $input) { __typename } }"""
    refused = await run(portal, document, challenge=waiting["challenge"], tan=tan)
    assert refused == {"__typename": "SignInRefused"}


async def test_X19_a_browser_gets_a_cookie_and_no_token(portal: Portal) -> None:
    anna = await somebody(portal)
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    credential = anna.device.sign(asked["options"])
    response = await portal.post(
        RECOVER_WITH_PASSKEY, {"input": {"recovery": secret, "credential": credential}}
    )
    assert response.json()["data"]["recoverWithPasskey"]["bearerToken"] is None
    assert response.headers["set-cookie"].startswith("__Host-session=")


async def test_X19_the_mail_speaks_the_language_of_the_request(portal: Portal) -> None:
    await somebody(portal)
    given = {"input": {"emailAddress": ADDRESS}}
    await portal.execute(START, given, headers={"Accept-Language": "en-GB,en"})
    await send_recovery_links(portal.house)
    subject = (await mail_payloads(portal))[-1]["subject"]
    assert subject == "How to get back into the Musterland customer portal"


async def test_what_is_no_address_is_refused(portal: Portal) -> None:
    refused = await run(portal, START, emailAddress="anna@")
    assert (refused["__typename"], refused["fields"][0]["path"]) == (
        "InvalidInput",
        ["emailAddress"],
    )
    assert await recoveries(portal) == []


async def test_X19_a_link_is_good_once(portal: Portal) -> None:
    anna = await somebody(portal)
    await start(portal)
    token = await last_link(portal)
    before = await what_signs_in(portal, anna)
    assert (await follow(portal, token))["__typename"] == "RecoveryAddressConfirmed"
    assert await follow(portal, token) == {"__typename": "RecoveryRefused", "message": REFUSED}
    assert await what_signs_in(portal, anna) == before


async def test_X19_a_link_is_good_for_an_hour_and_its_steps_for_half_an_hour(
    portal: Portal,
) -> None:
    await somebody(portal)
    await start(portal)
    _travel(portal, minutes=60)
    assert (await follow(portal, await last_link(portal)))["__typename"] == "RecoveryRefused"
    secret = await open_recovery(portal)
    _travel(portal, minutes=30)
    assert (await choose_password(portal, secret))["__typename"] == "RecoveryRefused"
    assert (await request_letter(portal, secret))["__typename"] == "RecoveryRefused"
    await forget_what_is_over(portal.house)
    assert await recoveries(portal) == []


async def test_X19_a_second_recovery_closes_the_first(portal: Portal) -> None:
    anna = await somebody(portal)
    await start(portal)
    older = await last_link(portal)
    first = await open_recovery(portal)
    assert (await follow(portal, older))["__typename"] == "RecoveryRefused"
    asked = await choose_password(portal, first)
    second = await open_recovery(portal)
    refused = await send_signature(portal, first, anna.device.sign(asked["options"]))
    assert refused["__typename"] == "RecoveryRefused"
    assert await has_password(portal, anna.account, PASSWORD)
    asked = await choose_password(portal, second)
    done = await send_signature(portal, second, anna.device.sign(asked["options"]))
    assert done["__typename"] == "SignedIn"


async def test_X19_a_credential_that_changes_meanwhile_ends_the_recovery(portal: Portal) -> None:
    anna = await somebody(portal)
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(version=UserAccount.version + 1))
    refused = await send_signature(portal, secret, anna.device.sign(asked["options"]))
    assert refused["__typename"] == "RecoveryRefused"
    assert await has_password(portal, anna.account, PASSWORD)


async def test_X19_what_was_never_mailed_opens_nothing(portal: Portal) -> None:
    await somebody(portal)
    await start(portal)
    (row,) = await recoveries(portal)
    for guess in ("", "x", row.link_hash):
        assert (await follow(portal, guess))["__typename"] == "RecoveryRefused"
    token = await last_link(portal)
    for step in (choose_password, request_letter, send_tan):
        assert (await step(portal, token))["__typename"] == "RecoveryRefused"


async def test_X19_the_mailbox_alone_leads_nowhere(portal: Portal) -> None:
    anna = await somebody(portal)
    secret = await open_recovery(portal)
    before = await what_signs_in(portal, anna)
    stranger = authenticator_for(portal)
    stranger.user_handle = anna.device.user_handle
    asked = await choose_password(portal, secret)
    refused = await send_signature(portal, secret, stranger.sign(asked["options"]))
    assert refused["__typename"] == "PasskeyRefused"
    assert (await send_tan(portal, secret))["__typename"] == "RecoveryRefused"
    assert (await complete(portal, secret, "000000"))["__typename"] == "RecoveryRefused"
    assert (await prove_letter(portal, secret, "0"))["__typename"] == "RecoveryProofRefused"
    assert await what_signs_in(portal, anna) == before
    assert await sms_payloads(portal) == []


FORGERIES = {
    "without user verification": Forgery(flags_off=USER_VERIFIED),
    "framed by a foreign page": Forgery(client_data={"crossOrigin": True}),
    "from a foreign page": Forgery(client_data={"origin": "https://evil.test"}),
    "another challenge": Forgery(client_data={"challenge": "AAAA"}),
    "somebody else's": Forgery(user_handle=b"somebody else"),
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_X19_a_forged_signature_changes_nothing(portal: Portal, forgery: Forgery) -> None:
    anna = await somebody(portal)
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    before = await what_signs_in(portal, anna)
    credential = anna.device.sign(asked["options"], forgery)
    assert (await send_signature(portal, secret, credential))["__typename"] == "PasskeyRefused"
    assert await what_signs_in(portal, anna) == before
    assert (await _kinds(portal))[-1] is SecurityEventKind.RECOVERY_REFUSED


async def test_X19_a_passkey_of_another_customer_signs_nothing_here(portal: Portal) -> None:
    anna = await somebody(portal)
    other = await somebody(portal, has_address=False, email_address="boris@example.org")
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    refused = await send_signature(portal, secret, other.device.sign(asked["options"]))
    assert refused["__typename"] == "PasskeyRefused"
    assert await has_password(portal, anna.account, PASSWORD)


async def test_M3_a_password_changed_after_the_challenge_was_not_signed(portal: Portal) -> None:
    anna = await somebody(portal)
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    other = await portal.house.password_hasher.hash("Etwas ganz anderes als gedacht")
    async with portal.transaction() as session:
        await session.execute(update(Recovery).values(password_hash=other))
    refused = await send_signature(portal, secret, anna.device.sign(asked["options"]))
    assert refused["__typename"] == "PasskeyRefused"
    assert await has_password(portal, anna.account, PASSWORD)


async def test_M3_choosing_another_password_asks_for_another_signature(portal: Portal) -> None:
    anna = await somebody(portal)
    secret = await open_recovery(portal)
    first = anna.device.sign((await choose_password(portal, secret))["options"])
    asked = await choose_password(portal, secret, "Sechs Boote auf dem See")
    assert (await send_signature(portal, secret, first))["__typename"] == "PasskeyRefused"
    # The nonce is spent with the attempt.
    late = anna.device.sign(asked["options"])
    assert (await send_signature(portal, secret, late))["__typename"] == "PasskeyRefused"
    assert await has_password(portal, anna.account, PASSWORD)


async def test_M3_a_signature_is_good_once_however_often_it_is_sent(portal: Portal) -> None:
    anna = await somebody(portal)
    secret = await open_recovery(portal)
    credential = anna.device.sign((await choose_password(portal, secret))["options"])
    results = await asyncio.gather(*(send_signature(portal, secret, credential) for _ in range(4)))
    names = [one["__typename"] for one in results]
    assert names.count("SignedIn") == 1
    assert set(names) <= {"SignedIn", "RecoveryRefused", "PasskeyRefused"}


@pytest.mark.parametrize("password", ["kurz", "Anna Beispiel", "passwort2026!"])
async def test_X19_a_password_that_everybody_would_guess_is_refused(
    portal: Portal, password: str
) -> None:
    await somebody(portal)
    secret = await open_recovery(portal)
    refused = await choose_password(portal, secret, password)
    assert [one["path"] for one in refused["fields"]] == [["newPassword"]]
    (row,) = await recoveries(portal)
    assert (row.password_hash, row.nonce) == (None, None)


async def test_X19_without_passkey_there_is_no_such_way(portal: Portal) -> None:
    anna = await somebody(portal)
    async with portal.transaction() as session:
        await session.execute(delete(Passkey))
    await start(portal)
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed["ways"] == ["LETTER"]
    refused = await choose_password(portal, confirmed["recovery"])
    assert refused["__typename"] == "RecoveryWayUnavailable"
    assert await has_password(portal, anna.account, PASSWORD)


async def test_X19_recovering_ends_the_session_that_the_request_came_with(portal: Portal) -> None:
    anna = await somebody(portal)
    boris = await somebody(portal, has_address=False, email_address="boris@example.org")
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    credential = anna.device.sign(asked["options"])
    given: dict[str, Any] = {"input": {"recovery": secret, "credential": credential}}
    await portal.execute(RECOVER_WITH_PASSKEY, given, token=boris.token)
    assert await portal.execute(WHO_AM_I, token=boris.token, headers={"Cookie": ""}) == {
        "viewer": None
    }


async def test_X19_the_link_is_sent_once_however_often_the_worker_delivers(portal: Portal) -> None:
    anna = await somebody(portal)
    await start(portal)
    sent = len(await mail_payloads(portal))
    await send_recovery_links(portal.house)
    assert len(await mail_payloads(portal)) == sent
    assert (await account_of(portal, anna.account)).version == anna.account.version


async def test_X19_a_passkey_added_since_signs_too(portal: Portal) -> None:
    anna = await somebody(portal)
    newer = authenticator_for(portal)
    await add_passkey(portal, anna.token, newer)
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    done = await send_signature(portal, secret, newer.sign(asked["options"]))
    assert done["__typename"] == "SignedIn"
