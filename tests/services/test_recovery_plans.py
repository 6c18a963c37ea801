"""Getting back in asks by index only: nothing it does grows with the number of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.services.recovery import forget_old_recoveries
from backend.services.recovery_by_staff import begin_recovery
from backend.services.recovery_letters import forget_old_letters
from tests import factories
from tests.recovering import (
    choose_password,
    open_recovery,
    recover,
    send_signature,
    somebody,
    watch_letters,
)
from tests.services.plans import asked_of, scans

if TYPE_CHECKING:
    import pytest

    from tests.portal import Portal

GROWING = (
    "recovery",
    "recovery_letter",
    "user_account",
    "customer",
    "customer_number",
    "partner",
    "passkey",
    "user_session",
    "challenge",
    "approval",
    "activation_code",
)


async def _crowd(portal: Portal) -> None:
    async with portal.transaction() as session:
        for _ in range(15):
            await factories.user_account(session, await factories.customer(session))


async def test_X19_passkey_and_staff_find_everything_by_index(portal: Portal) -> None:
    await _crowd(portal)
    anna = await somebody(portal)
    with asked_of(portal, GROWING) as asked:
        secret = await open_recovery(portal)
        options = (await choose_password(portal, secret))["options"]
        await send_signature(portal, secret, anna.device.sign(options))
        await begin_recovery(
            portal.house, institution_key="sach", number="S1", sends_link=True, sends_letter=True
        )
        async with portal.transaction() as session:
            await forget_old_recoveries(session, clock=portal.clock)
            await forget_old_letters(session, clock=portal.clock)
    assert {statement[:6] for statement, _ in asked} == {"SELECT", "UPDATE", "DELETE"}
    assert await scans(portal, asked, GROWING) == []


async def test_X19_the_letter_finds_everything_by_index(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = watch_letters(monkeypatch)
    await _crowd(portal)
    await somebody(portal)
    with asked_of(portal, GROWING) as asked:
        await recover(portal, letters)
    assert any("UPDATE recovery_letter" in statement for statement, _ in asked)
    assert await scans(portal, asked, GROWING) == []
