"""A new device is approved from the old one, by a link and a passkey (M8, F104)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.ids import decode_id
from backend.models.devices import Device
from backend.models.sign_in import AssuranceLevel
from tests.approving import approve_with_passkey, options_for, send, send_signature
from tests.approving import ask as ask_for
from tests.remembering import (
    SESSION,
    SoftwareDevice,
    ask,
    devices_of,
    level_of_session,
    remember,
    sign_in_with,
)
from tests.rules import set_rule
from tests.signing_in import (
    WHO_AM_I,
    add_passkey,
    authenticator_for,
    mail_payloads,
    person,
)

if TYPE_CHECKING:
    from tests.authenticator import Authenticator
    from tests.portal import Portal

START = """mutation { startDeviceReplacement { __typename
  ... on DeviceReplacementStarted { link expiresAt } ... on Refusal { message } } }"""
START_PROOF = """mutation ($input: StartDeviceProofInput!) { startDeviceProof(input: $input) {
  ... on DeviceProofRequired { challenge } } }"""
PROVE = """mutation ($input: ProveDeviceInput!) { proveDevice(input: $input) {
  ... on DeviceProved { bearerToken assuranceLevel } } }"""
LINK = "https://portal.test/geraet-freigeben#"


async def _two_devices(
    portal: Portal, level: AssuranceLevel = AssuranceLevel.SMART
) -> tuple[tuple[SoftwareDevice, str], tuple[SoftwareDevice, str], Authenticator]:
    """Return the old device at a level, the new one, both signed in, and the old one's passkey."""
    await person(portal)
    old, _ = await remember(portal)
    async with portal.transaction() as session:
        await session.execute(update(Device).values(assurance_level=level, name="Altes"))
    there = (await sign_in_with(portal, old))["bearerToken"]
    passkey = authenticator_for(portal)
    await add_passkey(portal, there, passkey)
    new, here = await remember(portal)
    return (old, there), (new, here), passkey


async def _start(portal: Portal, token: str) -> dict[str, Any]:
    result: dict[str, Any] = (await portal.execute(START, token=token))["startDeviceReplacement"]
    return result


async def _link(portal: Portal, token: str) -> str:
    started = await _start(portal, token)
    assert started["link"].startswith(LINK)
    link: str = started["link"].removeprefix(LINK)
    return link


async def _refused(portal: Portal, link: str, token: str) -> str:
    result = await send(portal, "replaceDevice", {"token": link}, token=token)
    kind: str = result["__typename"]
    return kind


async def test_M8_the_new_device_takes_the_old_ones_place(portal: Portal) -> None:
    (old, there), (new, here), passkey = await _two_devices(portal)
    assert await level_of_session(portal, here) == "BASIC"
    started = await _start(portal, here)
    assert started["expiresAt"] == "2026-11-21T11:10:00+00:00"
    link = started["link"].removeprefix(LINK)
    approval = await ask_for(portal, "replaceDevice", {"token": link}, token=there)
    assert approval["methods"] == ["PASSKEY"]
    assert approval["summary"] == (
        "das neue Gerät „Unbekanntes Gerät“ (hinzugefügt am 21. November 2026 um 12:00 Uhr, Netz "
        "127.0.0.0/24) übernimmt das Vertrauensniveau von „Altes“, und „Altes“ wird entfernt"
    )
    approved = await approve_with_passkey(portal, there, approval["id"], passkey)
    assert approved["outcome"] == {"__typename": "DeviceReplaced", "name": "Unbekanntes Gerät"}
    assert approved["bearerToken"] is None
    assert await portal.execute(WHO_AM_I, token=there) == {"viewer": None}
    assert (await ask(portal, old.id))["__typename"] == "TanRequired"
    (listed,) = await devices_of(portal, here)
    assert (listed["id"], listed["assuranceLevel"]) == (new.id, "SMART")
    assert listed["tookOverAt"] == "2026-11-21T11:00:00+00:00"
    subjects = [mail["subject"] for mail in await mail_payloads(portal)]
    assert subjects[-2:] == ["Ihr neues Gerät ist freigegeben", "Eines Ihrer Geräte ist entfernt"]
    # Whoever has this session's token does not rise with it: the device proves itself first.
    assert await level_of_session(portal, here) == "BASIC"
    data = await portal.execute(START_PROOF, {"input": {"device": new.id}}, token=here)
    challenge = data["startDeviceProof"]["challenge"]
    given = {
        "challenge": challenge,
        "signature": new.sign(challenge, SESSION),
        "transport": "BEARER",
    }
    proved = (await portal.execute(PROVE, {"input": given}, token=here))["proveDevice"]
    assert proved["assuranceLevel"] == "SMART"
    assert (await sign_in_with(portal, new))["viewer"]["session"] == {"assuranceLevel": "SMART"}


async def test_M8_a_code_is_good_once_and_only_the_newest(portal: Portal) -> None:
    (_, there), (_, here), passkey = await _two_devices(portal)
    first, link = await _link(portal, here), await _link(portal, here)
    assert await _refused(portal, first, there) == "DeviceReplacementRefused"
    approval = await ask_for(portal, "replaceDevice", {"token": link}, token=there)
    await approve_with_passkey(portal, there, approval["id"], passkey)
    third, token = await remember(portal)
    assert await _refused(portal, link, token) == "DeviceReplacementRefused"
    assert third.id != ""


