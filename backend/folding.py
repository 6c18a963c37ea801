"""Text as a search compares it: without case, umlauts included, alike on both databases.

SQLite's lower() knows ASCII only, and PostgreSQL's depends on the locale of the database. SQLite
therefore gets Python's rule as a function; PostgreSQL's lower() is helped out for Latin letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.compiler import SQLCompiler

LONGEST_TERM = 200
SQLITE_FUNCTION = "fold_text"

# Latin-1 Supplement and Latin Extended-A: every capital whose small letter is one letter.
_CAPITALS = "".join(
    chr(code) for code in range(0xC0, 0x180) if chr(code).isupper() and len(chr(code).lower()) == 1
)


class folded(GenericFunction[str]):  # noqa: N801  # reads as SQL
    """The folded text of a column."""

    type = String()
    inherit_cache = True


@compiles(folded, "sqlite")
def _compile_for_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"{SQLITE_FUNCTION}({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _compile_for_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"replace(translate(lower({text}), '{_CAPITALS}', '{_CAPITALS.lower()}'), 'ß', 'ss')"


def fold(text: str | None) -> str | None:
    """Return a text without case; ß and ss are one."""
    return None if text is None else text.lower().replace("ß", "ss")


def contains(column: Any, term: str) -> ColumnElement[bool]:
    """Return the condition that a column contains a term of `search_term`."""
    return folded(column).contains(term, autoescape=True)


def search_term(text: str | None) -> str | None:
    """Return what a customer typed, folded and fit for both databases; None if nothing is left.

    Whatever no database stores (NUL, halves of characters) can't be found and is dropped; a term
    ends after 200 characters.
    """
    if text is None:
        return None
    storable = text.replace("\0", "").encode(errors="ignore").decode()
    return fold(storable.strip()[:LONGEST_TERM]) or None
