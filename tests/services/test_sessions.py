"""Sessions end when unused, in any case after twelve hours, and when told to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backend import database
from backend.models.sign_in import UserSession
from backend.services import sessions
from tests import factories

if TYPE_CHECKING:
    from backend.services.sessions import Viewer
    from tests.portal import Portal

SESSION = """{ viewer { session { signedInAt expiresAt idleExpiresAt assuranceLevel } } }"""


@pytest.fixture
async def token(portal: Portal) -> str:
    async with portal.transaction() as session:
        account = await factories.user_account(session, await factories.customer(session))
    return await portal.sign_in(account)


async def _viewer(portal: Portal, token: str) -> Viewer | None:
    async with database.reading(portal.house.sessions) as session:
        return await sessions.authenticate(
            session, token=token, clock=portal.clock, policy=portal.house.policy
        )


async def _is_signed_in(portal: Portal, token: str) -> bool:
    return (await portal.execute("{ viewer { id } }", token=token))["viewer"] is not None


async def _stored(portal: Portal) -> UserSession:
    async with portal.transaction() as session:
        return (await session.scalars(select(UserSession))).one()


def _travel(portal: Portal, **by: float) -> None:
    portal.clock.travel_to(portal.clock.now() + timedelta(**by))


async def test_a_session_says_when_it_ends(portal: Portal, token: str) -> None:
    assert await portal.execute(SESSION, token=token) == {
        "viewer": {
            "session": {
                "signedInAt": "2026-11-21T11:00:00+00:00",
                "expiresAt": "2026-11-21T23:00:00+00:00",
                "idleExpiresAt": "2026-11-21T11:15:00+00:00",
                "assuranceLevel": "BASIC",
            }
        }
    }


async def test_a_session_ends_after_fifteen_minutes_without_use(portal: Portal, token: str) -> None:
    _travel(portal, minutes=14, seconds=59)
    assert await _viewer(portal, token) is not None
    _travel(portal, seconds=1)
    assert not await _is_signed_in(portal, token)


async def test_use_keeps_a_session_alive_until_twelve_hours_have_passed(
    portal: Portal, token: str
) -> None:
    for _ in range(71):
        _travel(portal, minutes=10)
        assert await _is_signed_in(portal, token)
    _travel(portal, minutes=9, seconds=59)
    assert await _is_signed_in(portal, token)
    _travel(portal, seconds=1)
    assert not await _is_signed_in(portal, token)


async def test_after_payment_data_was_opened_five_minutes_end_it(
    portal: Portal, token: str
) -> None:
    viewer = await _viewer(portal, token)
    assert viewer is not None
    await sessions.record_use(
        portal.house.sessions, viewer=viewer, clock=portal.clock, opened_bank_data=True
    )
    _travel(portal, minutes=4, seconds=59)
    seen = await _viewer(portal, token)
    assert seen is not None
    assert seen.has_opened_bank_data
    _travel(portal, seconds=1)
    assert not await _is_signed_in(portal, token)


async def test_the_time_of_use_is_written_at_most_every_thirty_seconds(
    portal: Portal, token: str
) -> None:
    began = portal.clock.now()
    _travel(portal, seconds=29)
    await _is_signed_in(portal, token)
    assert (await _stored(portal)).last_seen_at == began
    _travel(portal, seconds=1)
    await _is_signed_in(portal, token)
    assert (await _stored(portal)).last_seen_at == began + timedelta(seconds=30)


async def test_many_uses_at_once_are_answered_and_recorded_once(portal: Portal, token: str) -> None:
    _travel(portal, minutes=1)
    # More than there are connections: none may hold one while it waits for another.
    assert all(await asyncio.gather(*(_is_signed_in(portal, token) for _ in range(50))))
    assert (await _stored(portal)).last_seen_at == portal.clock.now()


async def test_a_session_whose_use_cannot_be_written_can_still_read(
    portal: Portal, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("UPDATE user_session", {}, OSError("disk is full"))

    monkeypatch.setattr(sessions, "touch_session", fail)
    began = portal.clock.now()
    _travel(portal, minutes=1)
    assert await _is_signed_in(portal, token)
    assert (await _stored(portal)).last_seen_at == began


async def test_the_answer_to_the_use_that_prolongs_a_session_says_so(
    portal: Portal, token: str
) -> None:
    _travel(portal, minutes=10)
    data = await portal.execute(SESSION, token=token)
    assert data["viewer"]["session"]["idleExpiresAt"] == "2026-11-21T11:25:00+00:00"


async def test_the_idle_end_never_lies_behind_the_absolute_one(portal: Portal, token: str) -> None:
    for _ in range(71):
        _travel(portal, minutes=10)
        assert await _is_signed_in(portal, token)
    viewer = await _viewer(portal, token)
    assert viewer is not None
    assert viewer.idle_expires_at == viewer.expires_at


async def test_an_ended_session_stays_ended_and_is_not_touched(portal: Portal, token: str) -> None:
    stored = await _stored(portal)
    ended_at = portal.clock.now()
    async with portal.transaction() as session:
        await sessions.end_session(session, session_id=stored.id, clock=portal.clock)
    _travel(portal, minutes=1)
    async with portal.transaction() as session:
        await sessions.end_session(session, session_id=stored.id, clock=portal.clock)
        await sessions.touch_session(session, session_id=stored.id, clock=portal.clock)
    stored = await _stored(portal)
    assert (stored.ended_at, stored.last_seen_at) == (ended_at, ended_at)
    assert not await _is_signed_in(portal, token)


async def test_every_session_has_a_token_of_256_bits_of_its_own(portal: Portal) -> None:
    async with portal.transaction() as session:
        account = await factories.user_account(session, await factories.customer(session))
    tokens = {await portal.sign_in(account) for _ in range(5)}
    assert len(tokens) == 5
    assert {len(token) for token in tokens} == {43}


@pytest.mark.parametrize("token", ["", "x", "ä", "'; DROP TABLE user_session; --"])
async def test_a_token_of_nobody_signs_nobody_in(portal: Portal, token: str) -> None:
    assert await _viewer(portal, token) is None
