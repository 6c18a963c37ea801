"""GraphQL types of claims: what can be handed in where, sealed files, and how far each claim is."""

import uuid
from datetime import date, datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.claim_envelope import ClaimsKeyAlgorithm
from backend.inspection.refusals import UploadRefusal
from backend.models import claims as models
from backend.paging import Page
from backend.resolvers import claims as resolvers
from backend.schema.claim_refusals import (
    ClaimsKeyExpired,
    ContractNotEligible,
    DesktopNotAccepted,
    FormatNotAccepted,
)
from backend.schema.contracts import Contract
from backend.schema.documents import Document
from backend.schema.fields import attribute, computed, field, mutation, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, PageInfo, node_id
from backend.schema.receipts import Receipt
from backend.schema.refusals import Conflict, InvalidInput, NotFound, NotSignedIn, TooManyAttempts
from backend.schema.scalars import Money
from backend.services.claims import ClaimAction, load_receipts, load_sealed_files, load_steps_of
from backend.services.institutions import load_institutions


@strawberry.type(description="A public key of the claims department, to which files are sealed.")
class ClaimsKey:
    id: strawberry.ID = computed(
        SIGNED_IN, resolvers.key_id_of, "Opaque id: `submitClaim` and the sealed file name it."
    )
    algorithm: ClaimsKeyAlgorithm = attribute(SIGNED_IN, "How to seal.")
    public_key: str = computed(SIGNED_IN, resolvers.public_key_of, "The key, base64url.")
    expires_at: datetime = attribute(SIGNED_IN, "Seal to a newer one from then on.")


@strawberry.type(description="A contract on which a kind of document can be handed in.")
class ClaimableContract:
    contract: Contract = attribute(SIGNED_IN, "The contract.")
    formats: list[models.ClaimFormat] = attribute(SIGNED_IN, "What its institution takes.")
    largest_bytes: int = attribute(SIGNED_IN, "The most that a file may have, before it is sealed.")
    most_pages: int = attribute(SIGNED_IN, "The most pages that a PDF may have.")
    is_open_to_desktops: bool = attribute(
        SIGNED_IN, "Whether desktop browsers may hand in here, too; phones and tablets always may."
    )


@strawberry.type(description="A sealed file on its way in; its parts go to `uploadUrl`.")
class ClaimDocument(Node):
    id: strawberry.ID = node_id("ClaimDocument")
    size: int = attribute(SIGNED_IN, "Bytes of the sealed file.")
    sha256: str = attribute(SIGNED_IN, "SHA-256 of the sealed file, hexadecimal.")
    received_bytes: int = attribute(SIGNED_IN, "How many bytes are safe; go on from there.")
    is_complete: bool = attribute(SIGNED_IN, "Whether all of it came and its hash is right.")
    part_size: int = computed(
        SIGNED_IN, resolvers.part_size_of, "Bytes of each part; the last one has what is left."
    )
    upload_url: str = computed(
        SIGNED_IN, resolvers.upload_url_of, "Path to which parts are sent with the same session."
    )
    expires_at: datetime | None = attribute(
        SIGNED_IN, "When it is forgotten unless a claim is submitted with it; null once one is."
    )

    is_type_of = represents(models.ClaimDocument)


@strawberry.type(description="When a claim came to a status.")
class ClaimStep:
    status: models.ClaimStatus = attribute(SIGNED_IN, "The status.")
    occurred_on: date = attribute(SIGNED_IN, "The day.")


@strawberry.type(description="Something that the viewer handed in to be paid back.")
class Claim(Node):
    id: strawberry.ID = node_id("Claim")
    idempotency_key: uuid.UUID = computed(
        SIGNED_IN, resolvers.idempotency_key_of, "The key under which it was submitted."
    )
    kind: models.ClaimKind = attribute(SIGNED_IN, "What was handed in.")
    format: models.ClaimFormat = attribute(SIGNED_IN, "As what.")
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "To whom.", key="institution_id"
    )
    contract: Contract | None = field(
        SIGNED_IN, resolvers.contract_of, "On which contract, if the viewer may still see it."
    )
    document: ClaimDocument = relation(
        SIGNED_IN, load_sealed_files, "The sealed file.", key="claim_document_id"
    )
    receipt: Receipt | None = relation(
        SIGNED_IN, load_receipts, "Proof of the sealed file, its time and place.", key="receipt_id"
    )
    submitted_at: datetime = attribute(SIGNED_IN, "When it was submitted.")
    status: models.ClaimStatus = attribute(SIGNED_IN, "Where it stands.")
    steps: list[ClaimStep] = relation(
        SIGNED_IN, load_steps_of, "When it came where, in order.", default=list
    )
    next_action: ClaimAction = field(
        SIGNED_IN, resolvers.next_action_of, "What the viewer can do next."
    )
    refusal: UploadRefusal | None = attribute(SIGNED_IN, "Why the file was refused, for programs.")
    refusal_message: str | None = computed(
        SIGNED_IN,
        resolvers.refusal_message_of,
        "Why the file was refused and how to hand it in again, for the customer.",
    )
    amount_claimed: Money | None = attribute(
        SIGNED_IN, "What the documents add up to, as the institution read them."
    )
    amount_reimbursed: Money | None = attribute(SIGNED_IN, "What is paid back.")
    benefit_statement: Document | None = field(
        SIGNED_IN, resolvers.statement_of, "The benefit statement, once it is in the postbox."
    )

    is_type_of = represents(models.Claim)


@strawberry.type(description="A claim in a list.")
class ClaimEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Claim = attribute(SIGNED_IN, "The claim.")


@strawberry.type(description="A page of claims.")
class ClaimConnection:
    edges: list[ClaimEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Claim] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many there are in all.")

    is_type_of = represents(Page)


StartClaimDocumentResult = Annotated[
    ClaimDocument | InvalidInput | TooManyAttempts | NotSignedIn,
    strawberry.union(
        "StartClaimDocumentResult", description="The file to send, or why it was refused."
    ),
]
SubmitClaimResult = Annotated[
    Claim
    | ContractNotEligible
    | FormatNotAccepted
    | DesktopNotAccepted
    | ClaimsKeyExpired
    | InvalidInput
    | NotFound
    | Conflict
    | TooManyAttempts
    | NotSignedIn,
    strawberry.union("SubmitClaimResult", description="The claim, or why it was refused."),
]


@strawberry.type
class ClaimMutations:
    start_claim_document: StartClaimDocumentResult = mutation(
        SIGNED_IN, resolvers.start_claim_document, "Announce a sealed file; its parts follow."
    )
    submit_claim: SubmitClaimResult = mutation(
        SIGNED_IN, resolvers.submit_claim, "Hand in a sealed file, once per idempotency key."
    )
