"""Reads text files line by line from bytes, whatever encoding and line ends they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.findings import FeedError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE_BYTES = 1 << 20
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, bytes without line end); LF, CRLF, CRCRLF and lone CR end a line.

    A UTF-8 byte order mark vanishes; UTF-16 and lines beyond 1 MiB are refused.
    """
    number = 0
    while line := stream.readline(MAX_LINE_BYTES):
        if number == 0:
            if line.startswith(UTF16_BOMS):
                raise FeedError("UTF-16 is not accepted: UTF-8 or Windows-1252", line=1)
            line = line.removeprefix(UTF8_BOM)
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            raise FeedError("a line longer than 1 MiB", line=number + 1)
        for part in line.rstrip(b"\r\n").split(b"\r"):
            number += 1
            yield number, part


def decode(raw: bytes) -> str:
    """Decode UTF-8, else Windows-1252; its five undefined bytes become U+FFFD."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
