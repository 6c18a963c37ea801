"""Which documents have what is looked for in a postbox, in the form that costs least (F34, X2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from backend.folding import LONGEST_PART, contains, span_of
from backend.models.documents import Document, DocumentWord, SubjectPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.compiler import SQLCompiler

# Documents of a term up to here are fetched one by one, beyond it a page is read in order.
_FEW = 200
# Up to here the documents of a term are counted from its index, beyond it each one is asked for it.
_MANY = 3_000


class among(GenericFunction[Any]):  # noqa: N801  # reads as SQL
    """That a column is one of what a query finds; each of them is then looked up by that column.

    PostgreSQL takes IN for a join, and reads all documents of a postbox to find 500 of them.
    """

    # It has no type: of a boolean SQLite would be asked "= 1", and look none up.
    inherit_cache = True


@compiles(among)
def _compile(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    column, found = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY(ARRAY{found})"


@compiles(among, "sqlite")
def _compile_for_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    column, found = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN {found}"


class Having(NamedTuple):
    """That a document has all terms: in the form in which a page, and a count, cost least.

    `read_in_order` is what a page has to find in subjects, one after the other, beside `to_list`.
    """

    to_list: Sequence[ColumnElement[bool]]
    to_count: Sequence[ColumnElement[bool]]
    read_in_order: str | None = None


async def find_having(
    session: AsyncSession,
    *,
    customer_id: int,
    subject: str | None,
    words: Sequence[frozenset[int]],
) -> Having:
    """Return the conditions that a subject contains a folded term and a document has all words."""
    having, is_of_few = await _find_words(session, words)
    if subject is None:
        return having
    if is_of_few:
        return _with(having, contains(Document.subject, subject))
    first, end = span_of(subject)
    found = select(SubjectPart.document_id).where(
        SubjectPart.customer_id == customer_id, SubjectPart.part >= first, SubjectPart.part < end
    )
    # Of one document several may begin with it: rows are counted, not documents.
    some = found.limit(_MANY + 1).subquery()
    rows = await session.scalar(select(func.count()).select_from(some)) or 0
    is_named: ColumnElement[bool] = among(Document.id, found.scalar_subquery())
    if len(subject) > LONGEST_PART:
        is_named = and_(is_named, contains(Document.subject, subject))
    if rows <= _FEW:
        return _with(having, is_named)
    counted = is_named if rows <= _MANY else contains(Document.subject, subject)
    return Having(having.to_list, [*having.to_count, counted], subject)


def _with(having: Having, condition: ColumnElement[bool]) -> Having:
    return Having([*having.to_list, condition], [*having.to_count, condition])


async def _find_words(
    session: AsyncSession, words: Sequence[frozenset[int]]
) -> tuple[Having, bool]:
    """Return the condition of all words, and whether it names few documents.

    Those are named one by one: no planner can take that for a scan. The rare words are cut with
    each other first.
    """
    few: set[int] | None = None
    frequent: list[tuple[Select[int], bool]] = []
    for hashes in words:
        found = select(DocumentWord.document_id).where(DocumentWord.token.in_(hashes))
        # A document may have several of the hashes: rows are counted, not documents.
        count = select(func.count()).select_from(found.limit(_MANY + 1).subquery())
        some = found.add_columns(count.scalar_subquery()).limit(_FEW + 1)
        named = (await session.execute(some)).all()
        if len(named) > _FEW:
            frequent.append((found, named[0][1] > _MANY))
        else:
            ids = {document_id for document_id, _ in named}
            few = ids if few is None else few & ids
    asked = [_asked_for(found) for found, _ in frequent]
    if few is not None:
        conditions = [Document.id.in_(few), *asked]
        return Having(conditions, conditions), True
    counted = [
        _asked_for(found) if is_in_many else Document.id.in_(found)
        for found, is_in_many in frequent
    ]
    return Having(asked, counted), False


def _asked_for(found: Select[int]) -> ColumnElement[bool]:
    """Return the condition that looks into the index for each document."""
    return found.where(DocumentWord.document_id == Document.id).exists()
