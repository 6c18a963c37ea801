"""The withdrawal period, with the vectors of the domain rules (F5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.services.withdrawal_period import last_day_to_withdraw, withdrawal_ends_at
from backend.services.working_days import STATES


@pytest.mark.parametrize(
    ("concluded_on", "last_day"),
    [
        (date(2026, 11, 2), date(2026, 11, 16)),
        (date(2026, 11, 21), date(2026, 12, 7)),
        (date(2026, 12, 11), date(2026, 12, 28)),
        (date(2026, 12, 18), date(2027, 1, 4)),
        (date(2027, 3, 12), date(2027, 3, 30)),
    ],
)
def test_F5_day_fourteen_moves_past_weekends_and_holidays(
    concluded_on: date, last_day: date
) -> None:
    assert last_day_to_withdraw(concluded_on, "NW") == last_day
    assert last_day_to_withdraw(concluded_on) == last_day


@pytest.mark.parametrize(
    ("state", "last_day"),
    [
        ("BW", date(2026, 6, 5)),
        ("BY", date(2026, 6, 5)),
        ("HH", date(2026, 6, 4)),
        # Where the customer lives is unknown: the latest end of all holds.
        (None, date(2026, 6, 5)),
    ],
)
def test_F5_holidays_are_those_of_the_bundesland(state: str | None, last_day: date) -> None:
    assert last_day_to_withdraw(date(2026, 5, 21), state) == last_day


def test_F5_the_period_ends_with_the_day_in_berlin() -> None:
    assert withdrawal_ends_at(date(2026, 12, 11), "HE") == datetime(2026, 12, 28, 23, tzinfo=UTC)
    assert withdrawal_ends_at(date(2026, 7, 1), "HE") == datetime(2026, 7, 15, 22, tzinfo=UTC)


def test_F5_an_unknown_bundesland_is_refused() -> None:
    with pytest.raises(ValueError, match="no Bundesland: 'XX'"):
        last_day_to_withdraw(date(2026, 11, 2), "XX")


@given(st.dates(date(2025, 1, 1), date(2040, 12, 31)), st.sampled_from(STATES))
def test_F5_nobody_has_less_than_fourteen_days_or_ends_on_a_weekend(day: date, state: str) -> None:
    last = last_day_to_withdraw(day, state)
    assert day + timedelta(days=14) <= last <= day + timedelta(days=19)
    assert last.weekday() < 5
    assert last <= last_day_to_withdraw(day)
