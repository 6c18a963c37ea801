"""Single documents: found, opened, their content stored encrypted before the row and read back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import bindparam, select, update

from backend import database
from backend.errors import DomainError, NotFoundError
from backend.models.claims import ClaimPart
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.models.forms import Form
from backend.models.self_added_contracts import SelfAddedDocument
from backend.models.uploads import Upload
from backend.ports import DocumentVersion
from backend.services.postbox import IN_POSTBOX
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.database import Sessions
    from backend.ports import DocumentCipher, KeyStore, ObjectStore

PREFIX = "documents/"
QUARANTINE = "uploads/"
SEALED = "claims/"
FORMS = "forms/"
# Documents never change, so that there is one version of each.
VERSION = 1
ORPHAN_AFTER = timedelta(hours=1)
_BATCH = 500

_ONE = select(Document).where(IN_POSTBOX, Document.id == bindparam("id"))


class DocumentPorts(Protocol):
    """What storing and reading documents needs of the house."""

    @property
    def objects(self) -> ObjectStore:
        """Where ciphertext lies."""

    @property
    def keys(self) -> KeyStore:
        """One keyset per customer."""

    @property
    def cipher(self) -> DocumentCipher:
        """What encrypts and decrypts."""


class NewDocument(Value):
    """Everything about a document but its content.

    `external_id` is its id at the institution. `sha256` is what the sender says of the content,
    if anything; hexadecimal, lower case. What `was_delivered_before` counts as read since then.
    """

    institution_id: int
    customer_id: int
    customer_uid: str
    contract_id: int | None
    external_id: str
    direction: DocumentDirection
    kind: DocumentKind
    subject: str
    sender: str
    document_date: date
    received_at: datetime
    is_official_decision: bool
    media_type: str
    file_name: str
    sha256: str | None = None
    was_delivered_before: bool = False
    is_paper_only: bool = False


class ContentMismatchError(DomainError):
    """The content is not what its sender announced: another SHA-256. Nothing was stored."""


async def find_document(
    session: AsyncSession, *, customer_id: int, document_id: int, now: datetime
) -> Document | None:
    """Return a document by id if it lies in the customer's postbox; else None."""
    values = {"customer_id": customer_id, "now": now, "id": document_id}
    return (await session.scalars(_ONE, values)).one_or_none()


async def open_document(
    session: AsyncSession, *, customer_id: int, document_id: int, now: datetime
) -> Document:
    """Record when the customer first opened a document; a later time never replaces it.

    Raises:
        NotFoundError: it is not in the customer's postbox.
    """
    await session.execute(
        update(Document)
        .where(
            Document.id == document_id,
            Document.customer_id == customer_id,
            Document.received_at <= now,
            Document.is_paper_only.is_(False),
            Document.first_opened_at.is_(None),
        )
        .values(first_opened_at=now)
        .execution_options(synchronize_session=False)
    )
    return await _require(session, customer_id=customer_id, document_id=document_id, now=now)


async def archive_document(
    session: AsyncSession, *, customer_id: int, document_id: int, now: datetime
) -> Document:
    """Put a document of the customer away; archived again it keeps its first time (F23).

    Raises:
        NotFoundError: it is not in the customer's postbox.
    """
    document = await _require(session, customer_id=customer_id, document_id=document_id, now=now)
    if document.archived_at is None:
        document.archived_at = now
    return document


async def unarchive_document(
    session: AsyncSession, *, customer_id: int, document_id: int, now: datetime
) -> Document:
    """Take a document out of the archive again; unread is what was never opened, as before.

    Raises:
        NotFoundError: it is not in the customer's postbox.
    """
    document = await _require(session, customer_id=customer_id, document_id=document_id, now=now)
    document.archived_at = None
    return document


async def _require(
    session: AsyncSession, *, customer_id: int, document_id: int, now: datetime
) -> Document:
    document = await find_document(
        session, customer_id=customer_id, document_id=document_id, now=now
    )
    if document is None:
        raise NotFoundError
    return document


