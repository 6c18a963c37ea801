"""A forgotten password, signed by a remembered device beside the mailbox (X19, F103)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.models.devices import Device
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.sign_in import AssuranceLevel
from tests import remembering
from tests.approving import has_password
from tests.recovering import (
    CHOOSE_PASSWORD,
    NEW_PASSWORD,
    RECOVER_WITH_DEVICE,
    follow,
    last_link,
    open_recovery,
    somebody,
    start,
    what_signs_in,
)
from tests.registering import run
from tests.remembering import RECOVERY, SIGN_IN, SoftwareDevice, level_of_session, remember
from tests.rules import set_rule
from tests.signing_in import PASSWORD, WHO_AM_I, person

if TYPE_CHECKING:
    from tests.portal import Portal
    from tests.recovering import Lost


async def _lost(portal: Portal) -> tuple[Lost, SoftwareDevice]:
    """Write a customer whose identified device is remembered and whose password is forgotten."""
    anna = await somebody(portal)
    device, _ = await remember(portal)
    async with portal.transaction() as session:
        await session.execute(update(Device).values(assurance_level=AssuranceLevel.SMART))
    return anna, device


async def _choose(portal: Portal, secret: str, device: SoftwareDevice) -> dict[str, Any]:
    given = {"recovery": secret, "newPassword": NEW_PASSWORD, "device": device.id}
    return await run(portal, CHOOSE_PASSWORD, **given)


async def _recover(
    portal: Portal, secret: str, device: SoftwareDevice, signature: str
) -> dict[str, Any]:
    given = {"recovery": secret, "device": device.id, "signature": signature}
    return await run(portal, RECOVER_WITH_DEVICE, **given, transport="BEARER")


async def test_X19_link_and_remembered_device_set_a_forgotten_password(portal: Portal) -> None:
    anna, device = await _lost(portal)
    await start(portal)
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed["ways"] == ["PASSKEY", "DEVICE", "LETTER"]
    assert confirmed["emailAddress"] == anna.account.email_address
    secret = confirmed["recovery"]
    asked = await _choose(portal, secret, device)
    assert asked["__typename"] == "RecoveryDeviceRequired"

    signature = device.sign(asked["challenge"], RECOVERY)
    signed_in = await _recover(portal, secret, device, signature)
    assert signed_in["__typename"] == "SignedIn"
    assert await has_password(portal, anna.account, NEW_PASSWORD)
    assert (await portal.execute(WHO_AM_I, token=anna.token))["viewer"] is None
    again = await remembering.ask(portal, device.id, password=NEW_PASSWORD)
    assert again["__typename"] == "DeviceProofRequired"


async def test_F104_a_device_that_recovered_is_basic_until_identified_again(portal: Portal) -> None:
    _, device = await _lost(portal)
    secret = await open_recovery(portal)
    asked = await _choose(portal, secret, device)
    signed_in = await _recover(portal, secret, device, device.sign(asked["challenge"], RECOVERY))
    assert await level_of_session(portal, signed_in["bearerToken"]) == "BASIC"
    async with portal.transaction() as session:
        levels = await session.scalars(select(Device.assurance_level))
        assert levels.all() == [AssuranceLevel.BASIC]


@pytest.mark.parametrize("wrong", ["another purpose", "another challenge", "another key", "none"])
async def test_X19_a_wrong_signature_of_a_device_changes_nothing(
    portal: Portal, wrong: str
) -> None:
    anna, device = await _lost(portal)
    secret = await open_recovery(portal)
    challenge = (await _choose(portal, secret, device))["challenge"]
    before = await what_signs_in(portal, anna)
    signature = {
        "another purpose": device.sign(challenge, SIGN_IN),
        "another challenge": device.sign("00" * 32, RECOVERY),
        "another key": SoftwareDevice().sign(challenge, RECOVERY),
        "none": "",
    }[wrong]
    assert (await _recover(portal, secret, device, signature))["__typename"] == "DeviceRefused"
    # The challenge is used up: the right signature comes too late.
    right = device.sign(challenge, RECOVERY)
    assert (await _recover(portal, secret, device, right))["__typename"] == "DeviceRefused"
    assert await what_signs_in(portal, anna) == before
    async with portal.transaction() as session:
        kinds = (await session.scalars(select(SecurityEvent.kind))).all()
    assert SecurityEventKind.RECOVERY_REFUSED in kinds


async def test_X19_what_was_signed_is_that_password_and_no_other(portal: Portal) -> None:
    anna, device = await _lost(portal)
    secret = await open_recovery(portal)
    signature = device.sign((await _choose(portal, secret, device))["challenge"], RECOVERY)
    await _choose(portal, secret, device)
    assert (await _recover(portal, secret, device, signature))["__typename"] == "DeviceRefused"
    assert await has_password(portal, anna.account, PASSWORD)


@pytest.mark.parametrize("column", ["locked_at", "removed_at"])
async def test_X19_a_locked_or_removed_device_is_no_way_and_signs_nothing(
    portal: Portal, column: str
) -> None:
    anna, device = await _lost(portal)
    secret = await open_recovery(portal)
    challenge = (await _choose(portal, secret, device))["challenge"]
    async with portal.transaction() as session:
        await session.execute(update(Device).values({column: portal.clock.now()}))
    answer = await _recover(portal, secret, device, device.sign(challenge, RECOVERY))
    assert answer["__typename"] == "DeviceRefused"
    assert (await _choose(portal, secret, device))["__typename"] == "RecoveryWayUnavailable"
    await start(portal)
    assert (await follow(portal, await last_link(portal)))["ways"] == ["PASSKEY", "LETTER"]
    assert await has_password(portal, anna.account, PASSWORD)


async def test_X19_a_device_of_another_customer_signs_nothing_here(portal: Portal) -> None:
    anna = await somebody(portal)
    await person(portal, "berta@example.org")
    hers, _ = await remember(portal, "berta@example.org")
    secret = await open_recovery(portal)
    assert (await _choose(portal, secret, hers))["__typename"] == "RecoveryWayUnavailable"
    absent = replace(hers, id="nothing")
    assert (await _choose(portal, secret, absent))["__typename"] == "RecoveryWayUnavailable"
    assert await has_password(portal, anna.account, PASSWORD)


async def test_X19_a_house_may_ask_for_more_than_a_device(portal: Portal) -> None:
    anna, device = await _lost(portal)
    secret = await open_recovery(portal)
    challenge = (await _choose(portal, secret, device))["challenge"]
    set_rule(portal.house.policy.recovery, "device_is_proof", value=False)
    answer = await _recover(portal, secret, device, device.sign(challenge, RECOVERY))
    assert answer["__typename"] == "DeviceRefused"
    assert (await _choose(portal, secret, device))["__typename"] == "RecoveryWayUnavailable"
    await start(portal)
    assert (await follow(portal, await last_link(portal)))["ways"] == ["PASSKEY", "LETTER"]
    assert await has_password(portal, anna.account, PASSWORD)
