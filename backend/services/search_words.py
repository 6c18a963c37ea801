"""Words as a search compares them: folded, reduced to their stem, hashed with a customer's key.

The index of the postbox holds these hashes only. Equal words of two customers have nothing in
common, and with a customer's key their words are gone, too.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from backend.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_WORDS_OF_SEARCH = 8
_MOST_STEMS = 5_000
_SHORTEST_PREFIX = 3
_LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+")
_DIVIDED = re.compile(r"(?<=\w)[-\u00ad\u2010]\n\s*(?=[a-zäöüß])")
_PURPOSE = b"kundenportal postbox search v1"


def search_key(keyset: bytes) -> bytes:
    """Return the key of a customer's index; whoever destroys the keyset destroys it, too."""
    return hmac.digest(keyset, _PURPOSE, hashlib.sha256)


def hash_document(key: bytes, *, headings: Iterable[str], text: str) -> set[int]:
    """Return what the index holds of a document (X2).

    Every word by its stem; those of the headings (subject, sender) also by their beginnings, so
    that they are found while somebody is still typing.
    """
    found: set[int] = set()
    for word in (word for heading in headings for word in _words_of(heading)):
        found.add(_hash(key, "stem", _stem(word)))
        found |= {
            _hash(key, "beginning", word[:length])
            for length in range(_SHORTEST_PREFIX, len(word) + 1)
        }
    stems = sorted({_stem(word) for word in _words_of(text)})[:_MOST_STEMS]
    return found | {_hash(key, "stem", stem) for stem in stems}


def hash_search(key: bytes, text: str) -> list[frozenset[int]]:
    """Return, for each word that somebody looks for, the hashes of which one must be there."""
    words = list(dict.fromkeys(_words_of(text)))[:MOST_WORDS_OF_SEARCH]
    return [
        frozenset({_hash(key, "stem", _stem(word)), _hash(key, "beginning", word)})
        for word in words
    ]


def _words_of(text: str) -> list[str]:
    whole = _DIVIDED.sub("", unicodedata.normalize("NFKC", text))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(whole) or "")]


def _hash(key: bytes, kind: str, word: str) -> int:
    digest = hmac.digest(key, f"{kind} {word}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big", signed=True)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """Return the stem by the rules for German, which leave most English words alone, too."""
    stem: str = _stemmer().stemWord(word)
    return stem


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer  # noqa: PLC0415  # only who searches or indexes needs it

    return snowballstemmer.stemmer("german")
