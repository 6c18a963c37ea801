"""Guessing: however many attempts come at once, few are compared, and none is lost by restarts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from backend.models.sign_in import Challenge, UserSession
from backend.services.passwords import PasswordHasher
from tests.portal import open_portal
from tests.signing_in import (
    CONFIRM_SIGN_IN,
    ask_for_tan,
    confirm,
    last_tan,
    person,
    wrong,
)

if TYPE_CHECKING:
    import pytest

    from backend.clock import StoppedClock
    from backend.settings import Settings
    from tests.portal import Portal

GUESSES = 300


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

    async def guess(number: int) -> None:
        given = {"input": {"challenge": challenge, "tan": f"{number:06d}"}}
        await portal.post(CONFIRM_SIGN_IN, given)

    await asyncio.gather(*(guess(number) for number in range(GUESSES) if f"{number:06d}" != tan))
    assert len(compared) == 5
    refused, _ = await confirm(portal, challenge, tan)
    assert refused["__typename"] == "SignInRefused"
    assert len(compared) == 5
    async with portal.transaction() as session:
        assert await session.scalar(select(Challenge.attempts)) == 5
        assert await session.scalar(select(func.count()).select_from(UserSession)) == 0


async def test_F22_the_right_tan_sent_many_times_at_once_signs_in_once(portal: Portal) -> None:
    await person(portal)
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    results = await asyncio.gather(*(confirm(portal, challenge, tan) for _ in range(5)))
    kinds = sorted(result["__typename"] for result, _ in results)
    assert kinds == ["SignInRefused"] * 4 + ["SignedIn"]
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
    await asyncio.gather(*(ask_for_tan(portal, password=str(number)) for number in range(40)))
    assert compared == 10
