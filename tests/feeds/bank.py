"""What the tests of the bank feeds share: summaries of what a reader handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.bank_records import BankEvent, Entry, Statement, StatementEnd
from backend.feeds.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

Reader = Callable[[BinaryIO], Iterator[BankEvent]]


@dataclass(frozen=True)
class Expected:
    """What a file has to give: per statement its entries, how many are pending, reconciles."""

    entries: tuple[int, ...]
    reconciles: tuple[bool | None, ...]
    findings: int = 0
    pending: int = 0


def read_file(reader: Reader, path: Path) -> list[BankEvent]:
    with path.open("rb") as stream:
        return list(reader(stream))


def summary(events: list[BankEvent]) -> Expected:
    ends = [event for event in events if isinstance(event, StatementEnd)]
    entries = entries_of(events)
    assert len(statements_of(events)) == len(ends)
    assert sum(end.entry_count for end in ends) == len(entries)
    assert sum(end.pending_count for end in ends) == sum(entry.is_pending for entry in entries)
    assert len({entry.key for entry in entries}) == len(entries)
    return Expected(
        entries=tuple(end.entry_count for end in ends),
        reconciles=tuple(end.reconciles for end in ends),
        findings=len(findings_of(events)),
        pending=sum(entry.is_pending for entry in entries),
    )


def entries_of(events: list[BankEvent]) -> list[Entry]:
    return [event for event in events if isinstance(event, Entry)]


def statements_of(events: list[BankEvent]) -> list[Statement]:
    return [event for event in events if isinstance(event, Statement)]


def findings_of(events: list[BankEvent]) -> list[Finding]:
    return [event for event in events if isinstance(event, Finding)]


def keys_of(events: list[BankEvent]) -> list[str]:
    return [entry.key for entry in entries_of(events)]
