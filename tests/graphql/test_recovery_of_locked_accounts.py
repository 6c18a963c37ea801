"""A user account that was locked at once comes back by letter only, with new factors (F72, X19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.approving import account_of
from tests.recovering import (
    NEW_PASSWORD,
    choose_password,
    follow,
    last_link,
    recover,
    somebody,
    start,
    watch_letters,
)
from tests.remembering import ask, devices_of, remember

if TYPE_CHECKING:
    import pytest

    from tests.portal import Portal


async def test_F72_a_locked_account_comes_back_by_letter_without_its_devices(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = watch_letters(monkeypatch)
    anna = await somebody(portal)
    device, _ = await remember(portal)
    locked = await portal.execute("mutation { lockUserAccount { __typename } }", token=anna.token)
    assert locked == {"lockUserAccount": {"__typename": "UserAccountLocked"}}
    await start(portal)
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed["ways"] == ["LETTER"]
    refused = await choose_password(portal, confirmed["recovery"])
    assert refused["__typename"] == "RecoveryWayUnavailable"
    signed_in = await recover(portal, letters)
    assert signed_in["__typename"] == "SignedIn"
    assert (await account_of(portal, anna.account)).locked_at is None
    assert await devices_of(portal, signed_in["bearerToken"]) == []
    asked = await ask(portal, device.id, password=NEW_PASSWORD)
    assert asked["__typename"] == "TanRequired"
