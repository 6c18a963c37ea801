"""GraphQL types of submissions: what the viewer changed or handed in, and what became of it."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import submissions as models
from backend.paging import Page
from backend.resolvers import submissions as resolvers
from backend.schema.contracts import Contract
from backend.schema.fields import attribute, computed, field, mutation, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, PageInfo, node_id
from backend.schema.receipts import Receipt
from backend.schema.refusals import NotFound, NotSignedIn
from backend.services.institutions import load_institutions
from backend.services.receipts import load_receipts
from backend.services.submission_lists import load_steps_of


@strawberry.type(description="One state that a submission came to.")
class SubmissionStep:
    state: models.SubmissionState = attribute(SIGNED_IN, "The state.")
    occurred_at: datetime = attribute(SIGNED_IN, "When it came to it.")


@strawberry.type(
    description="A change or claim of the viewer on its way to an institution's core system."
)
class Submission(Node):
    id: strawberry.ID = node_id("Submission")
    reference: str = attribute(SIGNED_IN, "What the institution knows it by.")
    kind: models.SubmissionKind = attribute(SIGNED_IN, "What was submitted.")
    subject: str = computed(
        SIGNED_IN, resolvers.subject_of, "What it is about, in the customer's language."
    )
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "To whom.", key="institution_id"
    )
    contract: Contract | None = field(
        SIGNED_IN, resolvers.contract_of, "The contract that it is about, if one."
    )
    state: models.SubmissionState = attribute(SIGNED_IN, "Where it stands.")
    created_at: datetime = attribute(SIGNED_IN, "When it was submitted.")
    due_at: datetime = attribute(
        SIGNED_IN, "When somebody is asked to look after it, should no answer come."
    )
    transmitted_at: datetime | None = attribute(SIGNED_IN, "When the core system had it.")
    answered_at: datetime | None = attribute(SIGNED_IN, "When it was confirmed or refused.")
    refusal_reason: str | None = computed(
        SIGNED_IN, resolvers.refusal_reason_of, "Why it was refused, in the institution's words."
    )
    answer_read_at: datetime | None = attribute(SIGNED_IN, "When the viewer first saw the answer.")
    steps: list[SubmissionStep] = relation(
        SIGNED_IN, load_steps_of, "The states it went through, in order.", default=list
    )
    receipt: Receipt | None = relation(
        SIGNED_IN, load_receipts, "The proof that it was submitted.", key="receipt_id"
    )

    is_type_of = represents(models.Submission)


@strawberry.type(description="A submission in a list.")
class SubmissionEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Submission = attribute(SIGNED_IN, "The submission.")


@strawberry.type(description="A page of submissions.")
class SubmissionConnection:
    edges: list[SubmissionEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Submission] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many match in all.")

    is_type_of = represents(Page)


MarkSubmissionReadResult = Annotated[
    Submission | NotFound | NotSignedIn,
    strawberry.union(
        "MarkSubmissionReadResult", description="The submission, or why it was refused."
    ),
]


@strawberry.type
class SubmissionMutations:
    mark_submission_read: MarkSubmissionReadResult = mutation(
        SIGNED_IN,
        resolvers.mark_submission_read,
        "Record that the viewer has read the answer to a submission; the first time counts.",
    )
