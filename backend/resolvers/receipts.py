"""Resolve the viewer's receipts."""

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import encode_id
from backend.models.receipts import Receipt
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import receipts
from backend.wording import word


async def list_receipts(
    info: Info, first: First = DEFAULT_PAGE, after: After = None
) -> Page[Receipt]:
    """List the viewer's receipts."""
    async with info.context.transaction() as session:
        return await receipts.list_receipts(
            session, customer_id=info.context.signed_in.customer_id, first=first, after=after
        )


async def find_receipt(session: AsyncSession, context: Context, receipt_id: int) -> Receipt | None:
    """Find one of the viewer's receipts for `node`."""
    return await receipts.find_receipt(
        session, customer_id=context.signed_in.customer_id, receipt_id=receipt_id
    )


def download_url_of(root: strawberry.Parent[Receipt], info: Info) -> str:
    """Return where the file can be fetched."""
    name = word("receipt.file_name", info.context.locale, position=root.position)
    return f"/receipts/{encode_id('Receipt', root.id)}/{name}"
