"""Many at once at what one customer has: one wins each version, one event for each key."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from tests import changing_details as details
from tests import factories
from tests.adding import add_contract, own_additions
from tests.changing_accounts import NEW, OLD, THIRD, accounts_on_file, insured
from tests.core_answers import payloads, submissions
from tests.racing import race, stored_address, stored_change, viewer_of

if TYPE_CHECKING:
    from tests.portal import Portal

WRITERS = 30
KEYS = 4


async def test_F88_of_many_writers_one_wins_each_version(portal: Portal) -> None:
    anna = await insured(portal)
    viewer = await viewer_of(portal, anna)
    for version, iban in ((1, NEW), (2, THIRD)):
        changes = [
            stored_change(portal, anna, iban, version=version, key=f"{version}-{number}")
            for number in range(WRITERS)
        ]
        outcomes = await race(portal, viewer, changes)
        assert outcomes == {"BankAccountChanged": 1, "Conflict": WRITERS - 1}
    history = [(one.version, one.iban) for one in await accounts_on_file(portal)]
    assert history == [(1, OLD), (2, NEW), (3, THIRD)]
    assert len(await submissions(portal)) == 2


async def test_F88_one_key_many_times_at_once_is_one_event(portal: Portal) -> None:
    anna = await insured(portal)
    viewer = await viewer_of(portal, anna)
    for version in range(1, KEYS + 1):
        iban = (NEW, THIRD)[version % 2]
        change = stored_change(portal, anna, iban, version=version, key=f"key-{version}")
        assert await race(portal, viewer, [change] * WRITERS) == {"BankAccountChanged": WRITERS}
    assert len(await submissions(portal)) == KEYS
    assert [one.version for one in await accounts_on_file(portal)] == list(range(1, KEYS + 2))


async def test_F88_of_many_who_move_one_customer_one_wins_each_version(portal: Portal) -> None:
    anna = await details.resident(portal, "leben", "sach")
    viewer = await viewer_of(portal, anna)
    for version, address in enumerate((details.NEW, details.THIRD)):
        changes = [
            stored_address(portal, anna, address, version=version, key=f"{version}-{number}")
            for number in range(WRITERS)
        ]
        outcomes = await race(portal, viewer, changes)
        assert outcomes == {"PersonalDetailsChanged": 1, "Conflict": WRITERS - 1}
    # Both institutions or neither: a loser leaves nothing behind at one of them.
    history = [
        (one.institution_id, one.version, one.after) for one in await details.changes(portal)
    ]
    leben, sach = (contract.institution_id for contract in anna.contracts)
    assert history == [
        (leben, 1, details.NEW_LINE),
        (sach, 1, details.NEW_LINE),
        (leben, 2, details.THIRD_LINE),
        (sach, 2, details.THIRD_LINE),
    ]
    events = [event["address"]["street"] for event in await payloads(portal)]
    assert events == [details.NEW["street"]] * 2 + [details.THIRD["street"]] * 2


async def test_F88_one_key_of_a_move_many_times_at_once_is_one_event(portal: Portal) -> None:
    anna = await details.resident(portal)
    viewer = await viewer_of(portal, anna)
    for version in range(KEYS):
        address = (details.NEW, details.THIRD)[version % 2]
        change = stored_address(portal, anna, address, version=version, key=f"key-{version}")
        outcomes = await race(portal, viewer, [change] * WRITERS)
        assert outcomes == {"PersonalDetailsChanged": WRITERS}
    assert len(await submissions(portal)) == KEYS
    assert [one.version for one in await details.changes(portal)] == list(range(1, KEYS + 1))


async def test_F9_many_additions_at_once_stop_at_the_limit(portal: Portal) -> None:
    most = portal.house.policy.self_added.contracts.on(portal.clock.now().date())
    async with portal.transaction() as session:
        account = await factories.user_account(session, await factories.customer(session))
    token = await portal.sign_in(account)
    added = await asyncio.gather(*(add_contract(portal, token) for _ in range(most + 10)))
    outcomes = Counter(one["__typename"] for one in added)
    assert outcomes == {"SelfAddedContract": most, "SelfAddedLimitReached": 10}
    assert (await own_additions(portal, token))["contractCount"] == most
