"""Names of exported files: readable, possible on every system, never twice in a folder."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

# Together with folder, day and number far below the 255 bytes that file systems allow.
_LONGEST_STEM = 120
_LONGEST_SUFFIX = 10
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')
_SUFFIX = re.compile(r"\.[A-Za-z0-9]+")


class FileNames:
    """The names given out in one folder; in the same order the same ones come again."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name_for(self, day: date, subject: str, file_name: str) -> str:
        """Return a name such as "2026-11-20 Ihre Rechnung.pdf".

        Control and formatting characters, with which a name pretends to be another, are left out.
        Names that differ in case or accents only are equal on some systems: they get a number.
        """
        stem = f"{day.isoformat()} {_harmless(subject)}".strip()
        suffix = _suffix_of(file_name)
        for number in count(1):
            name = f"{stem}{suffix}" if number == 1 else f"{stem} ({number}){suffix}"
            key = _folded(name)
            if key not in self._taken:
                self._taken.add(key)
                return name
        raise AssertionError("numbers don't end")


def _harmless(text: str) -> str:
    visible = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign
        for sign in unicodedata.normalize("NFC", text)
    )
    words = " ".join(_FORBIDDEN.sub(" ", visible).split())
    return words.encode()[:_LONGEST_STEM].decode(errors="ignore").strip(". ")


def _suffix_of(file_name: str) -> str:
    _, dot, ending = file_name.rpartition(".")
    suffix = f"{dot}{ending}"
    is_usable = _SUFFIX.fullmatch(suffix) and len(suffix) <= _LONGEST_SUFFIX
    return suffix.lower() if is_usable else ""


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
