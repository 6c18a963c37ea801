"""Taking accepted files out of the uploads, each for what it was sent for and once only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from backend.errors import FieldProblem, InvalidInputError
from backend.models.uploads import Upload, UploadState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.uploads import UploadPurpose

MOST_FILES = 10


async def take_accepted(
    session: AsyncSession,
    *,
    customer_id: int,
    upload_ids: Sequence[int],
    purpose: UploadPurpose,
    path: tuple[str, ...],
    now: datetime,
    most: int = MOST_FILES,
) -> Sequence[Upload]:
    """Take accepted files away from everybody else who would use them; return them in order.

    Raises:
        InvalidInputError: too many, unknown, sent for something else, used already, too old,
            refused or still inspected; `path` is the field that names them.
    """
    if not upload_ids:
        return []
    if len(upload_ids) > most or len(set(upload_ids)) < len(upload_ids):
        raise InvalidInputError(FieldProblem(path, "field.too_many_files", {"most": most}))
    found = {
        upload.id: upload
        for upload in await session.scalars(
            select(Upload)
            .where(
                Upload.id.in_(upload_ids),
                Upload.customer_id == customer_id,
                Upload.purpose == purpose,
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


async def use_up(session: AsyncSession, uploads: Sequence[Upload]) -> None:
    """Forget files that something else stands for now; what lies in the store stays."""
    if uploads:
        taken = [upload.id for upload in uploads]
        await session.execute(
            delete(Upload).where(Upload.id.in_(taken)).execution_options(synchronize_session=False)
        )
