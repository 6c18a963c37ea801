"""The words of the app in both languages, for tests that do the same in either."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_MESSAGES = Path(__file__).parents[2] / "frontend" / "src" / "messages"


@cache
def words(language: str) -> dict[str, str]:
    """Return every text of a language by its key."""
    found: dict[str, str] = {}
    for file in sorted((_MESSAGES / language).glob("*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found
