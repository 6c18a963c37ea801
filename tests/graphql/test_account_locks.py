"""Locking a user account at once leaves nothing that signs in or approves (F72)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from backend import database
from backend.models.approvals import Approval, ApprovalState
from backend.models.devices import Device
from backend.models.sign_in import Challenge, UserSession
from backend.models.user_accounts import Passkey, UserAccount
from backend.services.account_locks import tell_locked_accounts, unlock
from tests.approving import account_of, approve, options_for, send, send_signature, send_tan
from tests.approving import ask as ask_for
from tests.recovering import NEW_PASSWORD as RECOVERED_PASSWORD
from tests.recovering import (
    choose_password,
    open_recovery,
    recover,
    somebody,
    watch_letters,
)
from tests.recovering import send_signature as send_recovery_signature
from tests.remembering import ask, confirm_with_device, remember, sign_in_with
from tests.signing_in import (
    PASSWORD,
    WHO_AM_I,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    confirm,
    last_tan,
    mail_payloads,
    open_ceremony,
    person,
    sign_in_with_passkey,
)

if TYPE_CHECKING:
    import pytest

    from tests.portal import Portal

LOCK = """mutation { lockUserAccount { __typename
  ... on UserAccountLocked { lockedAt securityEvents { kind deviceName detail } }
  ... on Refusal { message } } }"""


async def _lock(portal: Portal, token: str) -> dict[str, Any]:
    result: dict[str, Any] = (await portal.execute(LOCK, token=token))["lockUserAccount"]
    return result


async def _subjects(portal: Portal) -> list[str]:
    return [mail["subject"] for mail in await mail_payloads(portal)]


async def test_F72_one_press_shows_what_happened_and_ends_the_session(portal: Portal) -> None:
    account = await person(portal)
    await remember(portal)
    token = await portal.sign_in(account)
    response = await portal.post(LOCK, token=token)
    assert "Max-Age=0" in response.headers["set-cookie"]
    locked = response.json()["data"]["lockUserAccount"]
    assert locked["lockedAt"] == "2026-11-21T11:00:00+00:00"
    kinds = [event["kind"] for event in locked["securityEvents"]]
    assert kinds == ["SIGNED_IN", "DEVICE_ADDED"]
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}
    assert (await _subjects(portal))[-1] == "Ihr Benutzerkonto ist gesperrt"
    assert "https://portal.test/zugang-verloren" in (await mail_payloads(portal))[-1]["text"]


async def test_F72_no_session_device_passkey_password_or_tan_is_left(portal: Portal) -> None:
    account = await person(portal)
    device, there = await remember(portal)
    phone = authenticator_for(portal)
    token = await portal.sign_in(account)
    await add_passkey(portal, token, phone)
    by_device = (await ask(portal, device.id))["challenge"]
    by_tan = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    await _lock(portal, token)
    for ended in (token, there):
        assert await portal.execute(WHO_AM_I, token=ended) == {"viewer": None}
    assert (await sign_in_with_passkey(portal, phone))["__typename"] == "SignInRefused"
    signed = await confirm_with_device(portal, by_device, device.sign(by_device))
    assert signed["__typename"] == "SignInRefused"
    assert (await confirm(portal, by_tan, tan))[0]["__typename"] == "SignInRefused"
    wrong = await ask(portal, None, "nobody@example.org")
    assert await ask(portal, device.id) == await ask(portal, None) == wrong
    assert wrong["__typename"] == "SignInRefused"
    async with portal.transaction() as session:
        assert await session.scalar(select(Passkey.id)) is None
        assert await session.scalar(select(Device.id).where(Device.locked_at.is_(None))) is None
        alive = select(UserSession.id).where(UserSession.ended_at.is_(None))
        assert await session.scalar(alive) is None
        assert await session.scalar(select(Challenge.id).where(Challenge.used_at.is_(None))) is None


async def test_F72_open_approvals_ceremonies_and_links_come_to_nothing(portal: Portal) -> None:
    account = await person(portal)
    thief = await portal.sign_in(account)
    phone = authenticator_for(portal)
    await add_passkey(portal, thief, phone)
    given = {"emailAddress": "dieb@example.org"}
    approval = await ask_for(portal, "changeEmailAddress", given, token=thief)
    thief = (await approve(portal, thief, approval["id"]))["bearerToken"]
    link = next(
        found[1]
        for mail in await mail_payloads(portal)
        if (found := re.search(r"/confirm-email-address#(\S+)", mail["text"]))
    )
    waiting = await ask_for(portal, "changePhoneNumber", {"phoneNumber": "015112345670"},
                            token=thief)  # fmt: skip
    tan = await send_tan(portal, thief, waiting["id"])
    removal = await ask_for(portal, "changeEmailAddress", given | {"emailAddress": "x@y.example"},
                            token=thief)  # fmt: skip
    credential = phone.sign(await options_for(portal, thief, removal["id"]))
    ceremony = await open_ceremony(portal, thief)
    await _lock(portal, await portal.sign_in(account))

    confirmed = await send(portal, "confirmEmailAddress", {"token": link}, token=None)
    assert confirmed["__typename"] == "ConfirmationRefused"
    by_tan = await send(portal, "approveWithTan", {"approval": waiting["id"], "tan": tan},
                        token=thief)  # fmt: skip
    by_passkey = await send_signature(portal, thief, removal["id"], credential)
    assert [by_tan["__typename"], by_passkey["__typename"]] == ["NotSignedIn"] * 2
    async with portal.transaction() as session:
        # Even a session that somebody brought back could do nothing with them.
        await session.execute(update(UserSession).values(ended_at=None))
        states = set(await session.scalars(select(Approval.state)))
        assert states == {ApprovalState.APPROVED, ApprovalState.CONFLICTED}
    by_tan = await send(portal, "approveWithTan", {"approval": waiting["id"], "tan": tan},
                        token=thief)  # fmt: skip
    assert by_tan["__typename"] == "Conflict"
    added = await portal.execute(
        """mutation ($input: AddPasskeyInput!) { addPasskey(input: $input) { __typename } }""",
        {
            "input": {
                "challenge": ceremony.challenge,
                "credential": authenticator_for(portal).register(ceremony.options),
                "name": "x",
            }
        },
        token=thief,
    )
    assert added == {"addPasskey": {"__typename": "PasskeyRefused"}}
    assert (await account_of(portal, account)).email_address == "anna@example.org"


async def test_F72_a_locked_account_begins_no_session_whatever_was_proved(portal: Portal) -> None:
    """The lock holds by itself, even if a factor had survived it."""
    account = await person(portal)
    device, token = await remember(portal)
    kept = (await account_of(portal, account)).password_hash
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    await _lock(portal, token)
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(password_hash=kept))
        await session.execute(update(Device).values(locked_at=None))
        await session.execute(update(Challenge).values(used_at=None))
    assert (await confirm(portal, challenge, tan))[0]["__typename"] == "SignInRefused"
    assert (await ask(portal, device.id))["__typename"] == "SignInRefused"


async def test_F72_locking_needs_a_session_and_touches_one_account_only(portal: Portal) -> None:
    account = await person(portal)
    await person(portal, "berta@example.org")
    assert (await portal.execute(LOCK))["lockUserAccount"]["__typename"] == "NotSignedIn"
    assert (await account_of(portal, account)).locked_at is None
    device, berta = await remember(portal, "berta@example.org")
    await _lock(portal, await portal.sign_in(account))
    assert (await portal.execute(WHO_AM_I, token=berta))["viewer"] is not None
    assert (await sign_in_with(portal, device, "berta@example.org"))["__typename"] == "SignedIn"


async def test_F72_who_tries_to_sign_in_is_told_the_way_back_by_mail_only(portal: Portal) -> None:
    account = await person(portal)
    await _lock(portal, await portal.sign_in(account))
    assert await tell_locked_accounts(portal.house) == 0
    refused = await ask_for_tan(portal)
    assert refused == await ask_for_tan(portal, "nobody@example.org")
    assert len(await mail_payloads(portal)) == 1
    assert await tell_locked_accounts(portal.house) == 1
    told = (await mail_payloads(portal))[-1]
    assert told["email_address"] == "anna@example.org"
    assert told["subject"] == "Ihr Benutzerkonto ist noch gesperrt"
    assert "https://portal.test/zugang-verloren" in told["text"]
    await ask_for_tan(portal)
    assert await tell_locked_accounts(portal.house) == 0
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=12))
    await ask_for_tan(portal)
    assert await tell_locked_accounts(portal.house) == 1


async def test_F72_unlocking_brings_back_nothing_but_what_is_new(portal: Portal) -> None:
    account = await person(portal)
    device, token = await remember(portal)
    await _lock(portal, token)
    async with database.writing(portal.house.sessions) as session:
        assert await unlock(session, user_account_id=account.id, clock=portal.clock) is True
        assert await unlock(session, user_account_id=account.id, clock=portal.clock) is False
    assert (await account_of(portal, account)).locked_at is None
    assert (await ask_for_tan(portal))["__typename"] == "SignInRefused"
    async with portal.transaction() as session:
        renewed = await portal.house.password_hasher.hash(PASSWORD)
        await session.execute(update(UserAccount).values(password_hash=renewed))
    assert (await ask(portal, device.id))["__typename"] == "TanRequired"


async def test_F72_X19_renewing_everything_by_letter_unlocks_and_leaves_old_devices_locked(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = watch_letters(monkeypatch)
    lost = await somebody(portal)
    device, _ = await remember(portal)
    await _lock(portal, lost.token)
    token = (await recover(portal, letters))["bearerToken"]
    account = await account_of(portal, lost.account)
    assert account.locked_at is None
    assert (await portal.execute(WHO_AM_I, token=token))["viewer"] is not None
    named = await ask(portal, device.id, password=RECOVERED_PASSWORD)
    assert named["__typename"] == "TanRequired"
    old = await ask(portal, device.id)
    assert old["__typename"] == "SignInRefused"


async def test_F72_a_recovery_that_was_begun_before_the_lock_comes_to_nothing(
    portal: Portal,
) -> None:
    lost = await somebody(portal)
    secret = await open_recovery(portal)
    options = (await choose_password(portal, secret))["options"]
    await _lock(portal, lost.token)
    refused = await send_recovery_signature(portal, secret, lost.device.sign(options))
    assert refused["__typename"] == "RecoveryRefused"
    assert (await account_of(portal, lost.account)).locked_at is not None
