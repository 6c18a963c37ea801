"""Files of a message: accepted uploads become documents under "Gesendet" (F83)."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


async def require_attachable(
    session: AsyncSession, *, customer_id: int, upload_ids: Sequence[int], now: datetime
) -> Sequence[Upload]:
    """Take accepted files away from everybody else who would attach them; return them in order.

    Raises:
        InvalidInputError: too many, unknown, used already, too old, refused or still inspected.
    """
    if not upload_ids:
        return []
    if len(upload_ids) > MOST_ATTACHMENTS or len(set(upload_ids)) < len(upload_ids):
        problem = FieldProblem(_PATH, "field.too_many_files", {"most": MOST_ATTACHMENTS})
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
        raise InvalidInputError(FieldProblem(_PATH, "field.file_not_found"))
    if states != {UploadState.ACCEPTED}:
        raise InvalidInputError(FieldProblem(_PATH, "field.file_not_accepted"))
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
        document = Document(
            institution_id=conversation.institution_id,
            customer_id=viewer.customer_id,
            contract_id=None,
            external_id=f"message:{message.uid}:{number}",
            direction=DocumentDirection.OUTGOING,
            kind=DocumentKind.OTHER,
            subject=upload.file_name,
            sender=viewer.display_name,
            document_date=berlin_today(clock),
            received_at=message.sent_at,
            first_opened_at=message.sent_at,
            is_official_decision=False,
            media_type=upload.media_type,
            size=upload.size,
            sha256=upload.sha256,
            file_name=upload.file_name,
            object_key=upload.object_key,
            key_owner=upload.key_owner,
        )
        session.add(document)
        await session.flush()
        session.add(MessageAttachment(message_id=message.id, document_id=document.id))
    if uploads:
        taken = [upload.id for upload in uploads]
        await session.execute(
            delete(Upload).where(Upload.id.in_(taken)).execution_options(synchronize_session=False)
        )