async def test_M8_a_code_is_good_for_ten_minutes_until_it_is_approved(portal: Portal) -> None:
    (_, there), (_, here), passkey = await _two_devices(portal)
    link = await _link(portal, here)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=9))
    approval = await ask_for(portal, "replaceDevice", {"token": link}, token=there)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    late = await approve_with_passkey(portal, there, approval["id"], passkey)
    assert late["__typename"] == "Conflict"
    assert await _refused(portal, link, there) == "DeviceReplacementRefused"
    assert len(await devices_of(portal, there)) == 2
    assert await level_of_session(portal, there) == "SMART"


async def test_M8_refused_on_the_same_device_and_to_other_customers_like_an_absent_code(
    portal: Portal,
) -> None:
    (_, there), (_, here), _ = await _two_devices(portal)
    await person(portal, "berta@example.org", phone_number="+4915112345679")
    _, berta = await remember(portal, "berta@example.org")
    link = await _link(portal, here)
    answers = [
        await send(portal, "replaceDevice", {"token": text}, token=token)
        for text, token in ((link, here), (link, berta), ("x", there), ("", there))
    ]
    assert {answer["__typename"] for answer in answers} == {"DeviceReplacementRefused"}
    assert len({str(answer) for answer in answers}) == 1
    assert len(await devices_of(portal, there)) == 2


async def test_M8_a_session_without_a_device_neither_asks_nor_approves(portal: Portal) -> None:
    (_, _), (_, here), _ = await _two_devices(portal)
    link = await _link(portal, here)
    async with portal.transaction() as session:
        account_id = await session.scalar(select(Device.user_account_id))
    account = type("Account", (), {"id": account_id})
    token = await portal.sign_in(account)  # type: ignore[arg-type]
    assert (await _start(portal, token))["__typename"] == "DeviceNeeded"
    assert await _refused(portal, link, token) == "DeviceNeeded"


async def test_M8_a_lower_device_approves_no_higher_one(portal: Portal) -> None:
    (old, there), (_, here), _ = await _two_devices(portal, AssuranceLevel.BASIC)
    link = await _link(portal, here)
    async with portal.transaction() as session:
        await session.execute(
            update(Device)
            .where(Device.id != decode_id(old.id, "Device"))
            .values(assurance_level=AssuranceLevel.SMART)
        )
    assert await _refused(portal, link, there) == "DeviceReplacementRefused"


@pytest.mark.parametrize("column", ["locked_at", "removed_at"])
async def test_M8_a_new_device_that_is_locked_meanwhile_replaces_nothing(
    portal: Portal, column: str
) -> None:
    (_, there), (new, here), passkey = await _two_devices(portal)
    link = await _link(portal, here)
    approval = await ask_for(portal, "replaceDevice", {"token": link}, token=there)
    async with portal.transaction() as session:
        await session.execute(
            update(Device)
            .where(Device.id == decode_id(new.id, "Device"))
            .values({column: portal.clock.now()})
        )
    result = await approve_with_passkey(portal, there, approval["id"], passkey)
    assert result["__typename"] == "Conflict"
    assert (await portal.execute(WHO_AM_I, token=there))["viewer"] is not None
    assert await level_of_session(portal, there) == "SMART"


async def test_M8_no_tan_approves_a_device(portal: Portal) -> None:
    (_, there), (_, here), _ = await _two_devices(portal)
    link = await _link(portal, here)
    approval = await ask_for(portal, "replaceDevice", {"token": link}, token=there)
    asked = await send(portal, "requestApprovalTan", {"approval": approval["id"]}, token=there)
    assert asked["__typename"] == "ApprovalMethodUnavailable"


async def test_M8_a_passkey_of_another_customer_approves_nothing(portal: Portal) -> None:
    (_, there), (_, here), _ = await _two_devices(portal)
    other = await person(portal, "berta@example.org")
    foreign = authenticator_for(portal)
    await add_passkey(portal, await portal.sign_in(other), foreign)
    link = await _link(portal, here)
    approval = await ask_for(portal, "replaceDevice", {"token": link}, token=there)
    credential = foreign.sign(await options_for(portal, there, approval["id"]))
    result = await send_signature(portal, there, approval["id"], credential)
    assert result["__typename"] == "PasskeyRefused"
    assert len(await devices_of(portal, there)) == 2


async def test_M8_the_policy_may_ask_for_an_identity_verification_instead(portal: Portal) -> None:
    (_, there), (_, here), _ = await _two_devices(portal)
    link = await _link(portal, here)
    rules = portal.house.policy.devices
    set_rule(rules, "approval_from_old_device", True, {"2026-11-21": False})
    assert (await _start(portal, here))["__typename"] == "DeviceReplacementOff"
    assert await _refused(portal, link, there) == "DeviceReplacementOff"


async def test_M8_codes_are_asked_for_ten_times_an_hour(portal: Portal) -> None:
    _, (_, here), _ = await _two_devices(portal)
    kinds = [(await _start(portal, here))["__typename"] for _ in range(11)]
    assert kinds == ["DeviceReplacementStarted"] * 10 + ["TooManyAttempts"]
