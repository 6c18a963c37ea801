"""GraphQL types and the mutation for a customer's personal details."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import personal_details as models
from backend.resolvers import personal_details as resolvers
from backend.schema.approvals import ApprovalRequired
from backend.schema.bank_account_refusals import NotChangeableHere
from backend.schema.contracts import Contract
from backend.schema.documents import Document
from backend.schema.fields import attribute, computed, mutation, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, node_id
from backend.schema.refusals import (
    ApprovalMethodUnavailable,
    Conflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
)
from backend.services import personal_details as services
from backend.services import personal_details_records, personal_details_reviews
from backend.services.institutions import load_institutions
from backend.services.personal_details_evidence import load_evidence_of


@strawberry.type(description="Where somebody lives.")
class PostalAddress:
    street: str = attribute(SIGNED_IN, "Street and number.")
    postal_code: str = attribute(SIGNED_IN, "Postal code; empty where there is none.")
    city: str = attribute(SIGNED_IN, "City.")
    country: str = attribute(SIGNED_IN, "By ISO 3166, or as the institution wrote it.")
    line: str = attribute(SIGNED_IN, "All of it in one line.")


@strawberry.type(description="What somebody is called.")
class PersonName:
    title: str | None = attribute(SIGNED_IN, "Academic title.")
    given_name: str = attribute(SIGNED_IN, "Given name.")
    family_name: str = attribute(SIGNED_IN, "Family name.")
    line: str = attribute(SIGNED_IN, "All of it in one line.")


@strawberry.type(
    description="A change of address or name that an institution was asked for; it stays on file."
)
class PersonalDetailsChange(Node):
    id: strawberry.ID = node_id("PersonalDetailsChange")
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Who was asked.", key="institution_id"
    )
    kind: models.PersonalDetailsKind = attribute(SIGNED_IN, "Which details.")
    state: models.PersonalDetailsState = attribute(SIGNED_IN, "How far it has come.")
    before: str | None = attribute(SIGNED_IN, "What stood there when it was asked for.")
    after: str = attribute(SIGNED_IN, "What was asked for.")
    effective_from: date = attribute(
        SIGNED_IN, "First day on which it holds.", name="effectiveDate"
    )
    changed_at: datetime = attribute(SIGNED_IN, "When the customer approved it.")
    answered_at: datetime | None = attribute(SIGNED_IN, "When the institution answered.")
    refused_because: str | None = attribute(SIGNED_IN, "Why the institution refused it.")
    evidence: list[Document] = relation(
        SIGNED_IN, load_evidence_of, "What was sent along to prove it.", default=list
    )

    is_type_of = represents(models.PersonalDetailsChange)


@strawberry.type(description="What one institution has of the viewer.")
class PersonalDetails:
    institution: Institution = attribute(SIGNED_IN, "Which one.")
    name: PersonName = attribute(SIGNED_IN, "The name in its newest contract.")
    address: PostalAddress | None = attribute(
        SIGNED_IN, "The address in its newest contract that has one."
    )
    address_refusal: str | None = computed(
        SIGNED_IN,
        resolvers.address_refusal_of,
        "Why the address can't be changed here; null: it can.",
    )
    name_refusal: str | None = computed(
        SIGNED_IN, resolvers.name_refusal_of, "Why the name can't be changed here; null: it can."
    )
    changes: list[PersonalDetailsChange] = attribute(
        SIGNED_IN, "Everything it was asked to change, the newest first."
    )

    is_type_of = represents(services.PersonalDetails)


@strawberry.type(description="What new details would change with one institution.")
class ReviewedInstitution:
    institution: Institution = attribute(SIGNED_IN, "Which one.")
    version: int = attribute(SIGNED_IN, "Counts the changes; hand it to `changePersonalDetails`.")
    before: str | None = attribute(SIGNED_IN, "What stands there today.")
    contracts: list[Contract] = attribute(SIGNED_IN, "The contracts in which it stands.")


@strawberry.type(description="What new details would change. Nothing is done yet.")
class PersonalDetailsReview:
    kind: models.PersonalDetailsKind = attribute(SIGNED_IN, "Which details.")
    after: str = attribute(SIGNED_IN, "The new details in one line.")
    effective_from: date = attribute(
        SIGNED_IN, "First day on which they hold.", name="effectiveDate"
    )
    institutions: list[ReviewedInstitution] = attribute(SIGNED_IN, "Who will learn of it.")

    is_type_of = represents(personal_details_reviews.PersonalDetailsReview)


@strawberry.type(
    description="The new details are on their way to the institutions; each confirms or refuses."
)
class PersonalDetailsChanged:
    changes: list[PersonalDetailsChange] = attribute(SIGNED_IN, "One for each institution.")

    is_type_of = represents(personal_details_records.PersonalDetailsChanged)


ReviewPersonalDetailsResult = Annotated[
    PersonalDetailsReview | InvalidInput | NotChangeableHere | NotFound,
    strawberry.union("ReviewPersonalDetailsResult", description="What would change, or a refusal."),
]
ChangePersonalDetailsResult = Annotated[
    ApprovalRequired
    | PersonalDetailsChanged
    | InvalidInput
    | NotChangeableHere
    | Conflict
    | NotFound
    | ApprovalMethodUnavailable
    | TooManyAttempts
    | NotSignedIn,
    strawberry.union(
        "ChangePersonalDetailsResult",
        description="What to approve; the change itself, if it was approved under this key before; "
        "or a refusal.",
    ),
]


@strawberry.type
class PersonalDetailsMutations:
    change_personal_details: ChangePersonalDetailsResult = mutation(
        SIGNED_IN,
        resolvers.change_personal_details,
        "Change address or name as reviewed, with all of these institutions, once approved.",
    )