async def record_download(
    sessions: Sessions, *, customer_id: int, document_id: int, now: datetime
) -> None:
    """Record when a customer first got a document's content whole; later times never replace it."""
    async with database.writing(sessions) as session:
        await session.execute(
            update(Document)
            .where(
                Document.id == document_id,
                Document.customer_id == customer_id,
                Document.first_downloaded_at.is_(None),
            )
            .values(first_downloaded_at=now)
            .execution_options(synchronize_session=False)
        )


async def store_document(
    session: AsyncSession,
    ports: DocumentPorts,
    *,
    new: NewDocument,
    content: AsyncIterable[bytes],
) -> Document | None:
    """Store a document: the object first, then its row; None if its external id is known.

    `session` should not have written yet: on SQLite nobody else could write meanwhile. When the
    transaction is rolled back, or the process dies, the object stays behind as an orphan.

    Raises:
        ContentMismatchError: the content has another SHA-256 than announced.
        StoreUnavailableError, KeyStoreUnavailableError: again later; nothing was stored.
    """
    if await is_stored(session, institution_id=new.institution_id, external_id=new.external_id):
        return None
    await ports.keys.create(new.customer_uid)
    uid = uuid.uuid4().hex
    key = f"{PREFIX}{uid[:2]}/{uid}"
    stored = await ports.cipher.store_encrypted(
        ports.objects, key, DocumentVersion(new.customer_uid, uid, VERSION), content
    )
    if new.sha256 is not None and stored.sha256 != new.sha256:
        await ports.objects.delete(key)
        raise ContentMismatchError(stored.sha256)
    document = Document(
        institution_id=new.institution_id,
        customer_id=new.customer_id,
        contract_id=new.contract_id,
        external_id=new.external_id,
        direction=new.direction,
        kind=new.kind,
        subject=new.subject,
        sender=new.sender,
        document_date=new.document_date,
        received_at=new.received_at,
        first_opened_at=new.received_at if new.was_delivered_before else None,
        is_official_decision=new.is_official_decision,
        is_paper_only=new.is_paper_only,
        media_type=new.media_type,
        size=stored.size,
        sha256=stored.sha256,
        file_name=new.file_name,
        object_key=key,
        key_owner=new.customer_uid,
    )
    session.add(document)
    await session.flush()
    return document


async def is_stored(session: AsyncSession, *, institution_id: int, external_id: str) -> bool:
    """Tell whether an institution's document is here already."""
    found = await session.scalar(
        select(Document.id).where(
            Document.institution_id == institution_id, Document.external_id == external_id
        )
    )
    return found is not None


async def open_content(ports: DocumentPorts, document: Document) -> AsyncIterator[bytes]:
    """Return a document's plain content in pieces, the first one proven authentic.

    Raises what `DocumentCipher.open_decrypted` raises, at once or while iterating.
    """
    version = DocumentVersion(document.key_owner, document.uid, VERSION)
    return await ports.cipher.open_decrypted(ports.objects, document.object_key, version)


async def delete_orphans(
    sessions: Sessions, objects: ObjectStore, *, now: datetime | None = None
) -> int:
    """Delete objects without a row, older than an hour; return how many.

    `now` is the time of the object store, hence of the machine: a clock that was travelled ahead
    would take an object that is being stored for an orphan.
    """
    oldest_kept = (now or datetime.now(UTC)) - ORPHAN_AFTER
    deleted = 0
    batch: list[str] = []
    for prefix in (PREFIX, QUARANTINE, SEALED, FORMS):
        async for info in objects.list(prefix):
            if info.modified_at < oldest_kept:
                batch.append(info.key)
            if len(batch) == _BATCH:
                deleted += await _delete_without_row(sessions, objects, batch)
                batch = []
    return deleted + await _delete_without_row(sessions, objects, batch)


async def _delete_without_row(sessions: Sessions, objects: ObjectStore, keys: list[str]) -> int:
    async with sessions.begin() as session:
        known = {
            key
            for column in (
                Document.object_key,
                Upload.object_key,
                ClaimPart.object_key,
                Form.object_key,
                SelfAddedDocument.object_key,
            )
            for key in await session.scalars(select(column).where(column.in_(keys)))
        }
    orphans = [key for key in keys if key not in known]
    for key in orphans:
        await objects.delete(key)
    return len(orphans)
