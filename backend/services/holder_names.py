"""Names of account holders compared: the same person is written in many ways."""

from __future__ import annotations

import re
import unicodedata

from backend.folding import fold

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i", "ø": "o", "ł": "l"})
_TITLES = frozenset({"dr", "prof", "med", "dipl", "ing", "herr", "frau"})
_WORDS = re.compile(r"[^\W_]+")


def is_same_holder(name: str | None, other: str | None) -> bool:
    """Tell whether two names are written for one holder.

    Order, case, titles and the spelling of umlauts don't count. In doubt they are two: that costs
    a new mandate, while one mandate for two holders would debit somebody who never signed.
    """
    words = _words_of(name)
    return bool(words) and words == _words_of(other)


def _words_of(name: str | None) -> list[str]:
    spelled = (fold(name) or "").translate(_SPELLED_OUT)
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(one)
    )
    return sorted(word for word in _WORDS.findall(plain) if word not in _TITLES)
