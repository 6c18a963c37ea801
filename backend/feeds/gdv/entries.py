"""How the record types of a line of business fill its details: which part goes where."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec import field

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend.feeds.gdv.details import Details
    from backend.feeds.gdv.layout import Layout


class Entry(Value):
    """One part of a record type.

    Without ``slot`` its values belong to the details themselves, else to an item of that list.
    ``opens``: starts a new item; otherwise it completes the latest item with equal ``key``.
    ``constants`` are values the record implies; ``marks`` the characters (byte: text) that
    identify the part when it is written.
    """

    layout: Layout
    marks: Mapping[int, str]
    slot: str = ""
    item: Callable[..., object] | None = None
    key: tuple[str, ...] = ()
    opens: bool = True
    constants: Mapping[str, object] = field(default_factory=dict)

    @property
    def key_names(self) -> frozenset[str]:
        """The key as a set: a record that gives no more than its key gives nothing."""
        return _as_set(self.key)


class RecordType(Value):
    """One Satzart of one Sparte: how its part is told, and the entries of each part."""

    part: Callable[[str], str]
    parts: Mapping[str, tuple[Entry, ...]]


class LineOfBusiness(Value):
    """All record types of a line of business, by Satzart and Sparte (``0220051``)."""

    details: Callable[..., Details]
    record_types: Mapping[str, RecordType]


_as_set = lru_cache(64)(frozenset[str])


def at(byte: int) -> Callable[[str], str]:
    """The part is the Satznummer in this byte, counted from 1."""
    return itemgetter(byte - 1)


def always(part: str) -> Callable[[str], str]:
    """The record type has one part and no Satznummer."""
    return lambda _text: part
