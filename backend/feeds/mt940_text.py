"""Cuts an MT940 file into statements and fields that know their line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.findings import FeedError
from backend.feeds.lines import UTF8_BOM, decode, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_STATEMENT_BYTES = 1 << 24

# Only fields of MT940 and MT942: a line of free text may start with something like ":15:30".
# A letter tells a foreign field, such as ":65F:", from a time.
_TAGS = r"13D?|20|21|25P?|28C?|34F|60[FM]?|61|62[FM]?|64|65|86|90[CD]?|NS|[0-9]{2}[A-Z]"
_FIELD = re.compile(rf":(?P<tag>{_TAGS}):(?P<text>.*)")
_TAG = re.compile(rf":({_TAGS}):".encode())
_HEAD_TAGS = frozenset({b"13", b"13D", b"20", b"21", b"25", b"25P", b"28", b"28C"})
_CLOSING_TAGS = frozenset({b"62", b"62F", b"62M", b"64", b"65", b"90", b"90C", b"90D"})
_ENVELOPE = re.compile(rb"-?\}|\{\d:")
_END = b"-}"
# How FinTS ends a line; within a text it is kept, so that it has to show before a tag.
_FINTS_LINE_END = b"@@"
_FINTS = re.compile(rb"@@:(" + _TAGS.encode() + rb"):")
# A time whose line was broken before its minutes ("2026-11-20T16" + ":20:37").
_HOUR = re.compile(rb"(?<![0-9])[0-2][0-9]$")
_MINUTES = re.compile(rb":(?:20|21|25|28):[0-5][0-9](?![0-9])")
# Transmission controls around a message, and the end-of-file character of DOS.
_CONTROLS = b"\x00\x01\x02\x03\x04\x1a"


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
    """The fields of one statement in file order; `line` is that of the first."""

    line: int
    fields: list[TaggedField] = field(default_factory=list)

    def all(self, *tags: str) -> list[TaggedField]:
        """Return the fields with one of the tags."""
        return [known for known in self.fields if known.tag in tags]


def split_statements(stream: BinaryIO) -> Iterator[StatementText]:
    """Yield the statements of a file, told apart by :20: or where the one before has ended.

    SWIFT blocks around a message count as its end. Only one statement is in memory at a time.
    Encoding is decided per statement.
    """
    block: list[tuple[int, bytes]] = []
    size = 0
    boundary = _Boundary()
    for number, raw in _with_whole_times(_unwrapped(stream)):
        if boundary.is_before(raw):
            yield from _as_statement(block)
            block, size = [], 0
        size += len(raw) + 1
        if size > MAX_STATEMENT_BYTES:
            raise FeedError("a statement larger than 16 MiB", line=block[0][0], field=":20:")
        block.append((number, raw))
    if block:
        yield from _as_statement(block)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines, also of a file that ends them as FinTS does; those share one number."""
    is_fints = None
    for number, raw in read_lines(stream):
        if is_fints is None and raw.strip(_CONTROLS + b" \t"):
            is_fints = _FINTS.search(raw) is not None
        if not is_fints:
            yield number, raw
            continue
        for line in raw.split(_FINTS_LINE_END):
            if line:
                yield number, line


def _unwrapped(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, raw in _lines(stream):
        line = raw.removeprefix(UTF8_BOM).lstrip(_CONTROLS)
        if _ENVELOPE.match(line) is None:
            yield number, line
            continue
        yield number, _END
        _, _, text = line.rpartition(b"{4:")
        if text != line:
            yield number, text


def _with_whole_times(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Put times together that were broken within the :86: of an entry: minutes look like a tag."""
    held: tuple[int, bytes] | None = None
    tag = b""
    for number, line in lines:
        if held and tag == b"86" and _MINUTES.match(line) and _HOUR.search(held[1]):
            held = held[0], held[1] + line
            continue
        if held:
            yield held
        held = number, line
        found = _TAG.match(line)
        if found:
            # The :86: behind a closing balance belongs to no entry.
            is_behind = found[1] == b"86" and (tag in _CLOSING_TAGS or not tag)
            tag = b"" if is_behind else found[1]
    if held:
        yield held


class _Boundary:
    """Tells where a statement ends: not every bank begins with :20:, or writes one at all."""

    def __init__(self) -> None:
        self._tags: set[bytes] = set()
        self._is_ended = False

    def is_before(self, line: bytes) -> bool:
        """Take the next line; tell whether it is the first of another statement."""
        found = _TAG.match(line)
        if found is None:
            self._is_ended |= line.rstrip() in {b"-", _END}
            return False
        tag = found[1]
        if tag == b"20":
            is_another = b"20" in self._tags or not self._tags <= _HEAD_TAGS
        else:
            is_another = self._is_ended and tag in _HEAD_TAGS and not self._tags <= _HEAD_TAGS
        if is_another:
            self._tags.clear()
            self._is_ended = False
        self._tags.add(tag)
        self._is_ended |= tag in _CLOSING_TAGS
        return is_another


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
            statement = statement or StatementText(number)
            statement.fields.append(TaggedField(found["tag"], number, [found["text"]]))
            is_open = True
        elif line == _END.decode():
            is_open = False
        elif is_open and statement is not None and line.strip() not in {"", "-"}:
            statement.fields[-1].lines.append(line)
    if statement is not None:
        yield statement
