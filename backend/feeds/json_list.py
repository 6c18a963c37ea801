"""Reads a JSON list object by object, so that a large list never lies in memory whole."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from backend.feeds.findings import FeedError
from backend.feeds.lines import UTF8_BOM

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK_CHARACTERS = 1 << 16
MAX_ITEM_CHARACTERS = 1 << 20
BLANKS = " \t\r\n"

LONGEST_TOKEN = 32
LONGEST_UTF8 = 4


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def read_json_list(stream: BinaryIO) -> Iterator[tuple[int, Any]]:
    """Yield (line, item) of a UTF-8 JSON list; FeedError with the line where it is no such list.

    An item larger than 1 MiB is refused.
    """
    text = _Text(stream)
    if text.next_character() != "[":
        raise text.error("the file is not a JSON list")
    text.skip(1)
    if text.next_character() == "]":
        text.skip(1)
    else:
        while True:
            yield text.item()
            separator = text.next_character()
            text.skip(1)
            if separator == "]":
                break
            if separator != ",":
                raise text.error("the JSON list breaks off" if not separator else "no , or ]")
    if text.next_character():
        raise text.error("something stands after the JSON list")


class _Text:
    """A window over the decoded file that counts lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._rest = b""
        self._window = ""
        self._place = 0
        self._line = 1
        self._is_start = True
        self._is_end = False

    def error(self, reason: str) -> FeedError:
        return FeedError(reason, line=self._line, field="JSON")

    def next_character(self) -> str:
        """Skip blanks and return the next character, "" at the end."""
        while True:
            while self._place < len(self._window) and self._window[self._place] in BLANKS:
                self._line += self._window[self._place] == "\n"
                self._place += 1
            if self._place < len(self._window) or not self._fill():
                return self._window[self._place : self._place + 1]

    def skip(self, count: int) -> None:
        self._place += count

    def item(self) -> tuple[int, Any]:
        self.next_character()
        start_line = self._line
        while True:
            try:
                value, end = DECODER.raw_decode(self._window, self._place)
            except RecursionError as error:
                raise self.error("nested too deeply") from error
            except ValueError as error:
                if not self._is_cut_off(error) or not self._fill():
                    self._line += self._window.count("\n", self._place, _position(error))
                    raise self.error("no valid JSON") from error
                continue
            # A number at the very end of the window may go on in the next chunk.
            if end == len(self._window) and self._fill():
                continue
            self._line += self._window.count("\n", self._place, end)
            self._place = end
            return start_line, value

    def _is_cut_off(self, error: ValueError) -> bool:
        near_the_end = len(self._window) - LONGEST_TOKEN
        return "Unterminated string" in str(error) or _position(error) >= near_the_end

    def _fill(self) -> bool:
        if self._is_end:
            return False
        self._window = self._window[self._place :]
        self._place = 0
        if len(self._window) > MAX_ITEM_CHARACTERS:
            raise self.error("an item larger than 1 MiB")
        # Doubling keeps the repeated attempts at a long item linear.
        raw = self._stream.read(max(CHUNK_CHARACTERS, len(self._window)))
        self._is_end = not raw
        if self._is_start:
            raw = raw.removeprefix(UTF8_BOM)
            self._is_start = False
        self._window += self._decode(self._rest + raw)
        return not self._is_end

    def _decode(self, raw: bytes) -> str:
        try:
            decoded, self._rest = raw.decode(), b""
        except UnicodeDecodeError as error:
            is_cut = (
                error.end == len(raw) and not self._is_end and len(raw) - error.start < LONGEST_UTF8
            )
            if not is_cut:
                raise self.error("not UTF-8") from error
            decoded, self._rest = raw[: error.start].decode(), raw[error.start :]
        return decoded


def _position(error: ValueError) -> int:
    return error.pos if isinstance(error, json.JSONDecodeError) else 0
