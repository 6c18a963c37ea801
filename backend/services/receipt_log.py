"""The append-only log of receipts: a Merkle tree whose every proof reads O(log n) rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text

from backend.merkle import (
    HASH_BYTES,
    complete_subtrees,
    consistency_parts,
    hash_node,
    inclusion_parts,
    join_subtrees,
)
from backend.models.receipts import ReceiptEntry
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.merkle import Subtree

_LOCK = 0x72656365697074  # "receipt"

_LAST = select(ReceiptEntry.position).order_by(ReceiptEntry.position.desc()).limit(1)
_HASHES = select(ReceiptEntry.position, ReceiptEntry.leaf_hash, ReceiptEntry.subtree_hashes).where(
    ReceiptEntry.position.in_(bindparam("positions", expanding=True))
)


class Appended(Value):
    """Where a leaf stands, and the root of the tree with it as the last."""

    position: int
    root_hash: bytes


async def append_leaf(session: AsyncSession, leaf_hash: bytes, *, issued_at: datetime) -> Appended:
    """Add a leaf in the transaction of what it is about, so that neither is without the other.

    Positions follow each other without a gap: writers wait for each other from here to the end of
    their transaction, so this is its last step.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    size = await count_leaves(session)
    subtrees = complete_subtrees(range(size))
    hashes = await _load_hashes(session, subtrees)
    peaks = [hashes[subtree] for subtree in subtrees]
    completed = [leaf_hash]
    while size >> (len(completed) - 1) & 1:
        completed.append(hash_node(peaks.pop(), completed[-1]))
    session.add(
        ReceiptEntry(
            position=size,
            leaf_hash=leaf_hash,
            subtree_hashes=b"".join(completed[1:]),
            issued_at=issued_at,
        )
    )
    await session.flush()
    return Appended(size, join_subtrees([*peaks, completed[-1]]))


async def count_leaves(session: AsyncSession) -> int:
    """Return the size of the log."""
    last = await session.scalar(_LAST)
    return 0 if last is None else last + 1


async def find_root(session: AsyncSession, size: int) -> bytes:
    """Return the root of the log as it stood with `size` leaves."""
    return (await _join(session, [range(size)]))[0]


async def prove_inclusion(session: AsyncSession, *, position: int, size: int) -> list[bytes]:
    """Return the proof that a leaf is in the log of `size` leaves (RFC 9162, 2.1.3.1)."""
    return await _join(session, inclusion_parts(position, size))


async def prove_consistency(session: AsyncSession, *, old: int, new: int) -> list[bytes]:
    """Return the proof that the log only grew between two sizes (RFC 9162, 2.1.4.1)."""
    return await _join(session, consistency_parts(old, new))


async def _join(session: AsyncSession, parts: Sequence[range]) -> list[bytes]:
    """Return the hash over each part, all of them by one query."""
    cut = [complete_subtrees(part) for part in parts]
    hashes = await _load_hashes(session, (subtree for subtrees in cut for subtree in subtrees))
    return [join_subtrees([hashes[subtree] for subtree in subtrees]) for subtrees in cut]


async def _load_hashes(session: AsyncSession, subtrees: Iterable[Subtree]) -> dict[Subtree, bytes]:
    wanted = list(subtrees)
    if not wanted:
        return {}
    positions = sorted({subtree.last_leaf for subtree in wanted})
    rows = await session.execute(_HASHES, {"positions": positions})
    stored = {position: leaf + above for position, leaf, above in rows}
    return {
        subtree: stored[subtree.last_leaf][subtree.level * HASH_BYTES :][:HASH_BYTES]
        for subtree in wanted
    }
