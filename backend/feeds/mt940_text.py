"""Cuts an MT940 file into statements and fields that know their line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.findings import FeedError
from backend.feeds.lines import decode, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_STATEMENT_BYTES = 1 << 24

# Only fields of MT940 and MT942: a line of free text may start with something like ":15:30".
_FIELD = re.compile(
    r":(?P<tag>13D?|20|21|25P?|28C?|34F|60[FM]?|61|62[FM]?|64|65|86|90[CD]?|NS):(?P<text>.*)"
)
_STATEMENT_START = re.compile(rb":20:")
_ENVELOPE = re.compile(r"-?\}|\{\d:")


@dataclass(slots=True)
class TaggedField:
    """One field: its tag without colons, its first line's number, its text with line breaks."""

    tag: str
    line: int
    lines: list[str]

    @property
    def text(self) -> str:
        """The whole text, lines joined as they stand."""
        return "\n".join(self.lines)


@dataclass(slots=True)
class StatementText:
    """The fields of one statement in file order; `starts_right` if it begins with :20:."""

    line: int
    starts_right: bool
    fields: list[TaggedField] = field(default_factory=list)

    def all(self, *tags: str) -> list[TaggedField]:
        """Return the fields with one of the tags."""
        return [known for known in self.fields if known.tag in tags]


def split_statements(stream: BinaryIO) -> Iterator[StatementText]:
    """Yield the statements of a file; each starts at :20:, text before the first is its own block.

    Only one statement is in memory at a time. Encoding is decided per statement.
    """
    block: list[tuple[int, bytes]] = []
    size = 0
    for number, raw in read_lines(stream):
        if _STATEMENT_START.match(raw) and block:
            yield from _as_statement(block)
            block, size = [], 0
        size += len(raw) + 1
        if size > MAX_STATEMENT_BYTES:
            raise FeedError("a statement larger than 16 MiB", line=block[0][0], field=":20:")
        block.append((number, raw))
    if block:
        yield from _as_statement(block)


def _as_statement(block: list[tuple[int, bytes]]) -> Iterator[StatementText]:
    text = decode(b"\n".join(raw for _, raw in block))
    statement: StatementText | None = None
    is_open = False
    pending = ""
    for (number, _), raw_line in zip(block, text.split("\n"), strict=True):
        line = pending + raw_line.rstrip()
        pending = ""
        if line == ":":
            # Some systems break the line inside the tag itself (":" + "86:…").
            pending = ":"
            continue
        found = _FIELD.fullmatch(line)
        if found:
            statement = statement or StatementText(number, starts_right=found["tag"] == "20")
            statement.fields.append(TaggedField(found["tag"], number, [found["text"]]))
            is_open = True
        elif _ENVELOPE.match(line):
            is_open = False
        elif is_open and statement is not None and line.strip() not in {"", "-"}:
            statement.fields[-1].lines.append(line)
    if statement is not None:
        yield statement
