"""Files of a message: accepted uploads become documents under "Gesendet" (F83)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, select

from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError
from backend.models.conversations import MessageAttachment
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.models.uploads import Upload, UploadState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.conversations import Conversation, Message
    from backend.services.sessions import Viewer

MOST_ATTACHMENTS = 10
_PATH = ("attachments",)


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


async def require_attachable(  # whose, which, and where a form shows what is wrong
    session: AsyncSession,
    *,
    customer_id: int,
    upload_ids: Sequence[int],
    now: datetime,
    path: tuple[str, ...] = _PATH,
) -> Sequence[Upload]:
    """Take accepted files away from everybody else who would attach them; return them in order.

    Raises:
        InvalidInputError: too many, unknown, used already, too old, refused or still inspected.
    """
    if not upload_ids:
        return []
    if len(upload_ids) > MOST_ATTACHMENTS or len(set(upload_ids)) < len(upload_ids):
        problem = FieldProblem(path, "field.too_many_files", {"most": MOST_ATTACHMENTS})
        raise InvalidInputError(problem)
    found = {
        upload.id: upload
        for upload in await session.scalars(
            select(Upload)
            .where(
                Upload.id.in_(upload_ids),
                Upload.customer_id == customer_id,
                Upload.expires_at > now,
            )
            .with_for_update()
        )
    }
    states = {found[one].state if one in found else None for one in upload_ids}
    if None in states:
        raise InvalidInputError(FieldProblem(path, "field.file_not_found"))
    if states != {UploadState.ACCEPTED}:
        raise InvalidInputError(FieldProblem(path, "field.file_not_accepted"))
    return [found[one] for one in upload_ids]


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
    await _use_up(session, uploads)


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
    await _use_up(session, uploads)
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


async def _use_up(session: AsyncSession, uploads: Sequence[Upload]) -> None:
    """Let documents take the place of uploads."""
    if uploads:
        taken = [upload.id for upload in uploads]
        await session.execute(
            delete(Upload).where(Upload.id.in_(taken)).execution_options(synchronize_session=False)
        )
