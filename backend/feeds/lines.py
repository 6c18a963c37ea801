"""Reads text files line by line from bytes, whatever encoding and line ends they have."""

from __future__ import annotations

import codecs
import re
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.findings import FeedError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 16
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# ü in a DOS code page and nothing in Windows-1252; ä and ö, which are quotes there, within a word.
_DOS_UMLAUT = re.compile(rb"\x81|[A-Za-z][\x84\x94][a-z]")
# All letters of Windows-1252 beyond ASCII but á, which is the ß of DOS.
_WINDOWS_LETTER = re.compile(rb"[\xc0-\xe0\xe2-\xff]")


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, bytes without line end); LF, CRLF, CRCRLF and lone CR end a line.

    A UTF-8 byte order mark vanishes, UTF-16 with one becomes UTF-8; lines beyond 1 MiB are refused.
    """
    first = stream.readline(MAX_LINE_BYTES)
    if first.startswith(UTF16_BOMS):
        lines = _lines_of_utf16(first, stream)
    else:
        rest = iter(lambda: stream.readline(MAX_LINE_BYTES), b"")
        lines = chain([first.removeprefix(UTF8_BOM)] if first else [], rest)
    number = 0
    for line in lines:
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            raise FeedError("a line longer than 1 MiB", line=number + 1)
        for part in line.rstrip(b"\r\n").split(b"\r"):
            number += 1
            yield number, part


def _lines_of_utf16(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")()
    line = ""
    number = 1
    try:
        for chunk in chain([first], iter(lambda: stream.read(_CHUNK_BYTES), b"")):
            *ended, line = (line + decoder.decode(chunk)).split("\n")
            if len(line) > MAX_LINE_BYTES:
                raise FeedError("a line longer than 1 MiB", line=number + len(ended))
            for each in ended:
                yield each.encode() + b"\n"
            number += len(ended)
        if line := line + decoder.decode(b"", final=True):
            yield line.encode()
    except UnicodeDecodeError as error:
        raise FeedError("the UTF-16 is broken", line=number) from error


def decode(raw: bytes) -> str:
    """Decode UTF-8, else Windows-1252 or the code page of DOS, whose umlauts tell it.

    The five bytes that Windows-1252 does not define become U+FFFD.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        is_dos = _DOS_UMLAUT.search(raw) and not _WINDOWS_LETTER.search(raw)
        return raw.decode("cp850" if is_dos else "cp1252", "replace")
