"""Working days: where the end of a period moves to (§ 193 BGB, § 26 SGB X)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from backend.lazy import lazy_module

if TYPE_CHECKING:
    import holidays
else:
    holidays = lazy_module("holidays")

# ISO 3166-2:DE, without "DE-".
STATES = (
    "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
)  # fmt: skip
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def next_working_day(day: date, state: str) -> date:
    """Return the day itself, or the first after it that is no Saturday, Sunday or public holiday.

    Raises:
        ValueError: there is no such Bundesland.
    """
    if state not in STATES:
        raise ValueError(f"no Bundesland: {state!r}")
    while day.weekday() >= _SATURDAY or day in _holidays_in(state, day.year):
        day += _ONE_DAY
    return day


@lru_cache(maxsize=64)
def _holidays_in(state: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=state, years=year))
