"""The server's own sentences in the customer's language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.models.user_accounts import Locale

_FOLDER = Path(__file__).with_name("texts")


def word(key: str, locale: Locale, **values: object) -> str:
    """Return the sentence of a key such as "refusal.sign_in", its placeholders filled."""
    return texts_of(locale.value)[key].format(**values)


@cache
def texts_of(language: str) -> dict[str, str]:
    """Return every text of a language by key; a test holds the languages together."""
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        sections = tomllib.load(file)
    return {
        f"{section}.{name}": text
        for section, entries in sections.items()
        for name, text in entries.items()
    }
