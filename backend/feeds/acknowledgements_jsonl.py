"""Answers of core systems to submissions, one JSON object per line.

{"submission": "5f1c…",                       the event's `id`
"outcome": "RECEIVED" | "CONFIRMED" | "REFUSED",
"reason": "Die IBAN ist unbekannt." | null}  with REFUSED: what the customer reads
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from backend.feeds.acknowledgement_records import AcknowledgedOutcome, Acknowledgement
from backend.feeds.json_fields import FieldReader
from backend.feeds.json_lines import read_json_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.feeds.findings import Finding

LONGEST_REASON = 500
_UID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def read_acknowledgements(stream: BinaryIO) -> Iterator[Acknowledgement | Finding]:
    """Yield the answers; a line with any wrong field becomes one Finding per field instead.

    FeedError if lines are there and not one is usable.
    """
    yield from read_json_lines(stream, read_acknowledgement, called="acknowledgement")


def read_acknowledgement(
    value: Any, problems: list[tuple[str, str]], line: int = 1
) -> Acknowledgement:
    """Return the answer of a JSON value; it is good only if no problem was added."""
    fields = FieldReader(value, "", problems)
    outcome = fields.choice("outcome", [member.value for member in AcknowledgedOutcome])
    answer = Acknowledgement(
        submission=fields.matching("submission", _UID, "the id of an event"),
        outcome=AcknowledgedOutcome(outcome or AcknowledgedOutcome.RECEIVED),
        reason=fields.optional_text("reason", max_length=LONGEST_REASON) or "",
        line=line,
    )
    if outcome == AcknowledgedOutcome.REFUSED and not answer.reason:
        fields.note_once("reason", "missing: the customer reads why")
    return answer
