"""Resolve the postbox and its documents."""

from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_filter_id, decode_id, encode_id
from backend.models.contracts import Contract
from backend.models.documents import Document, DocumentDirection
from backend.models.print_orders import PrintOrder
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import contracts, document_index, documents, notices, postbox
from backend.services.decision_dates import DecisionDates, decision_dates
from backend.services.postbox import DocumentOrder
from backend.services.sessions import Viewer


@strawberry.input(
    description=(
        "Which documents to list; conditions add up. Half-open: from <= received < to, in days of "
        "Europe/Berlin; from later than to is refused."
    )
)
class DocumentFilter:
    """Conditions on documents."""

    direction: DocumentDirection | None = strawberry.field(
        default=None, description="Received or sent."
    )
    contract: strawberry.ID | None = strawberry.field(
        default=None, description="Only documents about this contract."
    )
    institution: strawberry.ID | None = strawberry.field(
        default=None, description="Only documents of this institution."
    )
    subject: str | None = strawberry.field(default=None, description="Text in the subject.")
    search: str | None = strawberry.field(
        default=None,
        description="Words in subject, sender or text: all of them, in any form and order.",
    )
    from_: date | None = strawberry.field(default=None, name="from", description="First day.")
    to: date | None = strawberry.field(default=None, description="Day after the last.")
    is_unread: bool | None = strawberry.field(
        default=None, description="Only those not opened yet, or only the others."
    )
    is_archived: bool | None = strawberry.field(
        default=None, description="Only those in the archive, or only the others."
    )


async def list_documents(  # the arguments of the field in GraphQL
    root: strawberry.Parent[Viewer],
    info: Info,
    filter: Annotated[  # noqa: A002  # the argument's name in GraphQL
        DocumentFilter | None, strawberry.argument(description="Conditions; none: all documents.")
    ] = None,
    order_by: Annotated[
        DocumentOrder, strawberry.argument(description="By arrival.")
    ] = DocumentOrder.NEWEST_FIRST,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Page[Document]:
    """List the documents of the viewer's postbox."""
    wanted = filter or DocumentFilter()
    async with info.context.transaction() as session:
        words = await document_index.load_search(
            session, info.context.house.keys, customer_id=root.customer_id, text=wanted.search
        )
        return await postbox.list_documents(
            session,
            customer_id=root.customer_id,
            now=info.context.house.clock.now(),
            policy=info.context.house.policy,
            wanted=postbox.DocumentFilter(
                direction=wanted.direction,
                contract_id=decode_filter_id(wanted.contract, "Contract"),
                institution_id=decode_filter_id(wanted.institution, "Institution"),
                subject=wanted.subject,
                words=words,
                from_date=wanted.from_,
                to_date=wanted.to,
                is_unread=wanted.is_unread,
                is_archived=wanted.is_archived,
            ),
            order=order_by,
            first=first,
            after=after,
        )


async def count_unread(root: strawberry.Parent[Viewer], info: Info) -> int:
    """Count what the viewer has yet to open."""
    async with info.context.transaction() as session:
        return await postbox.count_unread(
            session, customer_id=root.customer_id, now=info.context.house.clock.now()
        )


async def contract_of(root: strawberry.Parent[Document], info: Info) -> Contract | None:
    """Return the contract a document is about, if it is visible to the viewer (F40)."""
    if root.contract_id is None:
        return None
    contract: Contract | None = await info.context.load(
        contracts.load_visible_contracts,
        root.contract_id,
        customer_id=info.context.signed_in.customer_id,
        today=info.context.today,
        policy=info.context.house.policy,
    )
    return contract


async def paper_ordered_at_of(root: strawberry.Parent[Document], info: Info) -> datetime | None:
    """Return when a document was ordered on paper."""
    order: PrintOrder | None = await info.context.load(notices.load_print_orders_of, root.id)
    return None if order is None else order.ordered_at


async def decision_dates_of(root: strawberry.Parent[Document], info: Info) -> DecisionDates | None:
    """Return what follows from the notice of an official decision."""
    if not root.is_official_decision:
        return None
    sent = await info.context.load(notices.load_notices_of, root.id, default=list)
    return decision_dates(root, sent, policy=info.context.house.policy)


def download_url_of(root: strawberry.Parent[Document]) -> str:
    """Return where the content can be fetched."""
    return f"/documents/{encode_id('Document', root.id)}/{quote(root.file_name, safe='')}"


async def open_document(
    info: Info,
    document: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
) -> Document:
    """Record that the viewer opened a document."""
    viewer = info.context.signed_in
    async with info.context.transaction() as session:
        return await documents.open_document(
            session,
            customer_id=viewer.customer_id,
            document_id=decode_id(document, "Document"),
            now=info.context.house.clock.now(),
        )


async def archive_document(
    info: Info,
    document: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
) -> Document:
    """Put a document into the archive."""
    async with info.context.transaction() as session:
        return await documents.archive_document(
            session,
            customer_id=info.context.signed_in.customer_id,
            document_id=decode_id(document, "Document"),
            now=info.context.house.clock.now(),
        )


async def unarchive_document(
    info: Info,
    document: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
) -> Document:
    """Take a document out of the archive."""
    async with info.context.transaction() as session:
        return await documents.unarchive_document(
            session,
            customer_id=info.context.signed_in.customer_id,
            document_id=decode_id(document, "Document"),
            now=info.context.house.clock.now(),
        )


async def find_document(
    session: AsyncSession, context: Context, document_id: int
) -> Document | None:
    """Find a document for `node`."""
    return await documents.find_document(
        session,
        customer_id=context.signed_in.customer_id,
        document_id=document_id,
        now=context.house.clock.now(),
    )
