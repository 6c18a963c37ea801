"""Many at once at one bank account: one wins each version, one event for each key (F88)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.changing_accounts import NEW, OLD, THIRD, accounts_on_file, insured, submissions
from tests.racing_accounts import race, stored_change, viewer_of

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
