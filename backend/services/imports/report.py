"""What an import says about a file: counts and findings, in memory and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from backend.feeds.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_FINDINGS = 10_000
# The format of an archive of files in several.
ARCHIVE = "zip"


@dataclass(slots=True)
class FileReport:
    """The outcome of one file; records are contracts, entries, accounts or documents.

    Every record counts as accepted (written), duplicate (known already) or rejected. A file of a
    million odd records reports the first 10,000 findings and how many more there are.
    """

    path: str
    format: str | None = None
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    # Statements without any entry are something, too.
    statements: int = 0
    _findings: list[Finding] = field(default_factory=list)
    _unlisted: int = 0
    _last_rejected: tuple[int | None, str | None] | None = None

    @property
    def records(self) -> int:
        """How many records were met."""
        return self.accepted + self.rejected + self.duplicates

    @property
    def is_usable(self) -> bool:
        """Whether the file gave anything, be it known already."""
        return self.accepted + self.duplicates + self.statements > 0

    @property
    def findings(self) -> Sequence[Finding]:
        """All findings that are listed, in the order of the file."""
        if not self._unlisted:
            return self._findings
        reason = f"{self._unlisted} more findings are not listed"
        return [*self._findings, Finding(None, None, None, reason)]

    @property
    def first_problem(self) -> str:
        """The first finding in one line: where and why; "" if there is none."""
        if not self._findings:
            return ""
        rejecting = (finding for finding in self._findings if finding.rejects)
        return describe(next(rejecting, self._findings[0]))

    def note(self, finding: Finding) -> None:
        """List a finding."""
        if len(self._findings) >= MAX_FINDINGS:
            self._unlisted += 1
            return
        self._findings.append(finding)

    def note_in_feed(self, finding: Finding) -> None:
        """List a finding of a reader; one that rejects stands for a record that was lost."""
        self.note(finding)
        # A record with three wrong fields has three findings and is still one record.
        place = (finding.line, finding.record)
        if finding.rejects and place != self._last_rejected:
            self.rejected += 1
            self._last_rejected = place

    def take_over(self, name: str, part: FileReport) -> None:
        """Add what happened to a file of this archive; findings name it."""
        self.accepted += part.accepted
        self.rejected += part.rejected
        self.duplicates += part.duplicates
        self.statements += part.statements
        if part.format is not None:
            self.format = part.format if self.format in {None, part.format} else ARCHIVE
        for finding in part.findings:
            record = f"{name}, {finding.record}" if finding.record else name
            self.note(replace(finding, record=record))

    def as_json(self) -> dict[str, Any]:
        """Return the report as the command writes it."""
        return {
            "path": self.path,
            "format": self.format,
            "records": self.records,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "findings": [
                {
                    "line": finding.line,
                    "record": finding.record,
                    "field": finding.field,
                    "reason": finding.reason,
                }
                for finding in self.findings
            ],
        }


def describe(finding: Finding) -> str:
    """Return a finding in one line."""
    places = (
        f"line {finding.line}" if finding.line else "",
        finding.record or "",
        finding.field or "",
    )
    where = ", ".join(place for place in places if place)
    return f"{where}: {finding.reason}" if where else finding.reason
