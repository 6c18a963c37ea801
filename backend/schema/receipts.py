"""GraphQL types of receipts: what the viewer submitted, and the proof of it."""

from datetime import datetime

import strawberry

from backend.access import SIGNED_IN
from backend.models import receipts as models
from backend.paging import Page
from backend.resolvers import receipts as resolvers
from backend.schema.fields import attribute, computed, represents
from backend.schema.nodes import Node, PageInfo, node_id


@strawberry.type(
    description=(
        "The signed proof that something was submitted: what, when, and at which place of the "
        "append-only log. Its file can be verified without the portal."
    )
)
class Receipt(Node):
    id: strawberry.ID = node_id("Receipt")
    kind: models.ReceiptKind = attribute(SIGNED_IN, "What was submitted.")
    subject: str = attribute(SIGNED_IN, "What it is about, in the customer's language.")
    sha256: str = attribute(SIGNED_IN, "SHA-256 of what was submitted, hexadecimal.")
    issued_at: datetime = attribute(SIGNED_IN, "When it was submitted.")
    position: int = attribute(SIGNED_IN, "Its place in the log, counted from 0; the tracking id.")
    download_url: str = computed(
        SIGNED_IN,
        resolvers.download_url_of,
        "Path under which the file to keep can be fetched with the same session.",
    )

    is_type_of = represents(models.Receipt)


@strawberry.type(description="A receipt in a list.")
class ReceiptEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Receipt = attribute(SIGNED_IN, "The receipt.")


@strawberry.type(description="A page of receipts.")
class ReceiptConnection:
    edges: list[ReceiptEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Receipt] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many there are in all.")

    is_type_of = represents(Page)
