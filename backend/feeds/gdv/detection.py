"""Whether bytes are a GDV file, judged by their content."""

from __future__ import annotations

import re
from typing import Final

_SHORTEST_LINE: Final = 240
_LONGEST_LINE: Final = 260
_RECORD: Final = re.compile(rb"0[0-9]{3}|9999")
# Byte 70 on: from and to as TTMMJJJJ, blank or zero if unknown.
_HEADER: Final = re.compile(rb"0001[^;\t<>{}]{65}[0-9 ]{16}", re.DOTALL)


def detect(head: bytes) -> bool:
    """Whether a file with these first bytes (1 KiB or more, or all of it) is a GDV file.

    It is if its first record is a 0001 with its dates in place, or if its first line, or its
    first 256 bytes without line break, are as long as a record and the next begins like one.
    """
    data = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \0")
    if _HEADER.match(data):
        return True
    if not _RECORD.match(data) or not data[10:13].strip().isdigit():
        return False
    line, _, rest = data.replace(b"\r", b"\n").partition(b"\n")
    if len(line) > _LONGEST_LINE:
        return _RECORD.match(line, 256) is not None
    rest = rest.lstrip(b"\n")
    is_followed = not rest or _RECORD.match(rest) is not None
    return len(line) >= _SHORTEST_LINE and is_followed
