"""Reads feeds of one JSON object per line: a broken line is set aside, the others count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from backend.feeds.findings import FeedError, Finding
from backend.feeds.json_list import DECODER
from backend.feeds.lines import read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # Field and reason of everything that is wrong in a line.
    Problems = list[tuple[str, str]]

R = TypeVar("R")


def read_json_lines(
    stream: BinaryIO, read_record: Callable[[Any, Problems, int], R], *, called: str
) -> Iterator[R | Finding]:
    """Yield what `read_record` makes of each line: (JSON value, problems to add to, line number).

    A line with any problem becomes one Finding per problem instead; `called` is what the findings
    call a record, in the singular. FeedError if lines are there and not one is usable.
    """
    number = usable = 0
    for line, raw in read_lines(stream):
        if not raw.strip():
            continue
        number += 1
        problems: Problems = []
        record = _read_line(line, raw, read_record, problems)
        if record is not None and not problems:
            usable += 1
            yield record
        for field, reason in problems:
            yield Finding(line, f"{called} {number}", field, reason, rejects=True)
    if not usable:
        raise FeedError(f"none of {number} {called}s is usable", line=1, rejects=False)


def _read_line(
    line: int, raw: bytes, read_record: Callable[[Any, Problems, int], R], problems: Problems
) -> R | None:
    try:
        text = raw.decode().strip()
        value, end = DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        text, value, end = "", None, -1
    if end != len(text):
        problems.append(("JSON", "the line is no JSON object in UTF-8"))
        return None
    return read_record(value, problems, line)
