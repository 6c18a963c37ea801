"""Text as a search compares it: without case, umlauts included, alike on both databases.

SQLite's lower() knows ASCII only, and PostgreSQL's depends on the locale of the database. Only the
letters of the term matter, though: a column need not be folded for any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.compiler import SQLCompiler

LONGEST_TERM = 200
# Of a longer term its end is looked up, and what has that is read.
LONGEST_PART = 40
# Nobody's words have more different letters beyond ASCII; each costs a pass over the column.
_MOST_LETTERS = 24
_SHARP_S = ("ß", "\u1e9e")


class lowered(GenericFunction[str]):  # noqa: N801  # reads as SQL
    """A column for LIKE, ASCII in small letters; SQLite's LIKE takes both for equal anyway."""

    type = String()
    inherit_cache = True


@compiles(lowered)
def _compile(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(lowered, "sqlite")
def _compile_for_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


def fold(text: str | None) -> str | None:
    """Return a text without case; ß and ss are one."""
    return None if text is None else text.lower().replace("ß", "ss")


def contains(column: Any, term: str) -> ColumnElement[bool]:
    """Return the condition that a column contains a term of `search_term`."""
    text: ColumnElement[str] = lowered(column)
    for letter in _letters_beyond_ascii(term):
        text = func.replace(text, letter.upper(), letter)
    if "s" in term:
        for sharp in _SHARP_S:
            text = func.replace(text, sharp, "ss")
    return text.contains(term, autoescape=True)


def _letters_beyond_ascii(term: str) -> list[str]:
    """Return the letters of a term that no database need know how to make small."""
    letters = [
        letter
        for letter in dict.fromkeys(term)
        if not letter.isascii() and len(letter.upper()) == 1 and letter.upper() != letter
    ]
    return letters[:_MOST_LETTERS]


def search_term(text: str | None) -> str | None:
    """Return what a customer typed, folded and fit for both databases; None if nothing is left.

    Whatever no database stores (NUL, halves of characters) can't be found and is dropped; a term
    ends after 200 characters.
    """
    if text is None:
        return None
    storable = text.replace("\0", "").encode(errors="ignore").decode()
    return fold(storable.strip()[:LONGEST_TERM]) or None


def parts_of(text: str) -> set[bytes]:
    """Return what begins at each letter of a text: whatever the text contains begins one of them.

    As bytes, which both databases sort alike.
    """
    folded = text.casefold()
    return {
        folded[start : start + LONGEST_PART].encode()
        for start, letter in enumerate(folded)
        if not letter.isspace()
    }


def span_of(term: str) -> tuple[bytes, bytes]:
    """Return between which parts those lie that a term begins; of a long one its end counts."""
    beginning = term.casefold()[-LONGEST_PART:].lstrip().encode()
    # No letter has this byte.
    return beginning, beginning + b"\xff"
