"""How much the streams of a PDF hold, measured without ever holding it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from backend.inspection.refusals import FileRefusedError, UploadRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend.inspection.rules import InspectionRules

_STEP = 1 << 20
_INFLATED = {"/FlateDecode", "/Fl"}
# Decoders that enlarge and that qpdf knows; pictures are measured by their pixels.
_ENLARGING = {"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
_MOST_FILTERS = 4


class StreamBudget:
    """What all streams of one file may come to together."""

    def __init__(self, rules: InspectionRules) -> None:
        self._left = rules.most_decoded_bytes
        self._most_pixels = rules.most_pdf_pixels

    def spend(self, stream: Any) -> None:
        """Take a stream off the budget.

        Raises:
            FileRefusedError: too many pixels, too much data, data outside of the file, or damage.
        """
        if "/F" in stream or "/FFilter" in stream:  # its data lie in another file
            raise FileRefusedError(UploadRefusal.ACTIVE_CONTENT)
        width, height = (_number(stream, name) for name in ("/Width", "/Height"))
        if width * height > self._most_pixels:
            raise FileRefusedError(UploadRefusal.TOO_MANY_PIXELS)
        filters = _filters_of(stream)
        if len(filters) > _MOST_FILTERS:
            raise FileRefusedError(UploadRefusal.TOO_COMPLEX)
        if _ENLARGING.intersection(filters):
            # qpdf decodes at once: a bomb meets the process's limit of memory.
            self._take(len(stream.read_bytes()))
            return
        chunks: Iterable[bytes] = [stream.read_raw_bytes()]
        for name in filters:
            if name not in _INFLATED:
                break
            chunks = _inflate(chunks)
        try:
            for chunk in chunks:
                self._take(len(chunk))
        except zlib.error as error:
            raise FileRefusedError(UploadRefusal.DAMAGED) from error

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise FileRefusedError(UploadRefusal.TOO_COMPLEX)


def decoded_at_most(stream: Any, most: int) -> bytes:
    """Return what a stream holds, inflated if it is deflated once.

    Raises:
        FileRefusedError: more than `most`, another encoding, or damage.
    """
    filters = _filters_of(stream)
    if len(filters) > 1 or not _INFLATED.issuperset(filters):
        raise FileRefusedError(UploadRefusal.EMBEDDED_FILE)
    chunks: Iterable[bytes] = [stream.read_raw_bytes()]
    held = bytearray()
    try:
        for chunk in _inflate(chunks) if filters else chunks:
            held += chunk
            if len(held) > most:
                raise FileRefusedError(UploadRefusal.TOO_COMPLEX)
    except zlib.error as error:
        raise FileRefusedError(UploadRefusal.DAMAGED) from error
    return bytes(held)


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = zlib.decompressobj()
    for chunk in chunks:
        waiting = chunk
        while waiting and not decoder.eof:
            yield decoder.decompress(waiting, _STEP)
            waiting = decoder.unconsumed_tail


def _filters_of(stream: Any) -> list[str]:
    from pikepdf import Array  # noqa: PLC0415  # loaded in the inspecting process only

    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(name) for name in (named if isinstance(named, Array) else [named])]


def _number(stream: Any, name: str) -> int:
    value = stream.get(name)
    return value if isinstance(value, int) else 0
