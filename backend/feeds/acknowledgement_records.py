"""What a core system says of a submission, by HTTP or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AcknowledgedOutcome(StrEnum):
    """What became of a submission: taken over, done, or refused."""

    RECEIVED = "RECEIVED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An answer to one submission; `line` counts from 1 in a file."""

    submission: str
    outcome: AcknowledgedOutcome
    reason: str = ""
    line: int = 1
