"""Thousands change one account or address at once: a version is written once, a key is an event."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from attack.changing_server import PATH
from backend.models.outbox import OutboxMessage, OutboxTopic
from tests import changing_details as details
from tests.changing_accounts import NEW, OLD, THIRD, accounts_on_file, insured
from tests.core_answers import payloads, submissions
from tests.racing import operation_of, race, stored_address, stored_change, viewer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attack.tally import Tally
    from attack.target import Target
    from backend.services.approval_operations import OperationInput
    from backend.services.sessions import Viewer
    from tests.changing_accounts import Insured
    from tests.changing_details import Resident

SERVER = "attack.changing_server"
DATABASES = ("sqlite", "postgresql")
WRITERS = 1_000
KEYS = 200
AT_ONCE_PER_KEY = 50
_CONNECTIONS = 50


async def attack(target: Target, tally: Tally, writers: int = WRITERS, keys: int = KEYS) -> None:
    """Race from two processes, this one and the server's, for versions, then with keys."""
    anna = await insured(target, contracts=2)
    first, second = (replace(anna, contracts=[one]) for one in anna.contracts)
    await _race_for_versions(target, tally, first, writers)
    await _race_with_keys(target, tally, second, keys)
    bea = await details.resident(target, "leben", "kranken")
    await _race_for_addresses(target, tally, bea, writers)
    await _move_with_keys(target, tally, bea, keys)
    await _count_messages(target, tally)


async def _race_for_versions(target: Target, tally: Tally, anna: Insured, writers: int) -> None:
    viewer = await viewer_of(target, anna)
    for version, iban in ((1, NEW), (2, THIRD)):
        changes = [
            stored_change(target, anna, iban, version=version, key=f"{version}-{number}")
            for number in range(writers)
        ]
        outcomes = await _race_from_both(target, anna, viewer, changes)
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(outcomes.items()))
        is_one = outcomes == {"BankAccountChanged": 1, "Conflict": writers - 1}
        tally.bound(f"{writers} writers of version {version + 1}: {told}", holds=is_one)
    history = await _history_of(target, anna)
    is_whole = history == [(1, OLD), (2, NEW), (3, THIRD)]
    tally.bound(f"the history is whole: {len(history)} accounts on file", holds=is_whole)
    sent = [one["iban"] for one in await payloads(target)]
    tally.bound(f"{len(sent)} events, one for each winner", holds=sent == [NEW, THIRD])


async def _race_with_keys(target: Target, tally: Tally, anna: Insured, keys: int) -> None:
    """Send each change many times at once under its key: what a nervous client does."""
    before = len(await submissions(target))
    viewer = await viewer_of(target, anna)
    wrong: Counter[str] = Counter()
    for version in range(1, keys + 1):
        iban = (NEW, THIRD)[version % 2]
        change = stored_change(target, anna, iban, version=version, key=f"key-{version}")
        outcomes = await _race_from_both(target, anna, viewer, [change] * AT_ONCE_PER_KEY)
        wrong.update(outcomes - Counter({"BankAccountChanged": AT_ONCE_PER_KEY}))
    tally.bound(
        f"{keys} keys, each {AT_ONCE_PER_KEY} times at once: {wrong.total()} not answered alike",
        holds=not wrong,
    )
    events = len(await submissions(target)) - before
    tally.bound(f"{events} events for {keys} keys", holds=events == keys)
    versions = [version for version, _ in await _history_of(target, anna)]
    is_whole = versions == list(range(1, keys + 2))
    tally.bound(f"the history is whole: {len(versions)} accounts on file", holds=is_whole)


async def _race_for_addresses(target: Target, tally: Tally, bea: Resident, writers: int) -> None:
    """Race for both institutions at once: a loser may leave nothing behind at either."""
    viewer = await viewer_of(target, bea)
    for version, address in enumerate((details.NEW, details.THIRD)):
        changes = [
            stored_address(target, bea, address, version=version, key=f"{version}-{number}")
            for number in range(writers)
        ]
        outcomes = await _race_from_both(target, bea, viewer, changes)
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(outcomes.items()))
        is_one = outcomes == {"PersonalDetailsChanged": 1, "Conflict": writers - 1}
        tally.bound(f"{writers} movers to version {version + 1}: {told}", holds=is_one)
    history = [(one.version, one.after) for one in await details.changes(target)]
    expected = [(1, details.NEW_LINE)] * 2 + [(2, details.THIRD_LINE)] * 2
    tally.bound(
        f"the history is whole at both institutions: {len(history)} changes on file",
        holds=history == expected,
    )


async def _move_with_keys(target: Target, tally: Tally, bea: Resident, keys: int) -> None:
    before, first = len(await submissions(target)), len(await details.changes(target)) // 2
    viewer = await viewer_of(target, bea)
    wrong: Counter[str] = Counter()
    for number in range(keys):
        address = (details.NEW, details.THIRD)[number % 2]
        change = stored_address(target, bea, address, version=first + number, key=f"move-{number}")
        outcomes = await _race_from_both(target, bea, viewer, [change] * AT_ONCE_PER_KEY)
        wrong.update(outcomes - Counter({"PersonalDetailsChanged": AT_ONCE_PER_KEY}))
    tally.bound(
        f"{keys} moves, each {AT_ONCE_PER_KEY} times at once: {wrong.total()} not answered alike",
        holds=not wrong,
    )
    events = len(await submissions(target)) - before
    tally.bound(f"{events} events of {keys} moves to two institutions", holds=events == 2 * keys)


async def _count_messages(target: Target, tally: Tally) -> None:
    sent = {one.uid for one in await submissions(target)}
    async with target.transaction() as session:
        is_event = OutboxMessage.topic == OutboxTopic.CORE_EVENT
        waiting = (await session.scalars(select(OutboxMessage.message_id).where(is_event))).all()
    is_equal = len(waiting) == len(sent) and set(waiting) == sent
    tally.bound(f"{len(waiting)} messages for {len(sent)} events of all", holds=is_equal)


async def _history_of(target: Target, who: Insured) -> list[tuple[int, str]]:
    """Return version and IBAN of every account that one contract ever had."""
    ids = {one.id for one in who.contracts}
    rows = await accounts_on_file(target)
    return [(one.version, one.iban) for one in rows if one.contract_id in ids]


async def _race_from_both(
    target: Target, who: Insured | Resident, viewer: Viewer, changes: Sequence[OperationInput]
) -> Counter[str]:
    half = len(changes) // 2
    here, there = await asyncio.gather(
        race(target, viewer, changes[:half]), _race_there(target, who.token, changes[half:])
    )
    return here + there


async def _race_there(
    target: Target, token: str, changes: Sequence[OperationInput]
) -> Counter[str]:
    turn = asyncio.Semaphore(_CONNECTIONS)

    async def ask(change: OperationInput) -> str:
        async with turn:
            answer = await target.client.post(
                f"{PATH}{operation_of(change).name}",
                content=msgspec.json.encode(change),
                headers={"Authorization": f"Bearer {token}"},
            )
        return str(answer.json()["outcome"]) if answer.is_success else f"{answer.status_code}"

    return Counter(await asyncio.gather(*(ask(one) for one in changes)))
