"""Resolve files that nothing uses yet."""

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.models.uploads import Upload
from backend.services import uploads
from backend.wording import word


def message_of(root: strawberry.Parent[Upload], info: Info) -> str | None:
    """Word why a file was refused."""
    if root.refusal is None:
        return None
    return word(f"upload.{root.refusal.value}", info.context.locale)


async def find_upload(session: AsyncSession, context: Context, upload_id: int) -> Upload | None:
    """Find an upload for `node`."""
    return await uploads.find_upload(
        session, customer_id=context.signed_in.customer_id, upload_id=upload_id
    )
