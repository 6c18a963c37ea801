"""Devices as the factor beside a password (F103-F106), and what their level does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select, update

from backend.models.devices import Device
from backend.models.sign_in import AssuranceLevel, Challenge, UserSession
from backend.models.user_accounts import Passkey
from backend.services.attempts import Limit, count_attempts
from backend.services.devices import is_device_factor, level_of
from tests.authenticator import encode
from tests.registering import ADDRESS
from tests.remembering import (
    ADD,
    SESSION,
    SIGN_IN,
    SoftwareDevice,
    ask,
    confirm_with_device,
    devices_of,
    level_of_session,
    post_confirmation,
    register_with_device,
    remember,
    sign_in_with,
)
from tests.signing_in import (
    WHO_AM_I,
    ask_for_tan,
    last_tan,
    mail_payloads,
    person,
    sms_payloads,
)

if TYPE_CHECKING:
    from tests.portal import Portal

CHROME_ON_ANDROID = (
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/149.0.0.0 Mobile Safari/537.36"
)
START_PROOF = """mutation ($input: StartDeviceProofInput!) { startDeviceProof(input: $input) {
  __typename ... on DeviceProofRequired { challenge } ... on Refusal { message } } }"""
PROVE = """mutation ($input: ProveDeviceInput!) { proveDevice(input: $input) { __typename
  ... on DeviceProved { bearerToken assuranceLevel device { id } } ... on Refusal { message } } }"""


async def _count(portal: Portal, table: type[Any]) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def _set(portal: Portal, **values: object) -> None:
    async with portal.transaction() as session:
        await session.execute(update(Device).values(**values))


async def test_F103_a_device_is_remembered_by_a_tan_and_then_takes_its_place(
    portal: Portal,
) -> None:
    await person(portal)
    device, token = await remember(portal, headers={"User-Agent": CHROME_ON_ANDROID})
    assert await devices_of(portal, token) == [
        {
            "id": device.id,
            "name": "Chrome · Android",
            "createdAt": "2026-11-21T11:00:00+00:00",
            "lastUsedAt": "2026-11-21T11:00:00+00:00",
            "origin": "SIGN_IN_TAN",
            "addedNetwork": "127.0.0.0/24",
            "assuranceLevel": "BASIC",
            "isLocked": False,
            "isCurrent": True,
            "tookOverAt": None,
        }
    ]
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    texts = len(await sms_payloads(portal))
    signed_in = await sign_in_with(portal, device)
    assert signed_in["__typename"] == "SignedIn"
    assert signed_in["device"] == {"id": device.id}
    assert signed_in["viewer"]["emailAddress"] == "anna@example.org"
    assert len(await sms_payloads(portal)) == texts
    (listed,) = await devices_of(portal, signed_in["bearerToken"])
    assert (listed["lastUsedAt"], listed["isCurrent"]) == ("2026-11-21T11:01:00+00:00", True)


async def test_X4_a_new_device_is_told_by_mail_and_in_the_log(portal: Portal) -> None:
    await person(portal)
    _, token = await remember(portal, headers={"User-Agent": CHROME_ON_ANDROID})
    (mail,) = await mail_payloads(portal)
    assert mail["subject"] == "Ein neues Gerät ist gemerkt"
    assert "Chrome · Android" in mail["text"]
    assert "https://portal.test/profil/sicherheit/sperren" in mail["text"]
    data = await portal.execute(
        "{ viewer { securityEvents { nodes { kind detail } } } }", token=token
    )
    assert {"kind": "DEVICE_ADDED", "detail": "Chrome · Android"} in data["viewer"][
        "securityEvents"
    ]["nodes"]


async def test_F103_without_a_device_nothing_changes(portal: Portal) -> None:
    await person(portal)
    assert (await ask(portal, None))["__typename"] == "TanRequired"
    assert await _count(portal, Device) == 0


async def test_F104_a_device_of_a_registration_starts_at_basic_and_signs_in(
    portal: Portal,
) -> None:
    device, token = await register_with_device(portal)
    (listed,) = await devices_of(portal, token)
    assert (listed["origin"], listed["assuranceLevel"]) == ("REGISTRATION_TAN", "BASIC")
    assert (await sign_in_with(portal, device, ADDRESS))["__typename"] == "SignedIn"


def _other_curve() -> str:
    key = ec.generate_private_key(ec.SECP384R1())
    return encode(
        key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


@pytest.mark.parametrize(
    "forge",
    [
        lambda device, challenge: {"signature": device.sign(challenge, SIGN_IN)},
        lambda device, challenge: {"signature": device.sign(challenge, ADD, "https://evil.test")},
        lambda device, _: {"signature": device.sign("another", ADD)},
        lambda _, challenge: {"signature": SoftwareDevice().sign(challenge, ADD)},
        lambda *_: {"signature": "A" * 86},
        lambda *_: {"signature": "nonsense!"},
        lambda *_: {"publicKey": SoftwareDevice().public_key},
        lambda *_: {"publicKey": _other_curve()},
        lambda *_: {"publicKey": "nonsense"},
        lambda *_: {"publicKey": "A" * 10_000},
    ],
)
async def test_a_device_that_can_not_prove_its_key_is_refused_before_anything_is_counted(
    portal: Portal, forge: Any
) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    device = SoftwareDevice()
    given = device.introduction(challenge) | forge(device, challenge)
    tan = await last_tan(portal)
    response = await post_confirmation(portal, challenge, tan, given)
    assert response.json()["data"]["confirmSignIn"]["__typename"] == "DeviceRefused"
    assert "set-cookie" not in response.headers
    assert await _count(portal, Device) == await _count(portal, UserSession) == 0
    async with portal.transaction() as session:
        assert await session.scalar(select(Challenge.attempts)) == 0


async def test_a_device_is_not_remembered_with_a_wrong_tan(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    given = SoftwareDevice().introduction(challenge)
    response = await post_confirmation(portal, challenge, "000000", given)
    assert response.json()["data"]["confirmSignIn"]["__typename"] == "SignInRefused"
    assert await _count(portal, Device) == 0


async def test_X18_twenty_devices_are_enough(portal: Portal) -> None:
    account = await person(portal)
    _, token = await remember(portal)
    async with portal.transaction() as session:
        one = (await session.scalars(select(Device))).one()
        values = {c.key: getattr(one, c.key) for c in Device.__table__.columns if c.key != "id"}
        session.add_all(Device(**values) for _ in range(19))
    challenge = (await ask_for_tan(portal))["challenge"]
    given = SoftwareDevice().introduction(challenge)
    response = await post_confirmation(portal, challenge, await last_tan(portal), given)
    assert response.json()["data"]["confirmSignIn"]["__typename"] == "DeviceRefused"
    assert len(await devices_of(portal, token)) == 20
    assert account.id == one.user_account_id


async def test_a_device_asks_for_nothing_without_the_right_password(portal: Portal) -> None:
    await person(portal)
    device, _ = await remember(portal)
    refused = await ask(portal, device.id, password="falsch")
    assert refused == await ask(portal, None, password="falsch")
    assert refused["__typename"] == "SignInRefused"
    assert await _count(portal, Challenge) == 1


@pytest.mark.parametrize("what", ["locked", "removed", "foreign", "absent", "nonsense"])
async def test_a_device_that_may_not_sign_in_counts_as_none(portal: Portal, what: str) -> None:
    await person(portal)
    await person(portal, "berta@example.org", phone_number="+4915112345679")
    device, _ = await remember(portal)
    named: str = device.id
    match what:
        case "locked":
            await _set(portal, locked_at=portal.clock.now())
        case "removed":
            await _set(portal, removed_at=portal.clock.now())
        case "absent":
            named = encode(b"Device:999")
        case "nonsense":
            named = "nonsense"
    owner = "berta@example.org" if what == "foreign" else "anna@example.org"
    asked = await ask(portal, named, owner)
    assert asked == {
        "__typename": "TanRequired",
        "challenge": asked["challenge"],
        "maskedPhoneNumber": "+49 ••• 679" if what == "foreign" else "+49 ••• 678",
    }


@pytest.mark.parametrize(
    "forge",
    [
        lambda device, challenge: device.sign(challenge, ADD),
        lambda device, challenge: device.sign(challenge, SESSION),
        lambda device, challenge: device.sign(challenge, url="https://evil.test"),
        lambda device, _: device.sign("another"),
        lambda _, challenge: SoftwareDevice().sign(challenge),
        lambda device, challenge: device.sign(challenge)[:-4],
        lambda *_: "",
        lambda *_: "A" * 86,
    ],
)
async def test_F103_a_forged_signature_signs_nobody_in(portal: Portal, forge: Any) -> None:
    await person(portal)
    device, _ = await remember(portal)
    sessions = await _count(portal, UserSession)
    challenge = (await ask(portal, device.id))["challenge"]
    result = await confirm_with_device(portal, challenge, forge(device, challenge))
    assert result["__typename"] == "SignInRefused"
    assert await _count(portal, UserSession) == sessions


async def test_a_signature_is_good_once(portal: Portal) -> None:
    await person(portal)
    device, _ = await remember(portal)
    challenge = (await ask(portal, device.id))["challenge"]
    signature = device.sign(challenge)
    assert (await confirm_with_device(portal, challenge, signature))["__typename"] == "SignedIn"
    again = await confirm_with_device(portal, challenge, signature)
    assert again["__typename"] == "SignInRefused"


async def test_a_challenge_of_a_tan_answers_for_no_device_and_the_other_way_round(
    portal: Portal,
) -> None:
    await person(portal)
    device, _ = await remember(portal)
    by_tan = (await ask_for_tan(portal))["challenge"]
    result = await confirm_with_device(portal, by_tan, device.sign(by_tan))
    assert result["__typename"] == "SignInRefused"
    by_device = (await ask(portal, device.id))["challenge"]
    response = await post_confirmation(
        portal, by_device, await last_tan(portal), device.introduction(by_device)
    )
    assert response.json()["data"]["confirmSignIn"]["__typename"] == "SignInRefused"


async def test_a_device_of_somebody_else_signs_for_nobody(portal: Portal) -> None:
    await person(portal)
    await person(portal, "berta@example.org", phone_number="+4915112345679")
    annas, _ = await remember(portal)
    bertas, _ = await remember(portal, "berta@example.org")
    challenge = (await ask(portal, annas.id))["challenge"]
    result = await confirm_with_device(portal, challenge, bertas.sign(challenge))
    assert result["__typename"] == "SignInRefused"


@pytest.mark.parametrize("values", ["locked_at", "removed_at"])
async def test_a_device_that_is_locked_after_the_password_signs_nothing(
    portal: Portal, values: str
) -> None:
    await person(portal)
    device, _ = await remember(portal)
    challenge = (await ask(portal, device.id))["challenge"]
    await _set(portal, **{values: portal.clock.now()})
    result = await confirm_with_device(portal, challenge, device.sign(challenge))
    assert result["__typename"] == "SignInRefused"


async def test_a_devices_challenge_is_good_for_five_minutes(portal: Portal) -> None:
    await person(portal)
    device, _ = await remember(portal)
    asked = await ask(portal, device.id)
    assert asked["expiresAt"] == "2026-11-21T11:05:00+00:00"
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=5))
    challenge = asked["challenge"]
    result = await confirm_with_device(portal, challenge, device.sign(challenge))
    assert result["__typename"] == "SignInRefused"


async def test_F22_five_attempts_at_a_signature_are_evaluated(portal: Portal) -> None:
    await person(portal)
    device, _ = await remember(portal)
    challenge = (await ask(portal, device.id))["challenge"]
    for _ in range(5):
        result = await confirm_with_device(portal, challenge, "A" * 86)
        assert result["__typename"] == "SignInRefused"
    right = await confirm_with_device(portal, challenge, device.sign(challenge))
    assert right["__typename"] == "SignInRefused"


async def test_F22_signatures_count_against_the_accounts_limit(portal: Portal) -> None:
    account = await person(portal)
    device, _ = await remember(portal)
    async with portal.transaction() as session:
        for _ in range(19):
            limit = Limit("tan", str(account.id), 20, timedelta(hours=1))
            await count_attempts(session, limit, clock=portal.clock)
    challenge = (await ask(portal, device.id))["challenge"]
    result = await confirm_with_device(portal, challenge, device.sign(challenge))
    assert result["__typename"] == "TooManyAttempts"


async def test_F81_F104_a_session_has_the_level_of_its_device(portal: Portal) -> None:
    account = await person(portal)
    device, token = await remember(portal)
    assert await level_of_session(portal, token) == "BASIC"
    await _set(portal, assurance_level=AssuranceLevel.SMART)
    signed_in = await sign_in_with(portal, device)
    assert signed_in["viewer"]["session"] == {"assuranceLevel": "SMART"}
    assert await level_of_session(portal, await portal.sign_in(account)) == "BASIC"


def _device(level: AssuranceLevel) -> Device:
    return Device(assurance_level=level)


def _passkey(level: AssuranceLevel, *, is_synced: bool) -> Passkey:
    return Passkey(assurance_level=level, is_synced=is_synced)


def test_F103_a_synced_passkey_proves_no_device() -> None:
    smart, health = AssuranceLevel.SMART, AssuranceLevel.SMARTHEALTH
    synced, bound = _passkey(health, is_synced=True), _passkey(smart, is_synced=False)
    assert not is_device_factor(synced)
    assert is_device_factor(bound)
    assert is_device_factor(_device(AssuranceLevel.BASIC))
    assert level_of() is AssuranceLevel.BASIC
    assert level_of(synced) is AssuranceLevel.BASIC
    assert level_of(bound) is smart
    assert level_of(synced, _device(smart)) is smart
    assert level_of(_device(health), bound) is health


async def _start_proof(portal: Portal, device: str, token: str) -> dict[str, Any]:
    data = await portal.execute(START_PROOF, {"input": {"device": device}}, token=token)
    result: dict[str, Any] = data["startDeviceProof"]
    return result


async def _prove(portal: Portal, token: str, challenge: str, signature: str) -> dict[str, Any]:
    given = {"challenge": challenge, "signature": signature, "transport": "BEARER"}
    data = await portal.execute(PROVE, {"input": given}, token=token)
    result: dict[str, Any] = data["proveDevice"]
    return result


async def test_F104_a_session_rises_to_its_devices_level_under_a_new_token(
    portal: Portal,
) -> None:
    account = await person(portal)
    device, _ = await remember(portal)
    await _set(portal, assurance_level=AssuranceLevel.SMART)
    token = await portal.sign_in(account)
    challenge = (await _start_proof(portal, device.id, token))["challenge"]
    proved = await _prove(portal, token, challenge, device.sign(challenge, SESSION))
    assert proved == {
        "__typename": "DeviceProved",
        "assuranceLevel": "SMART",
        "bearerToken": proved["bearerToken"],
        "device": {"id": device.id},
    }
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}
    assert await level_of_session(portal, proved["bearerToken"]) == "SMART"


async def test_a_session_does_not_rise_by_a_wrong_used_or_foreign_proof(portal: Portal) -> None:
    account = await person(portal)
    other = await person(portal, "berta@example.org")
    device, first = await remember(portal)
    await _set(portal, assurance_level=AssuranceLevel.SMART)
    token, berta = await portal.sign_in(account), await portal.sign_in(other)
    assert (await _start_proof(portal, device.id, berta))["__typename"] == "NotFound"
    challenge = (await _start_proof(portal, device.id, token))["challenge"]
    forged = await _prove(portal, token, challenge, device.sign(challenge, SIGN_IN))
    stolen = await _prove(portal, berta, challenge, device.sign(challenge, SESSION))
    assert [forged["__typename"], stolen["__typename"]] == ["DeviceRefused"] * 2
    assert await level_of_session(portal, token) == "BASIC"
    signature = device.sign(challenge, SESSION)
    proved = await _prove(portal, token, challenge, signature)
    again = await _prove(portal, first, challenge, signature)
    assert (proved["__typename"], again["__typename"]) == ("DeviceProved", "DeviceRefused")
    assert await level_of_session(portal, first) == "BASIC"
    assert await level_of_session(portal, berta) == "BASIC"
