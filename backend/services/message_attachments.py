"""Files of a message: accepted uploads become documents under "Gesendet" (F83)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from backend.clock import berlin_today
from backend.models.conversations import MessageAttachment
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.services.accepted_uploads import use_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.conversations import Conversation, Message
    from backend.models.uploads import Upload
    from backend.services.sessions import Viewer


class AttachableFile(Protocol):
    """A file that lies in the object store, encrypted with its customer's keyset."""

    @property
    def file_name(self) -> str: ...  # noqa: D102
    @property
    def media_type(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def object_key(self) -> str | None: ...  # noqa: D102
    @property
    def key_owner(self) -> str: ...  # noqa: D102


async def attach(  # what a document is made of
    session: AsyncSession,
    message: Message,
    conversation: Conversation,
    uploads: Sequence[Upload],
    *,
    viewer: Viewer,
    clock: Clock,
) -> None:
    """File uploads as documents of the customer and hang them on a message."""
    for number, upload in enumerate(uploads):
        await attach_file(
            session,
            message,
            conversation,
            upload,
            number=number,
            subject=upload.file_name,
            viewer=viewer,
            clock=clock,
        )
    await use_up(session, uploads)


async def attach_file(
    session: AsyncSession,
    message: Message,
    conversation: Conversation,
    file: AttachableFile,
    *,
    subject: str,
    viewer: Viewer,
    clock: Clock,
    number: int = 0,
) -> Document:
    """File one stored file as a document of the customer and hang it on a message."""
    document = _sent(
        file,
        institution_id=conversation.institution_id,
        external_id=f"message:{message.uid}:{number}",
        subject=subject,
        viewer=viewer,
        clock=clock,
    )
    document.received_at = document.first_opened_at = message.sent_at
    session.add(document)
    await session.flush()
    session.add(MessageAttachment(message_id=message.id, document_id=document.id))
    return document


async def file_uploads(
    session: AsyncSession,
    uploads: Sequence[Upload],
    *,
    institution_id: int,
    place: str,
    viewer: Viewer,
    clock: Clock,
) -> list[Document]:
    """File uploads as documents that the customer sent; `place` says with what, uniquely."""
    documents = [
        _sent(
            upload,
            institution_id=institution_id,
            external_id=f"{place}:{number}",
            subject=upload.file_name,
            viewer=viewer,
            clock=clock,
        )
        for number, upload in enumerate(uploads)
    ]
    session.add_all(documents)
    await session.flush()
    await use_up(session, uploads)
    return documents


def _sent(
    file: AttachableFile,
    *,
    institution_id: int,
    external_id: str,
    subject: str,
    viewer: Viewer,
    clock: Clock,
) -> Document:
    now = clock.now()
    return Document(
        institution_id=institution_id,
        customer_id=viewer.customer_id,
        contract_id=None,
        external_id=external_id,
        direction=DocumentDirection.OUTGOING,
        kind=DocumentKind.OTHER,
        subject=subject,
        sender=viewer.display_name,
        document_date=berlin_today(clock),
        received_at=now,
        first_opened_at=now,
        is_official_decision=False,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        file_name=file.file_name,
        object_key=file.object_key,
        key_owner=file.key_owner,
    )
