"""Documents of the postbox."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint, event, false, insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.folding import parts_of
from backend.models.tables import Base, BigId, PrimaryKey, enum_of, partial_index

if TYPE_CHECKING:
    from sqlalchemy import Connection


class DocumentDirection(enum.Enum):
    """Whether the house sent a document or the customer did (F83)."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class DocumentKind(enum.Enum):
    """What a document is."""

    LETTER = "letter"
    INVOICE = "invoice"
    POLICY = "policy"
    BENEFIT_STATEMENT = "benefit_statement"
    ACCOUNT_STATEMENT = "account_statement"
    DECISION = "decision"
    CERTIFICATE = "certificate"
    CONFIRMATION = "confirmation"
    OTHER = "other"


class Document(Base):
    """A document on a durable medium: its content never changes, its hash proves it.

    The content lies encrypted in the object store under `object_key`, with the keyset
    `key_owner` (a customer uid); `sha256` and `size` are those of the plain content.
    `first_opened_at` and `first_downloaded_at` are written once, `indexed_at` when its words went
    into the index of the search, `archived_at` when the customer put it away. What `is_paper_only`
    never was delivered digitally: it lies here for the printers and as a proof.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("institution_id", "external_id"),
        # Lists and counts read nothing but these.
        Index(
            "ix_document_postbox",
            *("customer_id", "received_at", "id", "direction"),
            *("is_paper_only", "archived_at", "first_opened_at", "subject"),
        ),
        partial_index("ix_document_unindexed", "id", where="indexed_at IS NULL"),
        Index(
            "ix_document_unread",
            *("customer_id", "direction", "first_opened_at", "received_at"),
            *("is_paper_only", "archived_at"),
        ),
    )

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    contract_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contract.id"), index=True)
    external_id: Mapped[str]
    direction: Mapped[DocumentDirection] = mapped_column(enum_of(DocumentDirection))
    kind: Mapped[DocumentKind] = mapped_column(enum_of(DocumentKind))
    subject: Mapped[str]
    sender: Mapped[str]
    document_date: Mapped[date]
    received_at: Mapped[datetime]
    first_opened_at: Mapped[datetime | None]
    first_downloaded_at: Mapped[datetime | None]
    is_official_decision: Mapped[bool]
    is_paper_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    file_name: Mapped[str]
    object_key: Mapped[str] = mapped_column(unique=True)
    key_owner: Mapped[str]
    indexed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    @property
    def uid(self) -> str:
        """What the ciphertext is bound to: the last part of the object's key."""
        return self.object_key.rpartition("/")[2]

    @property
    def first_retrieved_at(self) -> datetime | None:
        """When its content first reached the customer, in whichever way."""
        known = [at for at in (self.first_opened_at, self.first_downloaded_at) if at is not None]
        return min(known, default=None)

    @property
    def is_unread(self) -> bool:
        """Whether the customer has yet to open it."""
        return self.first_opened_at is None and self.direction is DocumentDirection.INCOMING


class DocumentWord(Base):
    """That a document contains a word: a keyed hash of the word, which tells nobody what it is.

    The key is the customer's. Rows go with their document.
    """

    __tablename__ = "document_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SubjectPart(Base):
    """What begins at a letter of a document's subject, so that any part of it is found by an index.

    In clear as the subject itself. Rows are written and go with their document.
    """

    __tablename__ = "subject_part"
    __table_args__ = ({"sqlite_with_rowid": False},)

    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), primary_key=True)
    part: Mapped[bytes] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def rows_of_subject(document_id: int, customer_id: int, subject: str) -> list[dict[str, object]]:
    """Return the parts of a document's subject as rows of their table."""
    owner = {"customer_id": customer_id, "document_id": document_id}
    return [owner | {"part": part} for part in sorted(parts_of(subject))]


@event.listens_for(Document, "after_insert")
def _write_parts(_mapper: object, connection: Connection, document: Document) -> None:
    rows = rows_of_subject(document.id, document.customer_id, document.subject)
    if rows:
        connection.execute(insert(SubjectPart), rows)
