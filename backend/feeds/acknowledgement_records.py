"""What a core system says of a submission, by HTTP or in a file."""

from __future__ import annotations

from enum import StrEnum

from backend.values import Value


class AcknowledgedOutcome(StrEnum):
    """What became of a submission: taken over, done, or refused."""

    RECEIVED = "RECEIVED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


class Acknowledgement(Value):
    """An answer to one submission; `line` counts from 1 in a file."""

    submission: str
    outcome: AcknowledgedOutcome
    reason: str = ""
    line: int = 1
