"""Throttling: counted before work, exact on both databases, also when attempts come at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from backend.errors import TooManyAttemptsError
from backend.models.sign_in import AttemptCounter
from backend.services.attempts import (
    Limit,
    count_attempts,
    count_first,
    forget_old_attempts,
    subject_of_client,
)

if TYPE_CHECKING:
    from tests.portal import Portal

HOUR = timedelta(hours=1)


async def _try(portal: Portal, *limits: Limit) -> bool:
    try:
        await count_first(portal.house.sessions, *limits, clock=portal.clock)
    except TooManyAttemptsError:
        return False
    return True


async def _counted(portal: Portal) -> int:
    async with portal.transaction() as session:
        return int(await session.scalar(select(func.sum(AttemptCounter.attempts))) or 0)


async def test_as_many_attempts_pass_as_the_limit_says(portal: Portal) -> None:
    limit = Limit("test", "anna", 3, HOUR)
    assert [await _try(portal, limit) for _ in range(5)] == [True, True, True, False, False]
    assert await _counted(portal) == 3


async def test_subjects_do_not_share_a_limit(portal: Portal) -> None:
    assert await _try(portal, Limit("test", "anna", 1, HOUR))
    assert await _try(portal, Limit("test", "berta", 1, HOUR))


async def test_parallel_attempts_never_exceed_the_limit(portal: Portal) -> None:
    limit = Limit("test", "anna", 5, HOUR)
    passed = await asyncio.gather(*(_try(portal, limit) for _ in range(60)))
    assert sum(passed) == 5
    assert await _counted(portal) == 5


async def test_no_period_of_its_length_sees_more_than_the_limit(portal: Portal) -> None:
    limit = Limit("test", "anna", 4, HOUR)
    passed_at = []
    start = portal.clock.now()
    for minute in range(4, 200):  # begins at the end of a counter's five minutes
        portal.clock.travel_to(start + timedelta(minutes=minute))
        if await _try(portal, limit):
            passed_at.append(minute)
    most = max(sum(at <= other < at + 60 for other in passed_at) for at in passed_at)
    assert most == 4
    assert len(passed_at) >= 8


async def test_a_refusal_says_when_to_come_back_and_then_it_passes(portal: Portal) -> None:
    limit = Limit("test", "anna", 1, HOUR)
    assert await _try(portal, limit)
    with pytest.raises(TooManyAttemptsError) as refused:
        await count_first(portal.house.sessions, limit, clock=portal.clock)
    assert portal.clock.now() < refused.value.retry_at
    portal.clock.travel_to(refused.value.retry_at - timedelta(minutes=6))
    assert not await _try(portal, limit)
    portal.clock.travel_to(refused.value.retry_at)
    assert await _try(portal, limit)


async def test_a_refused_attempt_counts_against_no_limit(portal: Portal) -> None:
    tight, wide = Limit("tight", "anna", 1, HOUR), Limit("wide", "anna", 10, HOUR)
    assert await _try(portal, tight, wide)
    assert not await _try(portal, tight, wide)
    assert await _counted(portal) == 2


async def test_attempts_of_a_transaction_that_fails_do_not_count(portal: Portal) -> None:
    async with portal.transaction() as session:
        await count_attempts(session, Limit("test", "anna", 1, HOUR), clock=portal.clock)
        await session.rollback()
    assert await _counted(portal) == 0


async def test_the_subject_does_not_stand_in_the_table(portal: Portal) -> None:
    assert await _try(portal, Limit("test", "anna@example.org", 1, HOUR))
    async with portal.transaction() as session:
        scope = (await session.scalars(select(AttemptCounter.scope))).one()
    assert "anna" not in scope


async def test_counters_that_no_limit_looks_at_are_forgotten(portal: Portal) -> None:
    day = Limit("test", "anna", 1, timedelta(days=1))
    assert await _try(portal, day)
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=23))
    async with portal.transaction() as session:
        assert await forget_old_attempts(session, clock=portal.clock) == 0
    assert not await _try(portal, day)
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=6))
    async with portal.transaction() as session:
        assert await forget_old_attempts(session, clock=portal.clock) == 1


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("unix socket", "unix socket"),
    ],
)
def test_a_client_is_an_ipv4_address_or_an_ipv6_line(address: str, subject: str) -> None:
    assert subject_of_client(address) == subject
