"""GraphQL types for the postbox and its documents."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import documents as models
from backend.models import notices as notice_models
from backend.models.notices import NoticeChannel, NoticeFailure, NoticeState
from backend.paging import Page
from backend.resolvers import documents as resolvers
from backend.schema.contracts import Contract
from backend.schema.fields import attribute, computed, field, mutation, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, PageInfo, node_id
from backend.schema.refusals import InvalidPeriod, NotFound, NotSignedIn
from backend.services import decision_dates as dates
from backend.services.institutions import load_institutions
from backend.services.notices import load_notices_of


@strawberry.type(description="A message that told the viewer of a document.")
class Notice:
    channel: NoticeChannel = attribute(SIGNED_IN, "By what it was sent.")
    state: NoticeState = attribute(SIGNED_IN, "How far it has come.")
    email_address: str | None = attribute(SIGNED_IN, "Where a mail went.")
    announced_at: datetime | None = attribute(
        SIGNED_IN, "When the mail server or push service took it."
    )
    failed_at: datetime | None = attribute(SIGNED_IN, "When it turned out not to get through.")
    failure: NoticeFailure | None = attribute(SIGNED_IN, "Why it did not get through.")

    is_type_of = represents(notice_models.Notice)


@strawberry.type(description="The dates of an official decision; null: not known yet.")
class DecisionDates:
    notified_at: datetime | None = attribute(SIGNED_IN, "When the notice was sent.")
    deemed_announced_on: date | None = attribute(
        SIGNED_IN, "The day on which it counts as announced by law."
    )
    first_retrieved_at: datetime | None = attribute(
        SIGNED_IN, "When it was first opened or downloaded."
    )
    objection_ends_on: date | None = attribute(SIGNED_IN, "The last day for an objection.")

    is_type_of = represents(dates.DecisionDates)


@strawberry.type(description="A document the viewer received or sent; it never changes.")
class Document(Node):
    id: strawberry.ID = node_id("Document")
    direction: models.DocumentDirection = attribute(SIGNED_IN, "Received or sent.")
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Who sent or got it.", key="institution_id"
    )
    contract: Contract | None = field(
        SIGNED_IN, resolvers.contract_of, "The contract it is about, if the viewer may see it."
    )
    kind: models.DocumentKind = attribute(SIGNED_IN, "What it is.")
    subject: str = attribute(SIGNED_IN, "Subject.")
    sender: str = attribute(SIGNED_IN, "Who wrote it.")
    document_date: date = attribute(SIGNED_IN, "Date printed on it.")
    received_at: datetime = attribute(SIGNED_IN, "When it arrived in the postbox.")
    first_opened_at: datetime | None = attribute(SIGNED_IN, "When it was first opened.")
    first_downloaded_at: datetime | None = attribute(
        SIGNED_IN, "When its content was first downloaded whole."
    )
    notices: list[Notice] = relation(
        SIGNED_IN,
        load_notices_of,
        "How the viewer was told of it, the first one first.",
        default=list,
    )
    paper_ordered_at: datetime | None = field(
        SIGNED_IN, resolvers.paper_ordered_at_of, "When it was ordered on paper, too."
    )
    decision_dates: DecisionDates | None = field(
        SIGNED_IN,
        resolvers.decision_dates_of,
        "What follows from the notice; null unless it is an official decision to the viewer.",
    )
    archived_at: datetime | None = attribute(
        SIGNED_IN, "When the viewer put it into the archive; null if it is not there."
    )
    is_unread: bool = attribute(SIGNED_IN, "Whether it was received and not opened yet.")
    is_official_decision: bool = attribute(
        SIGNED_IN, "Whether it is an official decision against which one can object."
    )
    media_type: str = attribute(SIGNED_IN, "Media type of the content.")
    size: int = attribute(SIGNED_IN, "Bytes of the content.")
    sha256: str = attribute(SIGNED_IN, "SHA-256 of the content, hexadecimal.")
    file_name: str = attribute(SIGNED_IN, "Name for saving it.")
    download_url: str = computed(
        SIGNED_IN,
        resolvers.download_url_of,
        "Path under which the content can be fetched with the same session.",
    )

    is_type_of = represents(models.Document)


@strawberry.type(description="A document in a list.")
class DocumentEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Document = attribute(SIGNED_IN, "The document.")


@strawberry.type(description="A page of documents.")
class DocumentConnection:
    edges: list[DocumentEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Document] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many match; counted up to 200.")
    has_more_than_counted: bool = attribute(
        SIGNED_IN, "Whether more match than `totalCount` says, which is 200 then."
    )

    is_type_of = represents(Page)


DocumentListResult = Annotated[
    DocumentConnection | InvalidPeriod,
    strawberry.union("DocumentListResult", description="A page, or why the filter is refused."),
]


@strawberry.type(description="What the institutions wrote to the viewer and got from them.")
class Postbox:
    documents: DocumentListResult = field(
        SIGNED_IN, resolvers.list_documents, "Documents by arrival."
    )
    unread_count: int = field(
        SIGNED_IN, resolvers.count_unread, "How many were received and neither opened nor archived."
    )


ArchiveDocumentResult = Annotated[
    Document | NotFound | NotSignedIn,
    strawberry.union("ArchiveDocumentResult", description="The document, or why it was refused."),
]

UnarchiveDocumentResult = Annotated[
    Document | NotFound | NotSignedIn,
    strawberry.union("UnarchiveDocumentResult", description="The document, or why it was refused."),
]

OpenDocumentResult = Annotated[
    Document | NotFound | NotSignedIn,
    strawberry.union("OpenDocumentResult", description="The document, or why it was refused."),
]


@strawberry.type
class DocumentMutations:
    open_document: OpenDocumentResult = mutation(
        SIGNED_IN,
        resolvers.open_document,
        "Record that the viewer has opened a document; the first time counts.",
    )
    archive_document: ArchiveDocumentResult = mutation(
        SIGNED_IN,
        resolvers.archive_document,
        "Put a document into the archive; nothing else about it changes.",
    )
    unarchive_document: UnarchiveDocumentResult = mutation(
        SIGNED_IN, resolvers.unarchive_document, "Take a document out of the archive."
    )
