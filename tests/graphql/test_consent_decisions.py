"""Giving, confirming and taking back consents over GraphQL, on both databases."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.models.consents import ConsentDecision, ConsentState
from backend.models.sign_in import UserSession
from backend.models.user_accounts import UserAccount
from tests import factories
from tests.consenting import (
    ANALYSIS,
    EMAIL,
    GRANT,
    HISTORY,
    PHONE,
    WITHDRAW,
    agree_by_email,
    confirm,
    consents_of,
    grant,
    history,
    links,
    withdraw,
)
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from tests.portal import Portal


async def _anna(portal: Portal, name: str = "Anna") -> tuple[str, UserAccount]:
    async with portal.transaction() as session:
        anna = await factories.customer(session, name)
        user = await factories.user_account(session, anna)
    return await portal.sign_in(user), user


async def _rows(portal: Portal) -> list[ConsentDecision]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(ConsentDecision).order_by(ConsentDecision.id)))


async def _states(portal: Portal, token: str) -> dict[str, str]:
    return {name: row["state"] for name, row in (await consents_of(portal, token)).items()}


async def test_F19_by_email_a_consent_counts_once_the_link_was_followed(portal: Portal) -> None:
    token, user = await _anna(portal)
    given = await grant(portal, token, EMAIL)
    assert (given["state"], given["decidedAt"]) == ("PENDING", portal.clock.now().isoformat())
    [mail] = await mail_payloads(portal)
    assert mail["email_address"] == user.email_address
    assert mail["subject"] == "Bitte bestätigen: Produktinformationen per E-Mail"
    assert "https://portal.test/confirm-consent#" in mail["text"]

    [secret] = await links(portal)
    confirmed = await confirm(portal, secret)
    assert confirmed == {"__typename": "ConsentConfirmed", "purpose": EMAIL}
    assert await _states(portal, token) == {
        EMAIL: "GRANTED",
        PHONE: "NOT_GRANTED",
        ANALYSIS: "NOT_GRANTED",
    }
    again = await confirm(portal, secret)
    assert again["__typename"] == "ConfirmationRefused"


async def test_F19_the_log_proves_who_agreed_when_to_which_words_and_through_what(
    portal: Portal,
) -> None:
    token, user = await _anna(portal)
    await agree_by_email(portal, token)
    await withdraw(portal, token, EMAIL)
    async with portal.transaction() as session:
        [session_id] = await session.scalars(select(UserSession.id))
    shown = (await consents_of(portal, token))[EMAIL]["text"]
    proofs = [
        (
            row.state.name,
            row.decided_through.name,
            row.email_address,
            row.user_session_id,
            row.text_version,
            row.text_sha256,
        )
        for row in await _rows(portal)
    ]
    text = (shown["version"], shown["sha256"])
    assert proofs == [
        ("PENDING", "PORTAL", user.email_address, session_id, *text),
        ("GRANTED", "EMAIL_LINK", user.email_address, None, *text),
        ("NOT_GRANTED", "PORTAL", None, session_id, *text),
    ]
    told = await history(portal, token)
    assert [one["state"] for one in told] == ["NOT_GRANTED", "GRANTED", "PENDING"]
    assert {one["agreedText"]["text"] for one in told} == {shown["text"]}


@pytest.mark.parametrize("purpose", [PHONE, ANALYSIS])
async def test_F19_F77_the_others_count_at_once_and_send_no_mail(
    portal: Portal, purpose: str
) -> None:
    token, _ = await _anna(portal)
    given = await grant(portal, token, purpose)
    assert given["state"] == "GRANTED"
    assert await mail_payloads(portal) == []
    states = await _states(portal, token)
    assert [name for name, state in states.items() if state == "GRANTED"] == [purpose]


@pytest.mark.parametrize("purpose", [EMAIL, PHONE, ANALYSIS])
async def test_F19_a_consent_is_taken_back_by_one_call_as_it_was_given(
    portal: Portal, purpose: str
) -> None:
    token, _ = await _anna(portal)
    await grant(portal, token, purpose)
    taken = await withdraw(portal, token, purpose)
    assert (taken["__typename"], taken["state"]) == ("Consent", "NOT_GRANTED")
    assert set((await _states(portal, token)).values()) == {"NOT_GRANTED"}
    for secret in await links(portal):
        assert (await confirm(portal, secret))["__typename"] == "ConfirmationRefused"
    assert set((await _states(portal, token)).values()) == {"NOT_GRANTED"}


async def test_deciding_the_same_again_adds_nothing_to_the_log(portal: Portal) -> None:
    token, _ = await _anna(portal)
    await withdraw(portal, token, PHONE)
    assert await _rows(portal) == []
    await grant(portal, token, PHONE)
    await grant(portal, token, PHONE)
    await withdraw(portal, token, PHONE)
    await withdraw(portal, token, PHONE)
    assert [row.state for row in await _rows(portal)] == [
        ConsentState.GRANTED,
        ConsentState.NOT_GRANTED,
    ]


async def test_F19_only_the_newest_link_counts_and_not_for_ever(portal: Portal) -> None:
    token, _ = await _anna(portal)
    await grant(portal, token, EMAIL)
    await grant(portal, token, EMAIL)
    first, second = await links(portal)
    assert (await confirm(portal, first))["__typename"] == "ConfirmationRefused"
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=72))
    assert (await confirm(portal, second))["__typename"] == "ConfirmationRefused"
    assert [row.state.name for row in await _rows(portal)] == ["PENDING", "PENDING"]


async def test_a_link_proves_nothing_about_another_address(portal: Portal) -> None:
    token, user = await _anna(portal)
    await grant(portal, token, EMAIL)
    async with portal.transaction() as session:
        await session.execute(
            update(UserAccount)
            .where(UserAccount.id == user.id)
            .values(email_address="neu@example.org")
        )
    [secret] = await links(portal)
    assert (await confirm(portal, secret))["__typename"] == "ConfirmationRefused"
    assert (await _states(portal, token))[EMAIL] == "PENDING"


async def test_F19_a_customer_agrees_to_the_words_in_force_and_to_no_others(
    portal: Portal,
) -> None:
    token, _ = await _anna(portal)
    other = (await consents_of(portal, token))[PHONE]["text"]["sha256"]
    for text in (other, "0" * 64, ""):
        refused = await grant(portal, token, ANALYSIS, text=text)
        assert refused["__typename"] == "InvalidInput"
        assert [field["path"] for field in refused["fields"]] == [["text"]]
    assert await _rows(portal) == []
    english = (await consents_of(portal, token, "EN"))[ANALYSIS]["text"]
    assert english["sha256"] == hashlib.sha256(english["text"].encode()).hexdigest()
    assert (await grant(portal, token, ANALYSIS, text=english["sha256"]))["state"] == "GRANTED"


async def test_links_are_not_sent_without_end(portal: Portal) -> None:
    token, _ = await _anna(portal)
    other, _ = await _anna(portal, "Otto")
    for _ in range(5):
        assert (await grant(portal, token, EMAIL))["state"] == "PENDING"
    refused = await grant(portal, token, EMAIL)
    assert refused["__typename"] == "TooManyAttempts"
    assert len(await _rows(portal)) == len(await mail_payloads(portal)) == 5
    assert (await grant(portal, other, EMAIL))["state"] == "PENDING"


async def test_a_foreign_consent_can_be_neither_given_nor_taken_back(portal: Portal) -> None:
    token, _ = await _anna(portal)
    other, _ = await _anna(portal, "Otto")
    await grant(portal, other, PHONE)
    foreign = (await consents_of(portal, other))[PHONE]
    for query, name in ((GRANT, "grantConsent"), (WITHDRAW, "withdrawConsent")):
        given = {"consent": foreign["id"]}
        if name == "grantConsent":
            given["text"] = foreign["text"]["sha256"]
        data = await portal.execute(query, {"input": given}, token=token)
        assert data[name]["__typename"] == "NotFound"
        data = await portal.execute(query, {"input": given})
        assert data[name]["__typename"] == "NotSignedIn"
    assert [row.state.name for row in await _rows(portal)] == ["GRANTED"]


async def test_F19_the_history_comes_page_by_page_and_is_ones_own(portal: Portal) -> None:
    token, _ = await _anna(portal)
    other, _ = await _anna(portal, "Otto")
    for purpose in (PHONE, ANALYSIS):
        await grant(portal, token, purpose)
        await withdraw(portal, token, purpose)
    seen: list[tuple[str, str]] = []
    after = None
    while True:
        data = await portal.execute(HISTORY, {"first": 3, "after": after}, token=token)
        page: dict[str, Any] = data["viewer"]["settingsHistory"]
        assert page["totalCount"] == 4
        seen += [(node["purpose"], node["state"]) for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [
        (ANALYSIS, "NOT_GRANTED"),
        (ANALYSIS, "GRANTED"),
        (PHONE, "NOT_GRANTED"),
        (PHONE, "GRANTED"),
    ]
    assert await history(portal, other) == []
