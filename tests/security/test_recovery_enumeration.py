"""Asking for a way back tells nobody whether an address has an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.security_events import SecurityEvent
from backend.services.outbox_delivery import send_recovery_links
from backend.services.passwords import PasswordHasher
from tests.recovering import START, follow, open_recovery, recoveries, start
from tests.security.statements import statements_of
from tests.signing_in import mail_payloads, person, sms_payloads

if TYPE_CHECKING:
    import httpx

    from tests.portal import Portal

# Of a password that nobody tries; hashing fifteen takes longer than the test.
_SOME_HASH = PasswordHasher(1)._dummy


async def _try(portal: Portal, address: str) -> httpx.Response:
    return await portal.post(START, {"input": {"emailAddress": address}})


async def test_X19_known_and_unknown_addresses_get_the_same_answer(portal: Portal) -> None:
    answers = set()
    for number in range(12):
        await person(portal, f"known{number:02}@example.org", password_hash=_SOME_HASH)
        for kind in ("known", "empty"):
            address = f"{kind}{number:02}@example.org"
            response = await _try(portal, address)
            shown = response.text.replace(address, "ADDRESS")
            answers.add((response.status_code, shown, str(sorted(response.headers.items()))))
    assert len(answers) == 1
    assert "RecoveryStarted" in answers.pop()[1]


async def test_X19_known_and_unknown_addresses_cost_the_same_work(portal: Portal) -> None:
    await person(portal)
    done = []
    for address in ("anna@example.org", "anne@example.org"):
        with statements_of(portal) as statements:
            await _try(portal, address)
        done.append(statements)
    assert len(done[0]) > 5
    assert done[0] == done[1]
    assert not any("user_account " in statement for statement in done[0])


async def test_X19_known_and_unknown_addresses_are_throttled_alike(portal: Portal) -> None:
    await person(portal)
    answers = [
        [(await _try(portal, address)).text.replace(address, "ADDRESS") for _ in range(7)]
        for address in ("anna@example.org", "anne@example.org")
    ]
    assert answers[0] == answers[1]
    assert "RecoveryStarted" in answers[0][4]
    assert "TooManyAttempts" in answers[0][5]


async def test_X19_no_mail_goes_to_an_address_that_nobody_has(portal: Portal) -> None:
    await person(portal)
    await start(portal, "anne@example.org")
    await send_recovery_links(portal.house)
    assert await mail_payloads(portal) == []
    (row,) = await recoveries(portal)
    assert row.user_account_id is None
    async with portal.transaction() as session:
        assert (await session.scalars(select(SecurityEvent))).all() == []


async def test_X19_a_link_that_was_never_sent_opens_nothing(portal: Portal) -> None:
    await person(portal)
    await start(portal, "anne@example.org")
    (row,) = await recoveries(portal)
    assert (await follow(portal, row.link_hash))["__typename"] == "RecoveryRefused"


async def test_one_client_cannot_try_many_addresses(portal: Portal) -> None:
    answers = [(await _try(portal, f"a{number}@example.org")).text for number in range(31)]
    assert "TooManyAttempts" in answers[30]
    assert all("RecoveryStarted" in answer for answer in answers[:30])


async def test_X19_a_stranger_who_only_asks_costs_no_text_message(portal: Portal) -> None:
    await person(portal)
    await open_recovery(portal)
    assert await sms_payloads(portal) == []
