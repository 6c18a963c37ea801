"""Reads checked fields out of JSON objects and collects what is wrong with each."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backend.feeds.values import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TEXT = 500
MAX_RATE = Decimal(100)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RATE = re.compile(r"-?\d{1,3}(\.\d{1,6})?", re.ASCII)


class FieldReader:
    """One JSON object; every problem is noted with its field and reading goes on.

    After all fields are read, `problems` says whether the values may be used.
    """

    def __init__(self, value: Any, path: str, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        self._path = path
        self._value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.note("", "not a JSON object")

    def note(self, name: str, reason: str) -> None:
        """Note a problem of a field; the reason never repeats its content."""
        self.problems.append((".".join(part for part in (self._path, name) if part), reason))

    def raw(self, name: str) -> Any:
        """Return the value as it stands, None if it is missing."""
        return self._value.get(name)

    def text(self, name: str, *, max_length: int = MAX_TEXT) -> str:
        """Return a text that has to be there."""
        value = self.optional_text(name, max_length=max_length)
        if value is None:
            self.note_once(name, "missing")
        return value or ""

    def note_once(self, name: str, reason: str) -> None:
        """Note a problem unless this field has one already."""
        path = ".".join(part for part in (self._path, name) if part)
        if all(known != path for known, _ in self.problems):
            self.note(name, reason)

    def optional_text(self, name: str, *, max_length: int = MAX_TEXT) -> str | None:
        """Return a text or None."""
        value = self._value.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.note(name, "not a text")
            return None
        cleaned = clean_text(value)
        if cleaned is not None and len(cleaned) > max_length:
            self.note(name, f"longer than {max_length} characters")
            return None
        return cleaned

    def matching(self, name: str, pattern: re.Pattern[str], what: str) -> str:
        """Return a text of a given shape."""
        value = self.text(name)
        if value and not pattern.fullmatch(value):
            self.note(name, f"not {what}")
        return value

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """Return one of the allowed words, None (and a problem) otherwise."""
        value = self.text(name)
        if value in allowed:
            return value
        if value:
            self.note(name, f"not one of {', '.join(allowed)}")
        return None

    def flag(self, name: str) -> bool:
        """Return true or false; anything else is a problem."""
        value = self._value.get(name)
        if not isinstance(value, bool):
            self.note(name, "neither true nor false")
        return value is True

    def day(self, name: str) -> date:
        """Return an ISO date that has to be there."""
        value = self.optional_day(name)
        if value is None:
            self.note_once(name, "missing")
        return value or date.min

    def optional_day(self, name: str) -> date | None:
        """Return an ISO date (YYYY-MM-DD) or None."""
        value = self._value.get(name)
        if value is None:
            return None
        text = value if isinstance(value, str) and _DATE.fullmatch(value) else ""
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.note(name, "not a date YYYY-MM-DD")
            return None

    def instant(self, name: str) -> datetime:
        """Return an ISO date-time with its offset."""
        value = self._value.get(name)
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.note(name, "not a date-time with offset")
            return datetime.min.replace(tzinfo=UTC)
        return found

    def optional_rate(self, name: str) -> Decimal | None:
        """Return a percentage per year, written as a number or as text, between -100 and 100."""
        value = self._value.get(name)
        if value is None:
            return None
        text = value if isinstance(value, str) else str(value)
        if isinstance(value, bool) or not _RATE.fullmatch(text) or abs(Decimal(text)) > MAX_RATE:
            self.note(name, "not a percentage")
            return None
        return Decimal(text)

    def child(self, name: str) -> FieldReader:
        """Return a reader for an object inside."""
        path = ".".join(part for part in (self._path, name) if part)
        return FieldReader(self._value.get(name), path, self.problems)

    def children(self, name: str) -> list[FieldReader]:
        """Return readers for the objects of a list that may not be empty."""
        values = self._value.get(name)
        if not isinstance(values, list) or not values:
            self.note(name, "not a list with at least one object")
            return []
        path = ".".join(part for part in (self._path, name) if part)
        return [
            FieldReader(value, f"{path}[{place}]", self.problems)
            for place, value in enumerate(values)
        ]
