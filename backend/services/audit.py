"""Writing and verifying the audit log, a chain of hashes from its first entry to its last."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from backend.models.audit import AuditEntry
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock

# What the first entry follows.
BEGINNING = "0" * 64
_LOCK = 0x6175646974  # "audit"


class Verified(Value):
    """What verifying found: how many entries hang together, the last hash, and what does not.

    `fault` says what is wrong at entry `intact + 1`; None if everything hangs together.
    """

    intact: int
    head: str
    fault: str | None


async def append_audit(  # an entry has these parts
    session: AsyncSession,
    *,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    clock: Clock,
) -> AuditEntry:
    """Add an entry in the transaction of what it is about, so that neither is without the other.

    `actor` is who did it (`operator:NAME`, `worker`), `action` what (`feed.imported`), `subject`
    on what. Writers wait for each other from here to the end of their transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = (
        await session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1))
    ).one_or_none()
    entry = AuditEntry(
        sequence=1 if last is None else last.sequence + 1,
        occurred_at=clock.now(),
        actor=actor,
        action=action,
        subject=subject,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        previous_hash=BEGINNING if last is None else last.hash,
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    await session.flush()
    return entry


async def verify_audit(session: AsyncSession, *, known_head: str | None = None) -> Verified:
    """Follow the chain from its beginning and tell where it breaks, in constant memory.

    The chain alone can't tell whether its newest entries were cut off: hand in a hash that was
    noted earlier as `known_head`, and it must be among them.
    """
    expected, intact = BEGINNING, 0
    has_known_head = known_head in {None, BEGINNING}
    entries = await session.stream_scalars(
        select(AuditEntry).order_by(AuditEntry.sequence).execution_options(yield_per=1000)
    )
    try:
        async for entry in entries:
            fault = _fault_of(entry, sequence=intact + 1, previous_hash=expected)
            if fault is not None:
                return Verified(intact, expected, fault)
            expected, intact = entry.hash, intact + 1
            has_known_head = has_known_head or entry.hash == known_head
    finally:
        await entries.close()
    if not has_known_head:
        return Verified(intact, expected, "the known head is missing: entries were cut off")
    return Verified(intact, expected, None)


def hash_of(entry: AuditEntry) -> str:
    """Return the SHA-256 that an entry must carry."""
    parts = [
        entry.sequence,
        entry.occurred_at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _fault_of(entry: AuditEntry, *, sequence: int, previous_hash: str) -> str | None:
    if entry.sequence != sequence:
        return f"entry {sequence} is missing"
    if entry.previous_hash != previous_hash:
        return f"entry {sequence} does not follow the one before"
    if entry.hash != hash_of(entry):
        return f"entry {sequence} was changed"
    return None
