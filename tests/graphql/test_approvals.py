"""Approvals over GraphQL: what is stored, what approves it, and every way it is refused."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from backend.models.approvals import Approval, ApprovalState
from backend.models.outbox import OutboxMessage
from backend.models.user_accounts import Locale, UserAccount
from backend.services.approval_operations import challenge_of
from backend.worker import forget_what_is_over
from tests.approving import (
    NEW_PASSWORD,
    approve,
    approve_with_passkey,
    approve_with_tan,
    ask,
    ask_for_password,
    has_password,
    options_for,
    send,
    send_signature,
    send_tan,
    stored,
)
from tests.authenticator import Forgery, decode, encode
from tests.signing_in import (
    PASSWORD,
    WHO_AM_I,
    add_passkey,
    authenticator_for,
    person,
    sms_payloads,
    wrong,
)

if TYPE_CHECKING:
    from tests.portal import Portal

PENDING = "{ viewer { pendingApprovals { id summary methods expiresAt } } }"


async def test_F22_a_sensitive_operation_waits_for_its_approval(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    given = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    approval = await ask(portal, "changePassword", given, token=token)
    assert approval == {
        "id": approval["id"],
        "summary": "Ihr Passwort ändern",
        "methods": ["TAN"],
        "expiresAt": "2026-11-21T11:10:00+00:00",
    }
    assert await has_password(portal, account, PASSWORD)
    assert await portal.execute(PENDING, token=token) == {
        "viewer": {"pendingApprovals": [approval]}
    }


async def test_F22_the_tan_names_the_operation_and_executes_it_once(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await ask_for_password(portal, token)
    sent = await send(portal, "requestApprovalTan", {"approval": approval}, token=token)
    assert sent == {
        "__typename": "ApprovalTanSent",
        "maskedPhoneNumber": "+49 ••• 678",
        "expiresAt": "2026-11-21T11:10:00+00:00",
        "approval": {"summary": "Ihr Passwort ändern"},
    }
    message = (await sms_payloads(portal))[-1]
    tan = message["text"][:6]
    assert message == {
        "phone_number": "+4915112345678",
        "text": f"{tan} ist Ihre TAN. Damit geben Sie frei: Ihr Passwort ändern. Gültig noch "
        "10 Min. Stimmt das nicht? Dann geben Sie sie nicht ein. Musterland",
    }
    approved = await approve_with_tan(portal, token, approval, f" {tan} ")
    assert approved == {
        "__typename": "Approved",
        "bearerToken": approved["bearerToken"],
        "viewer": {"displayName": "Anna Beispiel"},
        "outcome": {"__typename": "PasswordChanged", "endedSessions": 0},
    }
    assert await has_password(portal, account, NEW_PASSWORD)
    again = await approve_with_tan(portal, approved["bearerToken"], approval, tan)
    assert again["__typename"] == "ApprovalUsedUp"
    assert await portal.execute(PENDING, token=approved["bearerToken"]) == {
        "viewer": {"pendingApprovals": []}
    }


@pytest.mark.parametrize(
    ("language", "summary", "text"),
    [
        ("de", "Ihre E-Mail-Adresse ändern in neu@example.org", "Damit geben Sie frei: "),
        ("en", "change your e-mail address to neu@example.org", "With it you approve: "),
    ],
)
async def test_the_summary_speaks_the_customers_language(
    portal: Portal, language: str, summary: str, text: str
) -> None:
    token = await portal.sign_in(await person(portal))
    given = {"emailAddress": "neu@example.org"}
    approval = await ask(portal, "changeEmailAddress", given, token=token, language=language)
    assert approval["summary"] == summary
    await send_tan(portal, token, approval["id"])
    assert f"{text}{summary}. " in (await sms_payloads(portal))[-1]["text"]


async def test_the_step_up_renews_the_token_of_an_app(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approved = await approve(portal, token, await ask_for_password(portal, token))
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}
    new = approved["bearerToken"]
    assert await portal.execute(WHO_AM_I, token=new) == {"viewer": {"displayName": "Anna Beispiel"}}


async def test_the_step_up_renews_the_cookie_of_a_browser(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    response = await portal.post(
        "mutation ($input: ApproveWithTanInput!) { approveWithTan(input: $input)"
        " { ... on Approved { bearerToken } } }",
        {"input": {"approval": approval, "tan": tan}},
        token=token,
    )
    assert response.json() == {"data": {"approveWithTan": {"bearerToken": None}}}
    assert response.headers["set-cookie"].startswith("__Host-session=")
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}
    assert await portal.execute(WHO_AM_I) == {"viewer": {"displayName": "Anna Beispiel"}}


async def test_F22_five_wrong_tans_kill_an_approval(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    answers = [await approve_with_tan(portal, token, approval, wrong(tan)) for _ in range(5)]
    assert [answer["attemptsLeft"] for answer in answers] == [4, 3, 2, 1, 0]
    assert [answers[index]["message"] for index in (0, 3, 4)] == [
        "Diese TAN stimmt nicht. Sie haben noch 4 Versuche.",
        "Diese TAN stimmt nicht. Sie haben noch einen Versuch.",
        "Diese TAN stimmt nicht. Bitte fangen Sie noch einmal an.",
    ]
    right = await approve_with_tan(portal, token, approval, tan)
    fresh = await send(portal, "requestApprovalTan", {"approval": approval}, token=token)
    assert [right["__typename"], fresh["__typename"]] == ["ApprovalUsedUp"] * 2
    row = await stored(portal)
    assert (row.state, row.attempts, row.secret) == (ApprovalState.EXHAUSTED, 5, None)
    assert await has_password(portal, account, PASSWORD)


async def test_F22_the_fifth_attempt_may_be_the_right_one(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    for _ in range(4):
        await approve_with_tan(portal, token, approval, wrong(tan))
    assert (await approve_with_tan(portal, token, approval, tan))["__typename"] == "Approved"


async def test_F22_of_fifty_guesses_at_once_five_are_evaluated(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    evaluated: list[str] = []
    verify = portal.house.password_hasher.verify

    async def counted(secret_hash: str | None, secret: str) -> bool:
        evaluated.append(secret)
        return await verify(secret_hash, secret)

    monkeypatch.setattr(portal.house.password_hasher, "verify", counted)
    answers = await asyncio.gather(
        *(approve_with_tan(portal, token, approval, wrong(tan)) for _ in range(50))
    )
    kinds = [answer["__typename"] for answer in answers]
    assert len(evaluated) == 5
    assert (kinds.count("WrongTan"), kinds.count("ApprovalUsedUp")) == (5, 45)
    assert await has_password(portal, account, PASSWORD)


async def test_F22_of_right_tans_at_once_one_is_executed(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    answers = await asyncio.gather(
        *(approve_with_tan(portal, token, approval, tan) for _ in range(4))
    )
    kinds = sorted(answer["__typename"] for answer in answers)
    assert kinds.count("Approved") == 1
    assert set(kinds) <= {"Approved", "ApprovalUsedUp", "NotSignedIn"}
    assert await has_password(portal, account, NEW_PASSWORD)


async def test_F22_a_new_tan_replaces_the_last_and_brings_no_attempts(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = await ask_for_password(portal, token)
    first = await send_tan(portal, token, approval)
    second = await send_tan(portal, token, approval)
    assert first != second
    old = await approve_with_tan(portal, token, approval, first)
    assert (old["__typename"], old["attemptsLeft"]) == ("WrongTan", 4)
    assert (await approve_with_tan(portal, token, approval, second))["__typename"] == "Approved"


async def test_F22_an_approval_expires_after_ten_minutes(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=10))
    late = await approve_with_tan(portal, token, approval, tan)
    assert late == {
        "__typename": "ApprovalExpired",
        "message": "Die Zeit für diese Freigabe ist abgelaufen. Bitte fangen Sie noch einmal an.",
    }
    for name in ("requestApprovalTan", "approvalPasskeyOptions"):
        answer = await send(portal, name, {"approval": approval}, token=token)
        assert answer["__typename"] == "ApprovalExpired", name
    assert await has_password(portal, account, PASSWORD)
    assert await portal.execute(PENDING, token=token) == {"viewer": {"pendingApprovals": []}}


async def test_without_a_tan_sent_none_can_be_right(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = await ask_for_password(portal, token)
    answer = await approve_with_tan(portal, token, approval, "000000")
    assert answer["__typename"] == "ApprovalMethodUnavailable"


async def test_another_session_and_another_customer_see_no_approval(portal: Portal) -> None:
    account = await person(portal)
    mine = await portal.sign_in(account)
    others = {
        "my other session": await portal.sign_in(account),
        "another customer": await portal.sign_in(await person(portal, "berta@example.org")),
        "nobody": None,
    }
    approval = await ask_for_password(portal, mine)
    tan = await send_tan(portal, mine, approval)
    for who, token in others.items():
        for name, more in (
            ("requestApprovalTan", {}),
            ("approvalPasskeyOptions", {}),
            ("approveWithTan", {"tan": tan}),
            ("approveWithPasskey", {"credential": "{}"}),
        ):
            answers = [
                await send(portal, name, {"approval": one} | more, token=token)
                for one in (approval, "QXBwcm92YWw6OTk5OTk", "nonsense")
            ]
            kind = "NotFound" if token else "NotSignedIn"
            assert [answer["__typename"] for answer in answers] == [kind] * 3, (who, name)
        if token:
            shown = await portal.execute(PENDING, token=token)
            assert shown == {"viewer": {"pendingApprovals": []}}
    assert await has_password(portal, account, PASSWORD)
    assert (await stored(portal)).attempts == 0
    assert (await approve_with_tan(portal, mine, approval, tan))["__typename"] == "Approved"


async def test_what_has_changed_meanwhile_is_a_conflict(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(version=UserAccount.version + 1))
    refused = await approve_with_tan(portal, token, approval, tan)
    assert refused == {
        "__typename": "Conflict",
        "message": "Ihre Angaben haben sich inzwischen geändert. Bitte laden Sie die Seite neu "
        "und fangen Sie noch einmal an.",
    }
    again = await approve_with_tan(portal, token, approval, tan)
    assert again["__typename"] == "Conflict"
    assert (await stored(portal)).state is ApprovalState.CONFLICTED
    assert await has_password(portal, account, PASSWORD)
    # The token is the old one: nothing was stepped up.
    assert (await portal.execute(WHO_AM_I, token=token))["viewer"] is not None


async def test_of_two_approvals_of_one_account_the_second_is_a_conflict(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    first = await ask_for_password(portal, token)
    second = await ask_for_password(portal, token, "Etwas ganz anderes bitte")
    token = (await approve(portal, token, first))["bearerToken"]
    tan = await send_tan(portal, token, second)
    assert (await approve_with_tan(portal, token, second, tan))["__typename"] == "Conflict"


async def test_thirty_approvals_an_hour_are_enough(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    kinds = []
    for number in range(31):
        given = {"emailAddress": f"neu{number}@example.org"}
        kinds.append((await send(portal, "changeEmailAddress", given, token=token))["__typename"])
    assert kinds == ["ApprovalRequired"] * 30 + ["TooManyAttempts"]
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Approval)) == 30


async def test_a_number_gets_three_tans_in_ten_minutes_for_approvals_too(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = await ask_for_password(portal, token)
    kinds = [
        (await send(portal, "requestApprovalTan", {"approval": approval}, token=token))[
            "__typename"
        ]
        for _ in range(4)
    ]
    assert kinds == ["ApprovalTanSent"] * 3 + ["TooManyAttempts"]
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxMessage)) == 3


async def test_twenty_guesses_an_hour_hold_across_approvals(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    kinds = []
    for number in range(5):
        given = {"emailAddress": f"neu{number}@example.org"}
        approval = (await ask(portal, "changeEmailAddress", given, token=token))["id"]
        async with portal.transaction() as session:
            await session.execute(
                update(Approval).values(tan_hash=portal.house.password_hasher._dummy)
            )
        for _ in range(5):
            answer = await approve_with_tan(portal, token, approval, "000000")
            kinds.append(answer["__typename"])
    assert kinds == ["WrongTan"] * 20 + ["TooManyAttempts"] * 5


async def test_M3_a_passkey_signs_the_stored_operation(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    given = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    approval = await ask(portal, "changePassword", given, token=token)
    assert approval["methods"] == ["PASSKEY", "TAN"]
    options = json.loads(await options_for(portal, token, approval["id"]))
    row = await stored(portal)
    assert row.nonce is not None
    assert decode(options["challenge"]) == challenge_of(row, row.nonce)
    assert options["rpId"] == "portal.test"
    assert options["userVerification"] == "required"
    assert [decode(one["id"]) for one in options["allowCredentials"]] == [device.credential_id]
    credential = device.sign(json.dumps(options))
    approved = await send_signature(portal, token, approval["id"], credential)
    assert approved["outcome"] == {"__typename": "PasswordChanged", "endedSessions": 0}
    assert await has_password(portal, account, NEW_PASSWORD)
    row = await stored(portal)
    assert row.evidence is not None
    evidence = json.loads(row.evidence)
    assert evidence["credential"] == json.loads(credential)
    assert evidence["passkeyName"] == "Mein Telefon"
    # What was signed can be worked out again from the evidence and the stored operation.
    signed = json.loads(decode(evidence["credential"]["response"]["clientDataJSON"]))
    nonce = base64.b64decode(evidence["nonce"])
    assert signed["challenge"] == encode(challenge_of(row, nonce))


async def test_M3_an_authenticator_may_leave_out_whose_credential_it_is(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    approval = await ask_for_password(portal, token)
    approved = await approve_with_passkey(
        portal, token, approval, device, Forgery(drops_user_handle=True)
    )
    assert approved["__typename"] == "Approved"


async def test_M3_the_signature_of_one_operation_does_not_approve_another(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    harmless = await ask(
        portal, "changeEmailAddress", {"emailAddress": "neu@example.org"}, token=token
    )
    wanted = await ask_for_password(portal, token)
    credential = device.sign(await options_for(portal, token, harmless["id"]))
    unasked = await send_signature(portal, token, wanted, credential)
    await options_for(portal, token, wanted)
    asked = await send_signature(portal, token, wanted, credential)
    assert [unasked["__typename"], asked["__typename"]] == ["PasskeyRefused"] * 2
    assert await has_password(portal, account, PASSWORD)


async def test_M3_an_assertion_is_good_once(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    approval = await ask_for_password(portal, token)
    options = await options_for(portal, token, approval)
    forged = device.sign(options, Forgery({"crossOrigin": True}))
    assert (await send_signature(portal, token, approval, forged))["__typename"] == "PasskeyRefused"
    honest = device.sign(options)
    late = await send_signature(portal, token, approval, honest)
    assert late["__typename"] == "PasskeyRefused"
    approved = await approve_with_passkey(portal, token, approval, device)
    assert approved["__typename"] == "Approved"
    replayed = await send_signature(portal, approved["bearerToken"], approval, honest)
    assert replayed["__typename"] == "ApprovalUsedUp"


async def test_M3_five_wrong_signatures_kill_an_approval(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    approval = await ask_for_password(portal, token)
    for _ in range(5):
        forgery = Forgery({"origin": "https://evil.test"})
        refused = await approve_with_passkey(portal, token, approval, device, forgery)
        assert refused["__typename"] == "PasskeyRefused"
    answer = await send(portal, "approvalPasskeyOptions", {"approval": approval}, token=token)
    assert answer["__typename"] == "ApprovalUsedUp"
    assert await has_password(portal, account, PASSWORD)


async def test_M3_without_a_passkey_there_is_none_to_ask(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = await ask_for_password(portal, token)
    answer = await send(portal, "approvalPasskeyOptions", {"approval": approval}, token=token)
    assert answer["__typename"] == "ApprovalMethodUnavailable"


async def test_what_is_stored_holds_no_password_and_its_hash_no_longer_than_needed(
    portal: Portal,
) -> None:
    token = await portal.sign_in(await person(portal, locale=Locale.EN))
    approval = await ask_for_password(portal, token)
    row = await stored(portal)
    assert row.secret is not None
    assert row.secret.startswith("$argon2id$")
    assert list(json.loads(row.input)) == ["secretSha256"]
    await approve(portal, token, approval)
    assert (await stored(portal)).secret is None


async def test_the_worker_forgets_what_was_never_approved(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    await approve(portal, token, await ask_for_password(portal, token))
    token = await portal.sign_in(await person(portal, "berta@example.org"))
    await ask_for_password(portal, token)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=71))
    await forget_what_is_over(portal.house)
    async with portal.transaction() as session:
        states = (await session.scalars(select(Approval.state))).all()
    assert states == [ApprovalState.APPROVED]
