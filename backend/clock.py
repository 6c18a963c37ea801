"""The one clock of the portal; everything that asks for the time gets it handed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path

BERLIN = ZoneInfo("Europe/Berlin")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant."""
        return datetime.now(UTC)


class TravellingClock:
    """A running clock that can be set: for the sandbox and for tests.

    With a `path` the offset is kept in that file, so that server, worker and command line agree.
    """

    def __init__(self, start: datetime | None = None, path: Path | None = None) -> None:
        self._path = path
        self._offset = timedelta()
        if path is not None and path.exists():
            self._offset = timedelta(seconds=float(path.read_text(encoding="ascii")))
        elif start is not None:
            self.travel_to(start)

    def now(self) -> datetime:
        """Return the travelled instant."""
        if self._path is not None and self._path.exists():
            self._offset = timedelta(seconds=float(self._path.read_text(encoding="ascii")))
        return datetime.now(UTC) + self._offset

    def travel_to(self, instant: datetime) -> None:
        """Set the clock; it runs on from there."""
        self._offset = instant - datetime.now(UTC)
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".new")
            temporary.write_text(str(self._offset.total_seconds()), encoding="ascii")
            temporary.replace(self._path)


class StoppedClock:
    """A clock for tests that stands still until it is set."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self.instant.astimezone(UTC)

    def travel_to(self, instant: datetime) -> None:
        """Set the clock."""
        self.instant = instant


def berlin_today(clock: Clock) -> date:
    """Return today's civil date in Germany: all civil dates are Europe/Berlin."""
    return clock.now().astimezone(BERLIN).date()
