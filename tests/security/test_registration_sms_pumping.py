"""Text messages of registrations stay within a budget, and good customers are still served."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from backend.models.registrations import Registration
from backend.services.sessions import hash_token
from tests.registering import ask_for_tan, complete, confirm_address
from tests.rules import set_rule
from tests.signing_in import ask_for_tan as sign_in_tan
from tests.signing_in import last_tan, person, sms_payloads

if TYPE_CHECKING:
    from tests.portal import Portal


async def _move(portal: Portal, secret: str, number: str) -> None:
    """Let a registration have been for another number."""
    async with portal.transaction() as session:
        await session.execute(
            update(Registration)
            .where(Registration.secret_hash == hash_token(secret))
            .values(phone_number=number)
        )


async def _ask(portal: Portal, secret: str) -> str:
    name: str = (await ask_for_tan(portal, secret))["__typename"]
    return name


async def test_a_number_gets_three_in_ten_minutes_and_five_a_day(portal: Portal) -> None:
    secret = await confirm_address(portal)
    names = [await _ask(portal, secret) for _ in range(4)]
    assert names == ["RegistrationTanSent"] * 3 + ["TooManyAttempts"]
    later = []
    for _ in range(4):
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=12))
        later.append(await _ask(portal, secret))
    assert later == ["RegistrationTanSent"] * 2 + ["TooManyAttempts"] * 2
    assert len(await sms_payloads(portal)) == 5


async def test_a_number_is_one_number_for_registering_and_signing_in(portal: Portal) -> None:
    await person(portal)  # with the same number
    secret = await confirm_address(portal)
    for _ in range(3):
        await _ask(portal, secret)
    assert (await sign_in_tan(portal))["__typename"] == "TooManyAttempts"


async def test_a_block_of_numbers_shares_a_limit(portal: Portal) -> None:
    set_rule(portal.house.policy.registration, "tans_per_block_per_hour", 2)
    secret = await confirm_address(portal)
    names = []
    for number in ("+4915112340001", "+4915112340002", "+4915112340003", "+4915112350003"):
        await _move(portal, secret, number)
        names.append(await _ask(portal, secret))
    sent = "RegistrationTanSent"
    assert names == [sent, sent, "TooManyAttempts", sent]


async def test_a_client_has_a_limit_of_its_own(portal: Portal) -> None:
    set_rule(portal.house.policy.registration, "tans_per_client_per_day", 2)
    secret = await confirm_address(portal)
    names = []
    for number in range(3):
        await _move(portal, secret, f"+49151123{number}0000")
        names.append(await _ask(portal, secret))
    assert names == ["RegistrationTanSent", "RegistrationTanSent", "TooManyAttempts"]


async def test_who_pumps_registrations_keeps_nobody_from_signing_in(portal: Portal) -> None:
    set_rule(portal.house.policy.registration, "tans_of_all_per_day", 3)
    set_rule(portal.house.policy.registration, "tans_per_client_per_day", 10_000)
    secret = await confirm_address(portal)
    names = []
    for number in range(10):
        await _move(portal, secret, f"+4915{number}12345678")
        names.append(await _ask(portal, secret))
    assert names == ["RegistrationTanSent"] * 3 + ["TooManyAttempts"] * 7
    await person(portal, phone_number="+436641234567")
    assert (await sign_in_tan(portal))["__typename"] == "TanRequired"
    portal.clock.travel_to(portal.clock.now() + timedelta(days=1, hours=3))
    other = await confirm_address(portal, emailAddress="gut@example.org")
    assert await _ask(portal, other) == "RegistrationTanSent"
    signed_in = await complete(portal, other, await last_tan(portal))
    assert signed_in["__typename"] == "SignedIn"


async def test_a_stranger_sends_nothing(portal: Portal) -> None:
    results: list[Any] = [await ask_for_tan(portal, guess) for guess in ("", "x", "y" * 43)]
    assert {result["__typename"] for result in results} == {"RegistrationRefused"}
    assert await sms_payloads(portal) == []
