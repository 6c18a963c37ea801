"""Guessing: however many attempts come at once, few are compared, and none is lost by restarts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from backend.errors import SignInRefusedError
from backend.models.sign_in import Challenge, UserSession
from backend.services import password_sign_in
from backend.services.passwords import PasswordHasher
from tests.portal import open_portal
from tests.signing_in import (
    ask_for_tan,
    confirm,
    last_tan,
    person,
    wrong,
)

if TYPE_CHECKING:
    from backend.clock import StoppedClock
    from backend.settings import Settings
    from tests.portal import Portal

GUESSES = 300


@pytest.fixture
def hasher() -> PasswordHasher:
    """The real one, since what happens at once depends on its time; all find a place in it."""
    return PasswordHasher(cores=GUESSES // 8 + 1)


async def test_F22_of_300_parallel_guesses_at_most_five_are_compared(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    compared: list[str] = []
    verify = PasswordHasher.verify

    async def watched(self: PasswordHasher, secret_hash: str | None, secret: str) -> bool:
        compared.append(secret)
        return await verify(self, secret_hash, secret)

    monkeypatch.setattr(PasswordHasher, "verify", watched)

    # Without the deadline of HTTP, so that every one of them is answered on a busy machine too.
    results = await asyncio.gather(
        *(
            password_sign_in.confirm(portal.house, challenge=challenge, tan=guess)
            for guess in (f"{number:06d}" for number in range(GUESSES))
            if guess != tan
        ),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {SignInRefusedError}
    assert len(compared) == 5
    compared.clear()
    refused, _ = await confirm(portal, challenge, tan)
    assert refused["__typename"] == "SignInRefused"
    assert compared == []
    async with portal.transaction() as session:
        assert await session.scalar(select(Challenge.attempts)) == 5
        assert await session.scalar(select(func.count()).select_from(UserSession)) == 0


async def test_F22_the_right_tan_sent_many_times_at_once_signs_in_once(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    results = await asyncio.gather(
        *(password_sign_in.confirm(portal.house, challenge=challenge, tan=tan) for _ in range(5)),
        return_exceptions=True,
    )
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == ["SignInRefusedError"] * 4 + ["SignedIn"]
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(UserSession)) == 1


async def test_F22_attempts_are_remembered_across_a_restart(
    settings: Settings, clock: StoppedClock
) -> None:
    async with open_portal(settings, clock) as portal:
        await person(portal)
        challenge = (await ask_for_tan(portal))["challenge"]
        tan = await last_tan(portal)
        for _ in range(5):
            await confirm(portal, challenge, wrong(tan))
    async with open_portal(settings, clock) as portal:
        refused, _ = await confirm(portal, challenge, tan)
        assert refused["__typename"] == "SignInRefused"


async def test_parallel_attempts_at_a_password_never_exceed_its_limit(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person(portal)
    compared = 0

    async def watched(*_: object) -> bool:
        nonlocal compared
        compared += 1
        return False

    monkeypatch.setattr(portal.house.password_hasher, "verify", watched)
    results = await asyncio.gather(
        *(
            password_sign_in.ask_for_second_factor(
                portal.house,
                email_address="anna@example.org",
                password=str(number),
                client_address=f"192.0.2.{number}",
            )
            for number in range(40)
        ),
        return_exceptions=True,
    )
    assert compared == 10
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == ["SignInRefusedError"] * 10 + ["TooManyAttemptsError"] * 30
