"""Keyset paging: opaque cursors over a sort key, never an offset."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from backend.errors import InvalidCursorError
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_PAGE = 20
LARGEST_PAGE = 100
LARGEST_ROW = 2**63 - 1

T = TypeVar("T")


class Edge(Value, Generic[T]):
    """A row and its place in the list."""

    node: T
    key: Callable[[T], tuple[Any, ...]]

    @property
    def cursor(self) -> str:
        """The opaque place; worked out only when somebody asks."""
        return encode_cursor(self.key(self.node))


class PageInfo(Value):
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None


class Page(Value, Generic[T]):
    """One page of a list, in the shape of a GraphQL connection."""

    nodes: Sequence[T]
    has_next_page: bool
    total_count: int
    key: Callable[[T], tuple[Any, ...]]
    has_more_than_counted: bool = False

    @property
    def edges(self) -> list[Edge[T]]:
        """The rows with their cursors."""
        return [Edge(node, self.key) for node in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        """Where the page ends; the cursor of its last row leads on."""
        end = encode_cursor(self.key(self.nodes[-1])) if self.nodes else None
        return PageInfo(self.has_next_page, end)


def page_of(
    rows: Sequence[T],
    *,
    first: int,
    total_count: int,
    key: Callable[[T], tuple[Any, ...]],
    has_more_than_counted: bool = False,
) -> Page[T]:
    """Cut a page out of up to `first + 1` rows that a query brought in order."""
    return Page(rows[:first], len(rows) > first, total_count, key, has_more_than_counted)


def clamp(first: int) -> int:
    """Keep a page between 1 and 100 rows."""
    return max(1, min(first, LARGEST_PAGE))


def encode_cursor(key: tuple[Any, ...]) -> str:
    """Turn a sort key of numbers, texts, dates and times into an opaque cursor."""
    parts = [
        {"t": part.isoformat()}
        if isinstance(part, datetime)
        else {"d": part.isoformat()}
        if isinstance(part, date)
        else part
        for part in key
    ]
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode()


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """Turn a cursor back into its sort key, checked part by part.

    Raises:
        InvalidCursorError: it was not made here, or for another list.
    """
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        key = tuple(_decode_part(part) for part in parts)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise InvalidCursorError(cursor) from error
    if len(key) != len(kinds) or any(
        type(part) is not kind for part, kind in zip(key, kinds, strict=True)
    ):
        raise InvalidCursorError(cursor)
    return key


def _decode_part(part: Any) -> Any:
    match part:
        case {"t": str(text)}:
            instant = datetime.fromisoformat(text)
            if instant.tzinfo is None:
                raise ValueError("an instant without a time zone")
            return instant.astimezone(UTC)
        case {"d": str(text)}:
            return date.fromisoformat(text)
        case int() if not -LARGEST_ROW <= part <= LARGEST_ROW:
            raise ValueError("larger than any row")
        case str() | int():
            return part
        case _:
            raise ValueError("not a cursor part")
