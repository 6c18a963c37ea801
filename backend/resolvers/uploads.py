"""Resolve files that nothing uses yet."""

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.inspection.refusals import UploadRefusal
from backend.models.uploads import Upload, UploadPurpose
from backend.services import uploads
from backend.wording import word

# What to do about these is something else than with a photo or a PDF.
_OF_BANK_FILES = frozenset(
    {
        UploadRefusal.DAMAGED,
        UploadRefusal.ACTIVE_CONTENT,
        UploadRefusal.TOO_COMPLEX,
        UploadRefusal.CHECK_FAILED,
    }
)


def message_of(root: strawberry.Parent[Upload], info: Info) -> str | None:
    """Word why a file was refused."""
    if root.refusal is None:
        return None
    is_statement = root.purpose is UploadPurpose.ACCOUNT_STATEMENT
    group = "statement_file" if is_statement and root.refusal in _OF_BANK_FILES else "upload"
    return word(f"{group}.{root.refusal.value}", info.context.locale)


async def find_upload(session: AsyncSession, context: Context, upload_id: int) -> Upload | None:
    """Find an upload for `node`."""
    return await uploads.find_upload(
        session, customer_id=context.signed_in.customer_id, upload_id=upload_id
    )
