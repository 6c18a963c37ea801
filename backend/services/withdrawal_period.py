"""Until when a customer may withdraw from the user agreement (F5; §§ 187, 188, 193, 355 BGB)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from backend.clock import BERLIN
from backend.services.working_days import STATES, next_working_day

_DAYS = timedelta(days=14)
_ONE_DAY = timedelta(days=1)


def last_day_to_withdraw(concluded_on: date, state: str | None = None) -> date:
    """Return the last civil day in Berlin on which a withdrawal is in time.

    The day of conclusion does not count; day 14 is the last, or the next working day if that is a
    Saturday, Sunday or public holiday in the customer's Bundesland (ISO 3166-2:DE, without "DE-").
    Without a Bundesland the latest day of all of them holds.

    Raises:
        ValueError: there is no such Bundesland.
    """
    return max(
        next_working_day(concluded_on + _DAYS, one)
        for one in ([state] if state is not None else STATES)
    )


def withdrawal_ends_at(concluded_on: date, state: str | None = None) -> datetime:
    """Return the instant from which a withdrawal is late: midnight in Berlin after the last day."""
    return datetime.combine(
        last_day_to_withdraw(concluded_on, state) + _ONE_DAY, time(), tzinfo=BERLIN
    )
