"""Texts that hold from a day on: a file per language and version, known by their hash."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from backend.values import Value

if TYPE_CHECKING:
    from pathlib import Path

    from backend.models.user_accounts import Locale

_TITLE_MARK = "# "


class MissingTextError(Exception):
    """A folder of texts is not complete: a fault of whoever set it up."""


class DatedText(Value):
    """One text in one language; `sha256` is that of `text` in UTF-8.

    Paragraphs are parted by blank lines; the first is the title behind "# ", headings stand
    behind "## ". `version` is the first day on which the text holds.
    """

    locale: Locale
    start_date: date
    text: str

    @property
    def version(self) -> str:
        """Name of the version, the same in all languages."""
        return self.start_date.isoformat()

    @property
    def title(self) -> str:
        """The heading of the whole text."""
        return self.text.partition("\n")[0].removeprefix(_TITLE_MARK)

    @property
    def sha256(self) -> str:
        """What proves which text was shown; hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_in_force(folder: Path, name: str, day: date) -> tuple[date, str]:
    """Return the first day and the wording of the text in force; before the first, the first.

    The files of a text are called `<name>-<first day>.txt`; placeholders stand in braces.

    Raises:
        MissingTextError: the folder has none of this name.
    """
    starts = _starts(folder, name)
    if not starts:
        raise MissingTextError(f"{folder} has no {name}-<first day>.txt")
    start = max((one for one in starts if one <= day), default=starts[0])
    return start, _read(folder / f"{name}-{start.isoformat()}.txt")


@lru_cache
def _starts(folder: Path, name: str) -> tuple[date, ...]:
    paths = folder.glob(f"{name}-*.txt")
    return tuple(sorted(date.fromisoformat(path.stem[len(name) + 1 :]) for path in paths))


@lru_cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()
