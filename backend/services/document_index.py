"""Indexing the postbox for full-text search: in the worker, customer by customer (X2)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import delete, select, update

from backend import database
from backend.file_ports import InspectionError
from backend.models.customers import Customer
from backend.models.documents import Document, DocumentWord
from backend.ports import CipherError, KeyMissingError, ObjectMissingError
from backend.services.documents import open_content
from backend.services.search_words import hash_document, hash_search, search_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.file_ports import TextReader
    from backend.ports import DocumentCipher, KeyStore, ObjectStore

BATCH = 10
LARGEST_PDF = 20_000_000

_log = logging.getLogger(__name__)
_UNREADABLE = (ObjectMissingError, CipherError, KeyMissingError)


class IndexingHouse(Protocol):
    """What indexing needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def objects(self) -> ObjectStore: ...  # noqa: D102
    @property
    def keys(self) -> KeyStore: ...  # noqa: D102
    @property
    def cipher(self) -> DocumentCipher: ...  # noqa: D102
    @property
    def text_reader(self) -> TextReader: ...  # noqa: D102


async def index_documents(house: IndexingHouse) -> int:
    """Index some new documents of one customer and return how many (X2).

    A PDF that makes the reader hang or die takes down nobody else's: the others of the batch are
    read again without it, and it is found by subject and sender only.
    """
    customer_uid, waiting = await _find_waiting(house)
    if not waiting:
        return 0
    await house.keys.create(customer_uid)
    key = search_key((await house.keys.load(customer_uid)).keyset)
    done = 0
    async with house.text_reader.reading() as read:
        for document in waiting:
            is_last = False
            try:
                text = await _text_of(house, document, read)
            except InspectionError:
                if done:
                    break  # perhaps because of the one before: alone, it gets another chance
                _log.warning("document_text_unreadable", extra={"document": document.id})
                text, is_last = "", True
            headings = (document.subject, document.sender)
            words = hash_document(key, headings=headings, text=text)
            await _store(house, document, words)
            done += 1
            if is_last:
                break
    return done


async def forget_words(session: AsyncSession, *, customer_id: int) -> None:
    """Take a customer's documents out of the index; they wait to be indexed anew.

    For documents that change hands: their words are hashed with their customer's key.
    """
    documents = select(Document.id).where(Document.customer_id == customer_id)
    await session.execute(delete(DocumentWord).where(DocumentWord.document_id.in_(documents)))
    await session.execute(
        update(Document).where(Document.customer_id == customer_id).values(indexed_at=None)
    )


async def load_search(
    session: AsyncSession, keys: KeyStore, *, customer_id: int, text: str | None
) -> Sequence[frozenset[int]] | None:
    """Return what to look for in the index of a customer; None if nothing is looked for."""
    if text is None or not text.strip():
        return None
    uid = (await session.scalars(select(Customer.uid).where(Customer.id == customer_id))).one()
    try:
        keyset = (await keys.load(uid)).keyset
    except KeyMissingError:
        keyset = b""  # no documents, no words
    # A search for no word at all finds nothing.
    return hash_search(search_key(keyset), text) or [frozenset()]


async def _find_waiting(house: IndexingHouse) -> tuple[str, Sequence[Document]]:
    is_waiting = Document.indexed_at.is_(None)
    async with database.reading(house.sessions) as session:
        first = await session.scalar(
            select(Document.customer_id).where(is_waiting).order_by(Document.id).limit(1)
        )
        if first is None:
            return "", []
        uid = (await session.scalars(select(Customer.uid).where(Customer.id == first))).one()
        statement = (
            select(Document)
            .where(is_waiting, Document.customer_id == first)
            .order_by(Document.id)
            .limit(BATCH)
        )
        return uid, (await session.scalars(statement)).all()


async def _text_of(
    house: IndexingHouse,
    document: Document,
    read: Callable[[AsyncIterable[bytes], int], Awaitable[str]],
) -> str:
    if document.media_type != "application/pdf" or document.size > LARGEST_PDF:
        return ""
    try:
        return await read(await open_content(house, document), document.size)
    except _UNREADABLE:
        _log.warning("document_content_missing", extra={"document": document.id})
        return ""


async def _store(house: IndexingHouse, document: Document, words: set[int]) -> None:
    rows: list[dict[str, Any]] = [
        {"token": word, "document_id": document.id} for word in sorted(words)
    ]
    async with database.writing(house.sessions) as session:
        # Meanwhile it may have been deleted, indexed by another worker, or changed hands.
        is_still_waiting = await session.scalar(
            update(Document)
            .where(
                Document.id == document.id,
                Document.customer_id == document.customer_id,
                Document.indexed_at.is_(None),
            )
            .values(indexed_at=house.clock.now())
            .returning(Document.id)
            .execution_options(synchronize_session=False)
        )
        if is_still_waiting is not None and rows:
            dialect = session.get_bind().dialect.name
            insert = database.insert_into(DocumentWord, dialect).on_conflict_do_nothing()
            await session.execute(insert, rows)
