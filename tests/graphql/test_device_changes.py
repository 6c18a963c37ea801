"""Renaming, locking, unlocking and removing devices over GraphQL (X4, X18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.approving import approve, approve_with_passkey, send, send_tan
from tests.approving import ask as ask_for
from tests.remembering import ask, devices_of, remember, sign_in_with
from tests.signing_in import (
    WHO_AM_I,
    add_passkey,
    authenticator_for,
    mail_payloads,
    person,
)

if TYPE_CHECKING:
    from tests.portal import Portal

EVENTS = "{ viewer { securityEvents(first: 50) { nodes { kind detail } } } }"


async def _subjects(portal: Portal) -> list[str]:
    return [mail["subject"] for mail in await mail_payloads(portal)]


async def _events(portal: Portal, token: str) -> list[tuple[str, str | None]]:
    nodes = (await portal.execute(EVENTS, token=token))["viewer"]["securityEvents"]["nodes"]
    return [(node["kind"], node["detail"]) for node in nodes]


async def test_X18_a_device_is_renamed_and_that_is_told(portal: Portal) -> None:
    await person(portal)
    device, token = await remember(portal)
    given = {"device": device.id, "name": "  Mein Telefon "}
    renamed = await send(portal, "renameDevice", given, token=token)
    assert renamed == {"__typename": "Device", "name": "Mein Telefon"}
    assert (await devices_of(portal, token))[0]["name"] == "Mein Telefon"
    assert (await _subjects(portal))[-1] == "Eines Ihrer Geräte heißt jetzt anders"
    assert (await _events(portal, token))[0] == ("DEVICE_RENAMED", "Mein Telefon")


@pytest.mark.parametrize("name", ["  ", "x" * 61, "a\u202eb"])
async def test_a_name_that_will_not_do_changes_nothing(portal: Portal, name: str) -> None:
    await person(portal)
    device, token = await remember(portal)
    before = await devices_of(portal, token)
    given = {"device": device.id, "name": name}
    refused = await send(portal, "renameDevice", given, token=token)
    assert refused["__typename"] == "InvalidInput"
    assert refused["fields"][0]["path"] == ["name"]
    assert await devices_of(portal, token) == before


async def test_X18_locking_ends_the_devices_sessions_at_once_without_an_approval(
    portal: Portal,
) -> None:
    account = await person(portal)
    device, first = await remember(portal)
    second = (await sign_in_with(portal, device))["bearerToken"]
    token = await portal.sign_in(account)
    locked = await send(portal, "lockDevice", {"device": device.id}, token=token)
    assert locked == {"__typename": "Device", "isLocked": True}
    for ended in (first, second):
        assert await portal.execute(WHO_AM_I, token=ended) == {"viewer": None}
    assert (await ask(portal, device.id))["__typename"] == "TanRequired"
    assert (await _subjects(portal))[-1] == "Eines Ihrer Geräte ist gesperrt"
    assert ("DEVICE_LOCKED", "Unbekanntes Gerät") in await _events(portal, token)
    mails = len(await mail_payloads(portal))
    again = await send(portal, "lockDevice", {"device": device.id}, token=token)
    assert again == {"__typename": "Device", "isLocked": True}
    assert len(await mail_payloads(portal)) == mails


async def test_X18_locking_this_device_ends_this_session(portal: Portal) -> None:
    await person(portal)
    device, token = await remember(portal)
    query = """mutation ($input: LockDeviceInput!) {
      lockDevice(input: $input) { ... on Device { isLocked } } }"""
    response = await portal.post(query, {"input": {"device": device.id}}, token=token)
    assert response.json() == {"data": {"lockDevice": {"isLocked": True}}}
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}


async def test_X18_unlocking_is_approved(portal: Portal) -> None:
    account = await person(portal)
    device, _ = await remember(portal)
    token = await portal.sign_in(account)
    await send(portal, "lockDevice", {"device": device.id}, token=token)
    approval = await ask_for(portal, "unlockDevice", {"device": device.id}, token=token)
    assert approval["summary"] == "das Gerät „Unbekanntes Gerät“ entsperren"
    assert (await devices_of(portal, token))[0]["isLocked"] is True
    approved = await approve(portal, token, approval["id"])
    assert approved["outcome"]["device"] == {"id": device.id, "isLocked": False}
    assert (await sign_in_with(portal, device))["__typename"] == "SignedIn"
    assert "Eines Ihrer Geräte ist entsperrt" in await _subjects(portal)
    events = await _events(portal, approved["bearerToken"])
    assert ("DEVICE_UNLOCKED", "Unbekanntes Gerät") in events


async def test_a_device_that_is_not_locked_can_not_be_unlocked(portal: Portal) -> None:
    await person(portal)
    device, token = await remember(portal)
    result = await send(portal, "unlockDevice", {"device": device.id}, token=token)
    assert result["__typename"] == "NotFound"


async def test_X18_removing_is_approved_and_ends_the_devices_sessions(portal: Portal) -> None:
    account = await person(portal)
    device, there = await remember(portal)
    token = await portal.sign_in(account)
    approval = await ask_for(portal, "removeDevice", {"device": device.id}, token=token)
    assert approval["summary"] == "das Gerät „Unbekanntes Gerät“ entfernen"
    assert len(await devices_of(portal, token)) == 1
    approved = await approve(portal, token, approval["id"])
    assert approved["outcome"] == {"__typename": "DeviceRemoved", "name": "Unbekanntes Gerät"}
    assert await devices_of(portal, approved["bearerToken"]) == []
    assert await portal.execute(WHO_AM_I, token=there) == {"viewer": None}
    assert (await _subjects(portal))[-1] == "Eines Ihrer Geräte ist entfernt"
    assert (await ask(portal, device.id))["__typename"] == "TanRequired"


async def test_X18_removing_this_device_ends_this_session_with_the_approval(
    portal: Portal,
) -> None:
    await person(portal)
    device, token = await remember(portal)
    approval = await ask_for(portal, "removeDevice", {"device": device.id}, token=token)
    approved = await approve(portal, token, approval["id"])
    assert approved["outcome"]["__typename"] == "DeviceRemoved"
    assert approved["bearerToken"] is None
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}


async def test_an_approval_of_a_session_that_has_ended_removes_nothing(portal: Portal) -> None:
    account = await person(portal)
    device, there = await remember(portal)
    approval = await ask_for(portal, "removeDevice", {"device": device.id}, token=there)
    tan = await send_tan(portal, there, approval["id"])
    token = await portal.sign_in(account)
    await send(portal, "lockDevice", {"device": device.id}, token=token)
    given = {"approval": approval["id"], "tan": tan}
    result = await send(portal, "approveWithTan", given, token=there)
    assert result["__typename"] == "NotSignedIn"
    assert len(await devices_of(portal, token)) == 1


async def test_what_was_renamed_since_is_not_removed(portal: Portal) -> None:
    await person(portal)
    device, token = await remember(portal)
    phone = authenticator_for(portal)
    await add_passkey(portal, token, phone)
    approval = await ask_for(portal, "removeDevice", {"device": device.id}, token=token)
    await send(portal, "renameDevice", {"device": device.id, "name": "Laptop"}, token=token)
    result = await approve_with_passkey(portal, token, approval["id"], phone)
    assert result["__typename"] == "Conflict"
    assert [one["name"] for one in await devices_of(portal, token)] == ["Laptop"]


async def test_X18_a_device_of_somebody_else_answers_like_an_absent_one(portal: Portal) -> None:
    await person(portal)
    other = await person(portal, "berta@example.org")
    device, token = await remember(portal)
    before = await devices_of(portal, token)
    berta = await portal.sign_in(other)
    requests: dict[str, dict[str, Any]] = {
        "renameDevice": {"name": "x"},
        "lockDevice": {},
        "unlockDevice": {},
        "removeDevice": {},
    }
    for name, more in requests.items():
        foreign = await send(portal, name, {"device": device.id} | more, token=berta)
        assert foreign["__typename"] == "NotFound"
    assert await devices_of(portal, token) == before
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert await portal.execute(query, {"id": device.id}, token=berta) == {"node": None}
    assert await portal.execute(query, {"id": device.id}, token=token) == {
        "node": {"id": device.id}
    }
