"""Changing password, e-mail address, phone and passkeys over GraphQL (F18), each approved."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from backend.models.approvals import Approval
from backend.models.sign_in import Challenge
from backend.models.user_accounts import Locale
from tests.approving import (
    NEW_PASSWORD,
    account_of,
    approve,
    approve_with_passkey,
    approve_with_tan,
    ask,
    ask_for_password,
    has_password,
    send,
    send_tan,
)
from tests.signing_in import (
    PASSWORD,
    WHO_AM_I,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    confirm,
    last_tan,
    mail_payloads,
    person,
    sign_in_with_passkey,
    sms_payloads,
    wrong,
)

if TYPE_CHECKING:
    from tests.portal import Portal

TOO_SHORT = (
    "Bitte wählen Sie ein Passwort mit mindestens 12 Zeichen. Ein kurzer Satz lässt sich gut "
    "merken."
)
TOO_COMMON = (
    "Dieses Passwort wird oft verwendet oder ist leicht zu erraten. Bitte wählen Sie etwas Eigenes."
)
NEW_NUMBER = "+4915123456789"


async def _subjects(portal: Portal) -> list[tuple[str, str]]:
    return [(mail["email_address"], mail["subject"]) for mail in await mail_payloads(portal)]


async def _approvals(portal: Portal) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count()).select_from(Approval)) or 0


def _problems(result: dict[str, Any]) -> list[tuple[list[str], str]]:
    assert result["__typename"] == "InvalidInput", result
    return [(one["path"], one["message"]) for one in result["fields"]]


async def test_F18_a_new_password_ends_all_other_sessions_and_is_told(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    others = [await portal.sign_in(account) for _ in range(2)]
    approved = await approve(portal, token, await ask_for_password(portal, token))
    assert approved["outcome"] == {"__typename": "PasswordChanged", "endedSessions": 2}
    for other in others:
        assert await portal.execute(WHO_AM_I, token=other) == {"viewer": None}
    assert await _subjects(portal) == [("anna@example.org", "Ihr Passwort wurde geändert")]
    assert (await ask_for_tan(portal))["__typename"] == "SignInRefused"
    assert (await ask_for_tan(portal, password=NEW_PASSWORD))["__typename"] == "TanRequired"


async def test_F18_a_sign_in_that_began_with_the_old_password_comes_to_nothing(
    portal: Portal,
) -> None:
    account = await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    token = await portal.sign_in(account)
    await approve(portal, token, await ask_for_password(portal, token))
    assert (await confirm(portal, challenge, tan))[0]["__typename"] == "SignInRefused"


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("kurz", TOO_SHORT),
        ("lang" + "x" * 125, "Bitte wählen Sie ein Passwort mit höchstens 128 Zeichen."),
        ("Passwort1234!", TOO_COMMON),
        (PASSWORD, "Das ist die bisherige Angabe. Bitte geben Sie eine neue ein."),
    ],
)  # fmt: skip
async def test_F18_a_password_that_will_not_do_can_be_mended(
    portal: Portal, new: str, message: str
) -> None:
    token = await portal.sign_in(await person(portal))
    given = {"currentPassword": PASSWORD, "newPassword": new}
    result = await send(portal, "changePassword", given, token=token)
    assert _problems(result) == [(["newPassword"], message)]
    assert await _approvals(portal) == 0


async def test_F18_the_present_password_is_asked_for_and_throttled(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    given = {"currentPassword": "falsch", "newPassword": NEW_PASSWORD}
    for _ in range(10):
        result = await send(portal, "changePassword", given, token=token)
        assert _problems(result) == [(["currentPassword"], "Das ist nicht Ihr jetziges Passwort.")]
    right = given | {"currentPassword": PASSWORD}
    throttled = await send(portal, "changePassword", right, token=token)
    assert throttled["__typename"] == "TooManyAttempts"
    assert await _approvals(portal) == 0


async def _link(portal: Portal) -> str:
    found = re.search(
        r"https://portal\.test/confirm-email-address#(\S+)",
        "".join(mail["text"] for mail in await mail_payloads(portal)),
    )
    assert found is not None
    return found[1]


async def test_F18_a_new_address_counts_once_it_is_confirmed(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    given = {"emailAddress": " Neu@Example.ORG "}
    approval = await ask(portal, "changeEmailAddress", given, token=token)
    approved = await approve(portal, token, approval["id"])
    assert approved["outcome"] == {
        "__typename": "EmailAddressToConfirm",
        "emailAddress": "neu@example.org",
        "expiresAt": "2026-11-22T11:00:00+00:00",
    }
    assert (await account_of(portal, account)).email_address == "anna@example.org"
    assert await _subjects(portal) == [
        ("neu@example.org", "Bitte bestätigen Sie Ihre neue E-Mail-Adresse"),
        ("anna@example.org", "Ihre E-Mail-Adresse soll geändert werden"),
    ]
    link = await _link(portal)
    result = await send(portal, "confirmEmailAddress", {"token": link}, token=None)
    assert result == {"__typename": "EmailAddressChanged", "emailAddress": "neu@example.org"}
    assert (await account_of(portal, account)).email_address == "neu@example.org"
    told = (await mail_payloads(portal))[2:]
    assert [(mail["email_address"], mail["subject"]) for mail in told] == [
        ("anna@example.org", "Ihre E-Mail-Adresse wurde geändert"),
        ("neu@example.org", "Ihre E-Mail-Adresse wurde geändert"),
    ]
    assert "von a•••@example.org in n•••@example.org" in told[0]["text"]
    again = await send(portal, "confirmEmailAddress", {"token": link}, token=None)
    assert again["__typename"] == "ConfirmationRefused"


async def test_F18_a_link_is_good_for_a_day_and_only_the_newest(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    links = []
    for address in ("erste@example.org", "zweite@example.org"):
        given = {"emailAddress": address}
        approval = await ask(portal, "changeEmailAddress", given, token=token)
        token = (await approve(portal, token, approval["id"]))["bearerToken"]
        text = next(
            mail["text"] for mail in await mail_payloads(portal) if mail["email_address"] == address
        )
        links.append(re.findall(r"#(\S+)", text)[0])
    replaced = await send(portal, "confirmEmailAddress", {"token": links[0]}, token=None)
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=24))
    late = await send(portal, "confirmEmailAddress", {"token": links[1]}, token=None)
    unknown = await send(portal, "confirmEmailAddress", {"token": "x"}, token=None)
    answers = [replaced, late, unknown]
    assert [answer["__typename"] for answer in answers] == ["ConfirmationRefused"] * 3
    assert (await account_of(portal, account)).email_address == "anna@example.org"


async def test_F18_a_new_password_ends_links_and_tans_that_wait(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    given = {"emailAddress": "neu@example.org"}
    approval = await ask(portal, "changeEmailAddress", given, token=token)
    token = (await approve(portal, token, approval["id"]))["bearerToken"]
    link = await _link(portal)
    token = (await approve(portal, token, await ask_for_password(portal, token)))["bearerToken"]
    refused = await send(portal, "confirmEmailAddress", {"token": link}, token=None)
    assert refused["__typename"] == "ConfirmationRefused"
    assert (await account_of(portal, account)).email_address == "anna@example.org"


async def test_an_address_that_somebody_has_is_told_only_to_its_mailbox(portal: Portal) -> None:
    account = await person(portal)
    await person(portal, "berta@example.org")
    token = await portal.sign_in(account)
    outcomes = []
    for address in ("berta@example.org", "frei@example.org"):
        given = {"emailAddress": address}
        approval = await ask(portal, "changeEmailAddress", given, token=token)
        approved = await approve(portal, token, approval["id"])
        token = approved["bearerToken"]
        outcomes.append(approved["outcome"] | {"emailAddress": ""})
    assert outcomes[0] == outcomes[1]
    mails = await mail_payloads(portal)
    taken = next(mail for mail in mails if mail["email_address"] == "berta@example.org")
    assert taken["subject"] == "Diese E-Mail-Adresse wird schon verwendet"
    assert "https://" not in taken["text"]
    assert (await account_of(portal, account)).email_address == "anna@example.org"


async def test_an_address_taken_between_link_and_confirmation_is_refused(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    given = {"emailAddress": "neu@example.org"}
    await approve(
        portal, token, (await ask(portal, "changeEmailAddress", given, token=token))["id"]
    )
    link = await _link(portal)
    await person(portal, "neu@example.org")
    before = len(await mail_payloads(portal))
    refused = await send(portal, "confirmEmailAddress", {"token": link}, token=None)
    assert refused["__typename"] == "ConfirmationRefused"
    assert (await account_of(portal, account)).email_address == "anna@example.org"
    assert len(await mail_payloads(portal)) == before


@pytest.mark.parametrize(
    "address",
    ["anna", "anna@", "@example.org", "anna@example", "a b@example.org", "a@b@example.org",
     "anna@exämple.org", "anna@-example.org", "anna@example..org", "x" * 65 + "@example.org",
     "anna@example.org\nBcc: x@example.org", ".anna@example.org", "anna@1.2.3.4"],
)  # fmt: skip
async def test_F18_what_is_no_address_is_refused(portal: Portal, address: str) -> None:
    token = await portal.sign_in(await person(portal))
    result = await send(portal, "changeEmailAddress", {"emailAddress": address}, token=token)
    assert _problems(result) == [
        (
            ["emailAddress"],
            "Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
        )
    ]
    assert await _approvals(portal) == 0


async def test_F18_the_present_address_and_an_empty_one_are_refused(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    messages = [
        _problems(await send(portal, "changeEmailAddress", {"emailAddress": text}, token=token))
        for text in ("ANNA@example.org", " ")
    ]
    assert messages == [
        [(["emailAddress"], "Das ist die bisherige Angabe. Bitte geben Sie eine neue ein.")],
        [(["emailAddress"], "Bitte füllen Sie dieses Feld aus.")],
    ]


async def _phone_to_confirm(portal: Portal, token: str) -> dict[str, Any]:
    """Go as far as the TAN that the new number gets; return the result of the approval."""
    given = {"phoneNumber": "0151 23456789"}
    approval = await ask(portal, "changePhoneNumber", given, token=token)
    return await approve(portal, token, approval["id"])


async def test_F18_F20_a_new_number_is_approved_by_the_old_and_proved_by_itself(
    portal: Portal,
) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    given = {"phoneNumber": "0151 23456789"}
    approval = await ask(portal, "changePhoneNumber", given, token=token)
    assert approval["summary"] == "Ihre Mobilnummer ändern in +49 1512 3456789"
    assert approval["methods"] == ["TAN"]
    approved = await approve(portal, token, approval["id"])
    outcome = approved["outcome"]
    assert outcome == {
        "__typename": "PhoneNumberToConfirm",
        "challenge": outcome["challenge"],
        "maskedPhoneNumber": "+49 ••• 789",
        "expiresAt": "2026-11-21T11:10:00+00:00",
    }
    sent = [message["phone_number"] for message in await sms_payloads(portal)]
    assert sent == ["+4915112345678", NEW_NUMBER]
    assert (await account_of(portal, account)).phone_number == "+4915112345678"
    confirmed = await send(
        portal,
        "confirmPhoneNumber",
        {"challenge": outcome["challenge"], "tan": await last_tan(portal)},
        token=approved["bearerToken"],
    )
    assert confirmed == {
        "__typename": "PhoneNumberChanged",
        "maskedPhoneNumber": "+49 ••• 789",
    }
    assert (await account_of(portal, account)).phone_number == NEW_NUMBER
    mail = (await mail_payloads(portal))[-1]
    assert (mail["email_address"], mail["subject"]) == (
        "anna@example.org",
        "Ihre Mobilnummer wurde geändert",
    )
    assert "von +49 ••• 678 in +49 ••• 789" in mail["text"]


async def test_a_tan_never_goes_to_a_number_changed_in_the_same_session(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approved = await _phone_to_confirm(portal, token)
    token = approved["bearerToken"]
    given = {"challenge": approved["outcome"]["challenge"], "tan": await last_tan(portal)}
    portal.clock.travel_to(portal.clock.now() + timedelta(seconds=1))
    await send(portal, "confirmPhoneNumber", given, token=token)
    texts = len(await sms_payloads(portal))
    refused = await send(
        portal, "changeEmailAddress", {"emailAddress": "neu@example.org"}, token=token
    )
    assert refused == {
        "__typename": "ApprovalMethodUnavailable",
        "message": "So können Sie das hier nicht freigeben. Haben Sie gerade erst Ihre "
        "Mobilnummer geändert? Dann melden Sie sich bitte ab und neu an.",
    }
    assert len(await sms_payloads(portal)) == texts
    portal.clock.travel_to(portal.clock.now() + timedelta(seconds=1))
    fresh = await portal.sign_in(account)
    assert (await ask_for_password(portal, fresh)) is not None


async def test_an_approval_from_before_sends_no_tan_to_the_new_number(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    earlier = await ask_for_password(portal, token)
    approved = await _phone_to_confirm(portal, token)
    token = approved["bearerToken"]
    given = {"challenge": approved["outcome"]["challenge"], "tan": await last_tan(portal)}
    await send(portal, "confirmPhoneNumber", given, token=token)
    answer = await send(portal, "requestApprovalTan", {"approval": earlier}, token=token)
    assert answer["__typename"] == "ApprovalMethodUnavailable"
    assert (await sms_payloads(portal))[-1]["phone_number"] == NEW_NUMBER
    assert len(await sms_payloads(portal)) == 2


async def test_F18_a_passkey_does_not_change_the_phone(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    given = {"phoneNumber": NEW_NUMBER}
    approval = await ask(portal, "changePhoneNumber", given, token=token)
    assert approval["methods"] == ["TAN"]
    for name, more in (
        ("approvalPasskeyOptions", {}),
        ("approveWithPasskey", {"credential": "{}"}),
    ):
        answer = await send(portal, name, {"approval": approval["id"]} | more, token=token)
        assert answer["__typename"] in ("ApprovalMethodUnavailable", "PasskeyRefused")


async def test_F22_five_wrong_tans_leave_the_number_as_it_is(portal: Portal) -> None:
    account = await person(portal)
    approved = await _phone_to_confirm(portal, await portal.sign_in(account))
    tan = await last_tan(portal)
    challenge = approved["outcome"]["challenge"]
    answers = [
        await send(
            portal,
            "confirmPhoneNumber",
            {"challenge": challenge, "tan": text},
            token=approved["bearerToken"],
        )
        for text in [wrong(tan)] * 5 + [tan]
    ]
    assert [answer.get("attemptsLeft") for answer in answers] == [4, 3, 2, 1, 0, None]
    assert answers[-1]["__typename"] == "ConfirmationRefused"
    assert (await account_of(portal, account)).phone_number == "+4915112345678"


async def test_another_customer_can_not_confirm_my_number(portal: Portal) -> None:
    account = await person(portal)
    approved = await _phone_to_confirm(portal, await portal.sign_in(account))
    berta = await person(portal, "berta@example.org")
    given = {"challenge": approved["outcome"]["challenge"], "tan": await last_tan(portal)}
    answer = await send(portal, "confirmPhoneNumber", given, token=await portal.sign_in(berta))
    assert answer["__typename"] == "ConfirmationRefused"
    assert (await account_of(portal, berta)).phone_number == "+4915112345678"
    async with portal.transaction() as session:
        assert await session.scalar(select(func.max(Challenge.attempts))) == 0


async def test_a_confirmation_needs_a_session(portal: Portal) -> None:
    approved = await _phone_to_confirm(portal, await portal.sign_in(await person(portal)))
    given = {"challenge": approved["outcome"]["challenge"], "tan": await last_tan(portal)}
    assert (await send(portal, "confirmPhoneNumber", given, token=None))["__typename"] == (
        "NotSignedIn"
    )


@pytest.mark.parametrize(
    "number", ["", "+447400123456", "030 123456", "+4915112345678", "0" * 41, "anna"]
)
async def test_F20_F21_a_number_that_will_not_do_says_which_does(
    portal: Portal, number: str
) -> None:
    token = await portal.sign_in(await person(portal))
    result = await send(portal, "changePhoneNumber", {"phoneNumber": number}, token=token)
    messages = {
        "": "Bitte füllen Sie dieses Feld aus.",
        "+4915112345678": "Das ist die bisherige Angabe. Bitte geben Sie eine neue ein.",
    }
    expected = messages.get(
        number,
        "Bitte geben Sie eine Mobilnummer aus einem Schengen-Staat ein, zum Beispiel "
        "0151 23456789 oder +43 664 123456.",
    )
    assert _problems(result) == [(["phoneNumber"], expected)]
    assert await _approvals(portal) == 0


async def test_X4_a_removed_passkey_signs_nobody_in_and_is_told(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal, locale=Locale.EN))
    device = authenticator_for(portal)
    added = await add_passkey(portal, token, device)
    given = {"passkey": added["id"]}
    approval = await ask(portal, "removePasskey", given, token=token, language="en")
    assert approval["summary"] == "remove the passkey “Mein Telefon”"
    assert (await sign_in_with_passkey(portal, device))["__typename"] == "SignedIn"
    # A key may well approve its own removal.
    approved = await approve_with_passkey(portal, token, approval["id"], device)
    assert approved["outcome"] == {"__typename": "PasskeyRemoved", "name": "Mein Telefon"}
    assert (await sign_in_with_passkey(portal, device))["__typename"] == "SignInRefused"
    assert (await _subjects(portal))[-1] == ("anna@example.org", "A passkey was removed")
    again = await send(portal, "removePasskey", given, token=approved["bearerToken"])
    assert again["__typename"] == "NotFound"


async def test_foreign_and_absent_passkeys_can_not_be_removed(portal: Portal) -> None:
    berta = await portal.sign_in(await person(portal, "berta@example.org"))
    device = authenticator_for(portal)
    added = await add_passkey(portal, berta, device)
    token = await portal.sign_in(await person(portal))
    answers = [
        await send(portal, "removePasskey", {"passkey": text}, token=token)
        for text in (added["id"], "UGFzc2tleTo5OTk5", "nonsense")
    ]
    assert answers == [answers[0]] * 3
    assert answers[0]["__typename"] == "NotFound"
    assert (await sign_in_with_passkey(portal, device))["__typename"] == "SignedIn"


async def test_another_customers_passkey_approves_nothing_of_mine(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    await add_passkey(portal, token, authenticator_for(portal))
    stranger = authenticator_for(portal)
    await add_passkey(
        portal, await portal.sign_in(await person(portal, "berta@example.org")), stranger
    )
    approval = await ask_for_password(portal, token)
    answer = await approve_with_passkey(portal, token, approval, stranger)
    assert answer["__typename"] == "PasskeyRefused"
    assert await has_password(portal, account, PASSWORD)
    tan = await send_tan(portal, token, approval)
    assert (await approve_with_tan(portal, token, approval, tan))["__typename"] == "Approved"
