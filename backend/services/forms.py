"""Forms of the download centre: which are offered, found by their words, and read (F110)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from backend.folding import fold
from backend.models.forms import Form, FormCategory, FormWord
from backend.models.user_accounts import Locale
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.ports import HOUSE_UID, DocumentVersion
from backend.services.search_words import hash_document, hash_search
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.documents import DocumentPorts

# Forms never change, so that there is one version of each object.
VERSION = 1
# What institutions publish is no secret: equal words may look alike.
_SEARCH_KEY = b""

_TODAY = bindparam("today", type_=Form.valid_from.type)
_Newer = aliased(Form)
# In force today, and no newer version is.
IS_OFFERED = and_(
    Form.is_withdrawn.is_(False),
    Form.valid_from <= _TODAY,
    or_(Form.valid_until.is_(None), Form.valid_until >= _TODAY),
    ~select(_Newer.id)
    .where(
        _Newer.institution_id == Form.institution_id,
        _Newer.external_id == Form.external_id,
        _Newer.is_withdrawn.is_(False),
        _Newer.valid_from <= _TODAY,
        tuple_(_Newer.valid_from, _Newer.id) > tuple_(Form.valid_from, Form.id),
    )
    .exists(),
)
_ONE = select(Form).where(IS_OFFERED, Form.id == bindparam("id"))


class FormFilter(Value):
    """Conditions that add up."""

    institution_id: int | None = None
    category: FormCategory | None = None
    search: str | None = None


async def list_forms(
    session: AsyncSession,
    *,
    today: date,
    locale: Locale,
    wanted: FormFilter,
    first: int,
    after: str | None = None,
) -> Page[Form]:
    """Return a page of the forms that are offered, by title in a language (F110).

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    order = Form.order_de if locale is Locale.DE else Form.order_en
    conditions = list(_conditions_of(wanted))
    statement = select(Form).where(IS_OFFERED, *conditions).order_by(order, Form.id)
    if after is not None:
        statement = statement.where(
            tuple_(order, Form.id) > tuple_(*decode_cursor(after, str, int))
        )
    values = {"today": today}
    rows = (await session.scalars(statement.limit(first + 1), values)).all()
    count = select(func.count(Form.id)).where(IS_OFFERED, *conditions)
    total = await session.scalar(count, values) or 0
    return page_of(
        rows, first=first, total_count=total, key=lambda row: (getattr(row, order.key), row.id)
    )


async def find_form(session: AsyncSession, *, form_id: int, today: date) -> Form | None:
    """Return a form that is offered today; None for an absent and a withdrawn one alike."""
    return (await session.scalars(_ONE, {"id": form_id, "today": today})).one_or_none()


async def open_form(ports: DocumentPorts, form: Form) -> AsyncIterator[bytes]:
    """Return a form's content in pieces, the first one proven authentic.

    Raises what `DocumentCipher.open_decrypted` raises, at once or while iterating.
    """
    version = DocumentVersion(HOUSE_UID, form.uid, VERSION)
    return await ports.cipher.open_decrypted(ports.objects, form.object_key, version)


def words_of(titles: Iterable[str], keywords: Iterable[str], text: str) -> set[int]:
    """Return what the index holds of a form: titles and keywords also by their beginnings."""
    return hash_document(_SEARCH_KEY, headings=(*titles, *keywords), text=text)


def order_of(title: str) -> str:
    """Return a title as a dictionary sorts it: ä as a, ß as ss (DIN 5007-1)."""
    decomposed = unicodedata.normalize("NFKD", fold(title) or "")
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _conditions_of(wanted: FormFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.institution_id is not None:
        yield Form.institution_id == wanted.institution_id
    if wanted.category is not None:
        yield Form.category == wanted.category
    if wanted.search is not None and wanted.search.strip():
        # A search for no word at all finds nothing.
        for hashes in hash_search(_SEARCH_KEY, wanted.search) or [frozenset[int]()]:
            yield Form.id.in_(select(FormWord.form_id).where(FormWord.token.in_(hashes)))
