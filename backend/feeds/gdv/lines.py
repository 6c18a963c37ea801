"""A byte stream cut into records of 256 characters, however separated, short or encoded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from backend.feeds.findings import Finding
from backend.feeds.gdv.layout import RECORD_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.feeds.gdv.layout import Report

_CHUNK: Final = 1 << 18
# Without a line break for this long, records follow each other without any.
_LONGEST_LINE: Final = 1 << 13
# More bytes than a record of 256 characters of UTF-8 can have.
_WINDOW: Final = 1 << 11
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_C1: Final = re.compile(rb"[\x80-\x9f]")
_DOS_UMLAUT: Final = re.compile(rb"[A-Za-z][\x81\x84\x8e\x94\x99\x9a]|[\x81\x84\x94][a-z]")
_LATIN_LETTER: Final = re.compile(rb"[\xc0-\xe0\xe2-\xff]")
_PLAIN: Final = bytes([10, *range(0x20, 0x7F), *range(0xC0, 0x100)])
_CONTROLS: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA1)), " ")


def read_lines(stream: BinaryIO, report: Report) -> Iterator[tuple[int, str, int]]:
    """Yields (line number, text of 256 characters, characters there were) per record.

    Accepts LF, CR LF, CR or nothing between records, a missing last line break, longer and
    shorter lines, blank lines (skipped, counted) and an end-of-file character. Memory is bounded.
    Without line breaks the line number is the number of the record.
    """
    cutter = _Cutter(report)
    rest = stream.read(_CHUNK).removeprefix(_BYTE_ORDER_MARK)
    while rest:
        complete, separator, rest = rest.rpartition(b"\n")
        if separator:
            is_plain = cutter.is_plain(complete)
            for line in complete.decode("latin-1").split("\n"):
                if is_plain and len(line) == RECORD_LENGTH:
                    cutter.number += 1
                    yield cutter.number, line, RECORD_LENGTH
                else:
                    yield from cutter.records(line.encode("latin-1"))
        start = 0
        while len(rest) - start > _LONGEST_LINE:
            size = _block_size(rest[start : start + _WINDOW])
            yield from cutter.records(rest[start : start + size])
            start += size + (rest[start + size : start + size + 1] == b"\r")
        rest = rest[start:]
        chunk = stream.read(_CHUNK)
        if not chunk:
            yield from cutter.records(rest)
            return
        rest += chunk


def _block_size(data: bytes) -> int:
    """Bytes up to a lone carriage return, else those of the next 256 characters."""
    end = data.find(b"\r", 0, RECORD_LENGTH * 2)
    if end >= 0:
        return end
    size = RECORD_LENGTH
    while not data[:size].isascii():
        try:
            missing = RECORD_LENGTH - len(data[:size].decode())
        except UnicodeDecodeError as error:
            if error.end < size or error.reason != "unexpected end of data":
                return RECORD_LENGTH
            missing = 1
        if not missing:
            break
        size += missing
    return size


class _Cutter:
    """Decodes lines and cuts them to records; reports each oddity of a file once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.number = 0
        self._reported: set[str] = set()
        self._fallback = "latin-1"

    def is_plain(self, data: bytes) -> bool:
        """Whether nothing but blanks, ASCII and letters of ISO-8859-1 is in the data.

        That rules out UTF-8, which needs a byte from 80 to BF, and all that would be cleaned, in
        one call for many lines.
        """
        return self._fallback == "latin-1" and not data.translate(None, _PLAIN)

    def records(self, raw: bytes) -> Iterator[tuple[int, str, int]]:
        """The records of one line: normally one."""
        for line in raw.rstrip(b"\r").split(b"\r") if b"\r" in raw else (raw,):
            self.number += 1
            text = self._decode(line)
            if not text.strip(" \0\x1a\t"):
                continue
            yield from self._cut(text)

    def _cut(self, text: str) -> Iterator[tuple[int, str, int]]:
        while len(text) > RECORD_LENGTH and text[RECORD_LENGTH : RECORD_LENGTH + 4].isdecimal():
            yield self.number, self._clean(text[:RECORD_LENGTH]), RECORD_LENGTH
            self.number += 1
            text = text[RECORD_LENGTH:]
        if text[RECORD_LENGTH:].strip(" \0\x1a\t"):
            self._note("length", "has more than 256 characters; the rest is ignored")
        yield self.number, self._clean(f"{text:<256.256}"), min(len(text), RECORD_LENGTH)

    def _clean(self, text: str) -> str:
        if text.isprintable() or not text[:4].isdecimal():
            return text
        return text.translate(_CONTROLS)

    def _decode(self, raw: bytes) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return self._decode_single_bytes(raw)
        if raw[:4].isdigit():
            self._note("utf-8", "is UTF-8, not ISO-8859-1")
        return _realign(text) if len(raw) == RECORD_LENGTH else text

    def _decode_single_bytes(self, raw: bytes) -> str:
        if _C1.search(raw) and raw[:4].isdigit():
            is_dos = _DOS_UMLAUT.search(raw) and not _LATIN_LETTER.search(raw)
            self._fallback = "cp850" if is_dos else "cp1252"
            name = "IBM 850" if is_dos else "Windows-1252"
            self._note(self._fallback, f"is {name}, not ISO-8859-1")
            return raw.decode(self._fallback, errors="replace")
        # A DOS file's ß alone looks like the á of ISO-8859-1.
        is_dos = self._fallback == "cp850" and not _LATIN_LETTER.search(raw)
        return raw.decode("cp850" if is_dos else "latin-1")

    def _note(self, key: str, reason: str) -> None:
        if key not in self._reported:
            self._reported.add(key)
            field = "Satzlänge" if key == "length" else "Zeichensatz"
            self._report(Finding(self.number, None, field, reason))


def _realign(text: str) -> str:
    """Puts later fields back in place where 256 counts bytes of UTF-8, not characters.

    Each character of several bytes has shifted what follows; its field ends at the next double
    blank, so the missing blanks go there.
    """
    pieces: list[str] = []
    missing = 0
    for index, char in enumerate(text):
        missing += len(char.encode()) - 1
        if missing and text[index : index + 2] == "  ":
            pieces.append(" " * missing)
            missing = 0
        pieces.append(char)
    return "".join(pieces)
