"""The audit log: added to only, and any change made past the database shows."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from backend import database
from backend.models.audit import AuditEntry
from backend.services.audit import BEGINNING, append_audit, hash_of, verify_audit

if TYPE_CHECKING:
    from backend.services.audit import Verified
    from tests.portal import Portal

_EDITS = 1_000
_TRIGGERS_OFF = {
    "sqlite": ("DROP TRIGGER audit_entry_keeps_UPDATE", "DROP TRIGGER audit_entry_keeps_DELETE"),
    "postgresql": ("DROP TRIGGER audit_entry_keeps ON audit_entry",),
}


async def _append(portal: Portal, count: int) -> None:
    for number in range(count):
        portal.clock.travel_to(portal.clock.now() + timedelta(seconds=1))
        async with portal.transaction() as session:
            await append_audit(
                session,
                actor="operator:erika",
                action="feed.imported",
                subject=f"bestand-{number}.gdv",
                detail={"accepted": number, "reason": "Nachlieferung äöü"},
                clock=portal.clock,
            )


async def _verify(portal: Portal, known_head: str | None = None) -> Verified:
    async with database.reading(portal.house.sessions) as session:
        return await verify_audit(session, known_head=known_head)


async def _without_triggers(portal: Portal) -> None:
    async with portal.transaction() as session:
        for statement in _TRIGGERS_OFF[session.get_bind().dialect.name]:
            await session.execute(text(statement))


async def test_an_empty_log_is_intact(portal: Portal) -> None:
    found = await _verify(portal)
    assert (found.intact, found.head, found.fault) == (0, BEGINNING, None)


async def test_entries_follow_each_other(portal: Portal) -> None:
    await _append(portal, 3)
    async with database.reading(portal.house.sessions) as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))).all()
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.previous_hash for entry in entries] == [
        BEGINNING, entries[0].hash, entries[1].hash,
    ]  # fmt: skip
    found = await _verify(portal)
    assert (found.intact, found.head, found.fault) == (3, entries[2].hash, None)


async def test_an_entry_is_undone_with_what_it_is_about(portal: Portal) -> None:
    async def fail() -> None:
        async with portal.transaction() as session:
            await append_audit(
                session, actor="worker", action="x", subject="y", detail={}, clock=portal.clock
            )
            raise RuntimeError("what it is about went wrong")

    with pytest.raises(RuntimeError):
        await fail()
    assert (await _verify(portal)).intact == 0


async def test_many_writers_at_once_make_one_chain(portal: Portal) -> None:
    await asyncio.gather(*(_append(portal, 2) for _ in range(10)))
    found = await _verify(portal)
    assert (found.intact, found.fault) == (20, None)


@pytest.mark.parametrize("change", [update(AuditEntry).values(actor="nobody"), delete(AuditEntry)])
async def test_the_database_refuses_to_change_an_entry(portal: Portal, change: object) -> None:
    await _append(portal, 1)

    async def attempt() -> None:
        async with portal.transaction() as session:
            await session.execute(change)  # type: ignore[call-overload]

    with pytest.raises(DBAPIError, match="the audit log is only added to"):
        await attempt()
    assert (await _verify(portal)).fault is None


async def test_an_entry_removed_past_the_database_shows(portal: Portal) -> None:
    await _append(portal, 3)
    await _without_triggers(portal)
    async with portal.transaction() as session:
        await session.execute(delete(AuditEntry).where(AuditEntry.sequence == 2))
    found = await _verify(portal)
    assert (found.intact, found.fault) == (1, "entry 2 is missing")


async def test_a_forged_entry_with_a_right_hash_breaks_the_chain_behind_it(portal: Portal) -> None:
    await _append(portal, 3)
    await _without_triggers(portal)
    async with portal.transaction() as session:
        entry = await session.get_one(AuditEntry, 2)
        entry.actor = "operator:mallory"
        entry.hash = hash_of(entry)
    found = await _verify(portal)
    assert (found.intact, found.fault) == (2, "entry 3 does not follow the one before")


async def test_entries_cut_off_show_against_a_head_noted_earlier(portal: Portal) -> None:
    await _append(portal, 3)
    head = (await _verify(portal)).head
    await _without_triggers(portal)
    async with portal.transaction() as session:
        await session.execute(delete(AuditEntry).where(AuditEntry.sequence == 3))
    assert (await _verify(portal)).fault is None
    found = await _verify(portal, known_head=head)
    assert found.fault == "the known head is missing: entries were cut off"


async def test_a_thousand_random_edits_are_all_found(portal: Portal) -> None:
    await _append(portal, 5)
    chance = random.Random(20261122)  # noqa: S311  # which edits, not a secret
    async with database.reading(portal.house.sessions) as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))).all()
    missed = []
    for _ in range(_EDITS):
        entry = chance.choice(entries)
        column = chance.choice(["actor", "action", "subject", "detail", "previous_hash"])
        kept = getattr(entry, column)
        place = chance.randrange(len(kept))
        other = chance.choice([c for c in "0123456789abcdefä" if c != kept[place]])
        setattr(entry, column, kept[:place] + other + kept[place + 1 :])
        if hash_of(entry) == entry.hash:
            missed.append((entry.sequence, column, place))
        setattr(entry, column, kept)
    assert missed == []
    assert [hash_of(entry) for entry in entries] == [entry.hash for entry in entries]
