"""Merkle trees of RFC 9162 (and RFC 6962): hashes, which of them a proof needs, and its check."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Subtree(NamedTuple):
    """The complete subtree over the leaves `number << level` up to `(number + 1) << level`."""

    level: int
    number: int

    @property
    def last_leaf(self) -> int:
        """The leaf with which it became complete."""
        return ((self.number + 1) << self.level) - 1


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees; no leaf can look like one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_subtrees(leaves: range) -> list[Subtree]:
    """Cut leaves into complete subtrees, the largest first.

    `leaves` is a whole tree, or a part that a proof names: it begins where its size allows.
    """
    parts, begin = [], leaves.start
    while begin < leaves.stop:
        level = (leaves.stop - begin).bit_length() - 1
        parts.append(Subtree(level, begin >> level))
        begin += 1 << level
    return parts


def join_subtrees(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over neighbouring complete subtrees, the largest first."""
    if not hashes:
        return EMPTY_ROOT
    joined = hashes[-1]
    for larger in reversed(hashes[:-1]):
        joined = hash_node(larger, joined)
    return joined


def inclusion_parts(position: int, size: int) -> list[range]:
    """Name the leaves under each hash of an inclusion proof (2.1.3.1), from the leaf upwards."""
    if not 0 <= position < size:
        raise ValueError(f"there is no leaf {position} in a tree of {size}")
    begin, end, parts = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if position < middle:
            parts.append(range(middle, end))
            end = middle
        else:
            parts.append(range(begin, middle))
            begin = middle
    return parts[::-1]


def consistency_parts(old: int, new: int) -> list[range]:
    """Name the leaves under each hash of a consistency proof (2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} does not grow to {new}")
    begin, end, parts = 0, new, []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            parts.append(range(middle, end))
            end = middle
        else:
            parts.append(range(begin, middle))
            begin = middle
    # The old root itself is known to whoever checks.
    if begin > 0:
        parts.append(range(begin, end))
    return parts[::-1]


def verify_inclusion(
    leaf: bytes, *, position: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether the leaf's hash stands at `position` of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, joined = position, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            joined = hash_node(part, joined)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            joined = hash_node(joined, part)
        place, last = place >> 1, last >> 1
    return last == 0 and joined == root


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the new tree begins with all leaves of the old one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    parts = iter([old_root, *proof] if old & (old - 1) == 0 else proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = next(parts, None)
    return first is not None and _grows(place, last, first, parts, (old_root, new_root))


def _grows(
    place: int, last: int, first: bytes, parts: Iterator[bytes], roots: tuple[bytes, bytes]
) -> bool:
    was = now = first
    for part in parts:
        if last == 0:
            return False
        if place & 1 or place == last:
            was, now = hash_node(part, was), hash_node(part, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = hash_node(now, part)
        place, last = place >> 1, last >> 1
    return last == 0 and (was, now) == roots


def _split(size: int) -> int:
    """Return the largest power of two below `size`: the leaves of the left subtree."""
    return 1 << ((size - 1).bit_length() - 1)
