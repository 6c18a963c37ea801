"""Hashing: what it costs, that it waits in threads, and that the queue has an end."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest

from backend.app import open_house
from backend.services.passwords import NOBODYS_HASH, HashingBusyError, PasswordHasher
from tests.portal import CheapHasher
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from backend.settings import Settings

OWASP = "$argon2id$v=19$m=19456,t=2,p=1$"


async def test_the_portal_hashes_as_owasp_says(settings: Settings) -> None:
    async with open_house(settings) as house:
        stored = await house.password_hasher.hash("Sieben Zwerge im Wald")
    assert stored.startswith(OWASP)
    assert await PasswordHasher().verify(stored, "Sieben Zwerge im Wald")
    assert not await PasswordHasher().verify(stored, "Sieben Zwerge im Walde")


async def test_comparing_with_nobodys_hash_costs_what_any_other_does() -> None:
    stored = await PasswordHasher().hash("Sieben Zwerge im Wald")
    assert NOBODYS_HASH.startswith(OWASP)
    assert [len(part) for part in NOBODYS_HASH.split("$")] == [
        len(part) for part in stored.split("$")
    ]


async def test_without_a_hash_nothing_is_right() -> None:
    hasher = CheapHasher()
    assert not await hasher.verify(None, "")
    assert not await hasher.verify(None, "Sieben Zwerge im Wald")


async def test_a_letter_is_the_same_however_a_keyboard_composes_it() -> None:
    hasher = CheapHasher()
    stored = await hasher.hash("Zw\u00f6lf graue Reiher")
    assert await hasher.verify(stored, "Zwo\u0308lf graue Reiher")


async def test_whoever_comes_when_the_queue_is_full_is_sent_away_and_the_others_served() -> None:
    hasher = CheapHasher(cores=1)
    outcomes = await asyncio.gather(
        *(hasher.verify(None, str(number)) for number in range(40)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [bool] * 8 + [HashingBusyError] * 32
    assert not await hasher.verify(None, "later")  # the queue is empty again


async def test_whoever_holds_a_place_is_not_sent_away_half_way() -> None:
    hasher = CheapHasher(cores=1)
    hasher._places = 7  # of others
    with hasher.place(), hasher.place():
        assert hasher._places == 8
        assert await hasher.hash("somebody")
    hasher._places = 8
    with pytest.raises(HashingBusyError):
        await hasher.hash("nobody")
    assert hasher._places == 8


@pytest.mark.parametrize(("seconds", "places"), [(0.025, 16), (0.1, 10), (0.3, 2), (9.0, 2)])
async def test_a_slow_machine_lets_fewer_in_so_that_they_are_through_in_time(
    seconds: float, places: int
) -> None:
    hasher = CheapHasher(cores=2)
    hasher._seconds = seconds
    outcomes = await asyncio.gather(
        *(hasher.hash(str(number)) for number in range(20)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [str] * places + [HashingBusyError] * (
        20 - places
    )
    assert hasher._seconds < seconds  # it was faster this time


@pytest.mark.parametrize("cores", [1, 3])
async def test_no_more_are_hashed_at_once_than_there_are_cores(cores: int) -> None:
    hasher = PasswordHasher(cores=cores)
    counting = threading.Lock()
    running = most = 0

    def work() -> None:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with counting:
            running -= 1

    await asyncio.gather(*(hasher._run(work) for _ in range(8)))
    assert 1 <= most <= cores
