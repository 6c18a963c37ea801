"""What was odd about a bank's file, in kinds that its customer can be told about (F9)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from backend.values import Value

if TYPE_CHECKING:
    from backend.feeds.findings import Finding


class FindingKind(enum.Enum):
    """What was odd; `texts` has a sentence for each."""

    ENTRY_LEFT_OUT = "entry_left_out"
    STATEMENT_LEFT_OUT = "statement_left_out"
    NOT_BOOKED = "not_booked"
    DOES_NOT_ADD_UP = "does_not_add_up"
    BALANCE_MISSING = "balance_missing"
    REPEATED = "repeated"
    STATEMENT_MISSING = "statement_missing"
    DOUBTFUL = "doubtful"


class StatementFinding(Value):
    """One odd thing in a file; `line` counts from 1, None where the format has none."""

    line: int | None
    kind: FindingKind


def told_finding(finding: Finding) -> StatementFinding:
    """Return what a customer hears of a reader's finding; the reader's words are for operators."""
    return StatementFinding(finding.line, _kind_of(finding))


def _kind_of(finding: Finding) -> FindingKind:
    if finding.rejects:
        if finding.field == "Ntry/Sts":
            return FindingKind.NOT_BOOKED
        is_entry = any(word in (finding.record or "") for word in ("entry", "row"))
        return FindingKind.ENTRY_LEFT_OUT if is_entry else FindingKind.STATEMENT_LEFT_OUT
    match finding.field:
        case "balance":
            is_missing = finding.reason.startswith("no ")
            return FindingKind.BALANCE_MISSING if is_missing else FindingKind.DOES_NOT_ADD_UP
        case "reference" | "statement id":
            return FindingKind.REPEATED
        case "number":
            return FindingKind.STATEMENT_MISSING
    return FindingKind.DOUBTFUL
