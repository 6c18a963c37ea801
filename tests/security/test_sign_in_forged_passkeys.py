"""Forged passkey ceremonies: each differs from an honest one in one thing, and is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.models.sign_in import UserSession
from backend.models.user_accounts import Passkey
from backend.services.passkey_ceremonies import (
    KnownCredential,
    credential_id_of,
    verify_assertion,
    verify_attestation,
)
from backend.settings import Settings
from tests.authenticator import (
    USER_VERIFIED,
    Authenticator,
    Forgery,
    decode,
    encode,
)
from tests.security.forged_ceremonies import (
    FORGED_ASSERTIONS,
    FORGED_REGISTRATIONS,
    in_the_name_of,
)
from tests.signing_in import (
    ADD_PASSKEY,
    START_PASSKEY_SIGN_IN,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    open_ceremony,
    person,
    send_assertion,
    sign_in_with_passkey,
)

if TYPE_CHECKING:
    from tests.portal import Portal


async def _sessions(portal: Portal) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count()).select_from(UserSession)) or 0


async def _device_of(portal: Portal, address: str) -> tuple[str, Authenticator]:
    token = await portal.sign_in(await person(portal, address))
    device = authenticator_for(portal)
    assert (await add_passkey(portal, token, device))["__typename"] == "Passkey"
    return token, device


async def test_forged_assertions_sign_nobody_in(portal: Portal) -> None:
    _, device = await _device_of(portal, "anna@example.org")
    await sign_in_with_passkey(portal, device)
    before = await _sessions(portal)
    answers = {}
    for name, forgery in FORGED_ASSERTIONS.items():
        answers[name] = (await sign_in_with_passkey(portal, device, forgery))["__typename"]
    assert len(answers) >= 20
    assert answers == dict.fromkeys(FORGED_ASSERTIONS, "SignInRefused")
    assert await _sessions(portal) == before
    # The honest answer differs in nothing else.
    assert (await sign_in_with_passkey(portal, device))["__typename"] == "SignedIn"


async def test_forged_registrations_add_nothing(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    answers = {}
    for name, forgery in FORGED_REGISTRATIONS.items():
        device = authenticator_for(portal)
        answers[name] = (await add_passkey(portal, token, device, forgery))["__typename"]
    assert answers == dict.fromkeys(FORGED_REGISTRATIONS, "PasskeyRefused")
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Passkey)) == 0
    added = await add_passkey(portal, token, authenticator_for(portal))
    assert added["__typename"] == "Passkey"


async def test_another_customers_credential_does_not_answer_for_mine(portal: Portal) -> None:
    _, anna = await _device_of(portal, "anna@example.org")
    _, berta = await _device_of(portal, "berta@example.org")
    assert anna.user_handle != berta.user_handle
    kinds = [
        (await sign_in_with_passkey(portal, anna, forgery))["__typename"]
        for forgery in in_the_name_of(berta).values()
    ]
    assert kinds == ["SignInRefused"] * 4


async def test_an_assertion_is_good_once(portal: Portal) -> None:
    _, device = await _device_of(portal, "anna@example.org")
    asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    credential = device.sign(asked["options"])
    first = await send_assertion(portal, asked["challenge"], credential)
    again = await send_assertion(portal, asked["challenge"], credential)
    fresh = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    elsewhere = await send_assertion(portal, fresh["challenge"], credential)
    kinds = [result["__typename"] for result in (first, again, elsewhere)]
    assert kinds == ["SignedIn", "SignInRefused", "SignInRefused"]


async def test_a_synced_key_that_does_not_count_is_good_once_per_challenge(
    portal: Portal,
) -> None:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal, is_synced=True)
    await add_passkey(portal, token, device)
    asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    credential = device.sign(asked["options"])
    kinds = [
        (await send_assertion(portal, asked["challenge"], credential))["__typename"]
        for _ in range(2)
    ]
    assert kinds == ["SignedIn", "SignInRefused"]


async def test_a_failed_answer_uses_its_challenge_up(portal: Portal) -> None:
    _, device = await _device_of(portal, "anna@example.org")
    asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    forged = device.sign(asked["options"], Forgery(flags_off=USER_VERIFIED))
    await send_assertion(portal, asked["challenge"], forged)
    honest = await send_assertion(portal, asked["challenge"], device.sign(asked["options"]))
    assert honest["__typename"] == "SignInRefused"


async def test_challenges_of_other_kinds_sign_nobody_in(portal: Portal) -> None:
    token, device = await _device_of(portal, "anna@example.org")
    adding = await open_ceremony(portal, token)
    tan = await ask_for_tan(portal)
    challenge = json.loads(adding.options)["challenge"]
    credential = device.sign(json.dumps({"challenge": challenge}))
    for secret in (adding.challenge, tan["challenge"]):
        result = await send_assertion(portal, secret, credential)
        assert result["__typename"] == "SignInRefused"


async def test_a_registration_challenge_is_its_askers_own_and_good_once(portal: Portal) -> None:
    anna = await portal.sign_in(await person(portal))
    berta = await portal.sign_in(await person(portal, "berta@example.org"))
    asked = await open_ceremony(portal, anna)
    sign_in = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    given = {
        "challenge": asked.challenge,
        "credential": authenticator_for(portal).register(asked.options),
        "name": "Telefon",
    }
    kinds = []
    for token, values in (
        (berta, given),
        (anna, given | {"challenge": sign_in["challenge"]}),
        (anna, given),
        (anna, given),
    ):
        data = await portal.execute(ADD_PASSKEY, {"input": values}, token=token)
        kinds.append(data["addPasskey"]["__typename"])
    assert kinds == ["PasskeyRefused", "PasskeyRefused", "Passkey", "PasskeyRefused"]


async def test_a_credential_that_is_known_already_is_refused(portal: Portal) -> None:
    token, device = await _device_of(portal, "anna@example.org")
    assert (await add_passkey(portal, token, device))["__typename"] == "PasskeyRefused"
    other = await portal.sign_in(await person(portal, "berta@example.org"))
    assert (await add_passkey(portal, other, device))["__typename"] == "PasskeyRefused"


MALFORMED = [
    "",
    "null",
    "[]",
    "{}",
    "[" * 9_000,
    '{"id": 1, "rawId": 1, "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30"}}',
    json.dumps(
        {"id": "AA", "rawId": "AA", "type": "public-key"}
        | {
            "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}
            | {"attestationObject": "oA"}
        }
    ),
    '{"id": "=", "rawId": "é", "type": "password", "response": null}',
]


async def test_malformed_answers_are_refused_like_wrong_ones(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    for credential in MALFORMED:
        asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
        result = await send_assertion(portal, asked["challenge"], credential)
        assert result["__typename"] == "SignInRefused"
        adding = await open_ceremony(portal, token)
        given = {"challenge": adding.challenge, "credential": credential, "name": "x"}
        data = await portal.execute(ADD_PASSKEY, {"input": given}, token=token)
        assert data["addPasskey"]["__typename"] == "PasskeyRefused"


SETTINGS = Settings(public_url="https://portal.test")
NONCE = bytes(range(32))
DEVICE = Authenticator(origin="https://portal.test", rp_id="portal.test")
CREATION = DEVICE.register(
    json.dumps({"challenge": encode(NONCE), "user": {"id": encode(bytes(32))}})
)
REQUEST = DEVICE.sign(json.dumps({"challenge": encode(NONCE)}))
NEW = verify_attestation(SETTINGS, credential=CREATION, nonce=NONCE)
assert NEW is not None
KNOWN = KnownCredential(public_key=NEW.public_key, is_synced=False, user_handle=bytes(32))


def _changed(credential: str, part: str, position: int, bits: int) -> str:
    answer = json.loads(credential)
    content = bytearray(decode(answer["response"][part]))
    content[position % len(content)] ^= bits
    answer["response"][part] = encode(bytes(content))
    return json.dumps(answer)


def test_the_unchanged_answer_is_right() -> None:
    assert verify_assertion(SETTINGS, KNOWN, credential=REQUEST, nonce=NONCE) == 1


@settings(deadline=None, max_examples=300)
@given(
    part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
    position=st.integers(0, 1000),
    bits=st.integers(1, 255),
)
def test_any_changed_byte_of_an_assertion_is_refused(part: str, position: int, bits: int) -> None:
    forged = _changed(REQUEST, part, position, bits)
    assert verify_assertion(SETTINGS, KNOWN, credential=forged, nonce=NONCE) is None


@pytest.mark.parametrize("verify", ["assertion", "attestation"])
@settings(deadline=None, max_examples=300)
@given(
    text=st.text()
    | st.binary().map(encode)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON"]) | st.text(),
                inner,
            )
        ),
    ).map(json.dumps)
)
def test_nothing_that_is_sent_raises(verify: str, text: str) -> None:
    credential_id_of(text)
    if verify == "assertion":
        assert verify_assertion(SETTINGS, KNOWN, credential=text, nonce=NONCE) is None
    else:
        assert verify_attestation(SETTINGS, credential=text, nonce=NONCE) is None
