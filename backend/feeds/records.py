"""Values the feeds share: salutations, and dates of which only a part is known."""

from __future__ import annotations

import calendar
from datetime import date
from enum import Enum

from backend.values import Value


class Salutation(Enum):
    """GDV Anredeschlüssel, which also tells natural persons from others."""

    NONE = 0
    MR = 1
    MS = 2
    COMPANY = 3
    COUPLE = 4
    OTHER_PERSON = 5
    ASSOCIATION = 6


class PartialDate(Value):
    """A civil date of which day, or day and month, or the year may be unknown.

    Core systems know some birth dates only as "1933" or "1958-12". A day needs its month.
    Raises ``ValueError`` for a date no calendar has.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.year is not None and not date.min.year <= self.year <= date.max.year:
            raise ValueError("year out of range")
        if self.month is not None and not 1 <= self.month <= len(calendar.month_name) - 1:
            raise ValueError("month out of range")
        if self.day is not None and not 1 <= self.day <= self._days_in_month():
            raise ValueError("day out of range")

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """A date that is fully known."""
        return cls(day.year, day.month, day.day)

    @property
    def is_exact(self) -> bool:
        """Whether year, month and day are known."""
        return None not in {self.year, self.month, self.day}

    def earliest(self) -> date | None:
        """The first day it can mean; None without a year."""
        return None if self.year is None else date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date | None:
        """The last day it can mean; None without a year."""
        if self.year is None:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def _days_in_month(self) -> int:
        if self.month is None:
            raise ValueError("a day needs a month")
        # Without a year 29 February is possible; 2000 was a leap year.
        return calendar.monthrange(self.year or 2000, self.month)[1]

    def __str__(self) -> str:
        parts = (f"{self.year:04}" if self.year is not None else "--", self.month, self.day)
        return "-".join(part if isinstance(part, str) else f"{part:02}" for part in parts if part)
