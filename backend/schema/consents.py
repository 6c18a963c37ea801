"""GraphQL types for consents and delivery preferences."""

from datetime import datetime

import strawberry

from backend.access import SIGNED_IN
from backend.models import consents as models
from backend.schema.fields import attribute, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, node_id
from backend.services import consents
from backend.services.institutions import load_institutions


@strawberry.type(description="Where the viewer stands on one purpose; each is decided on its own.")
class Consent(Node):
    id: strawberry.ID = node_id("Consent")
    purpose: models.ConsentPurpose = attribute(SIGNED_IN, "What it is about.")
    state: models.ConsentState = attribute(SIGNED_IN, "NOT_GRANTED unless the viewer agreed.")
    decided_at: datetime | None = attribute(
        SIGNED_IN, "When the viewer last decided; null if never."
    )

    is_type_of = represents(consents.Consent)


@strawberry.type(description="How letters of one institution reach the viewer.")
class DeliveryPreference:
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Whose letters.", key="institution_id"
    )
    channel: models.DeliveryChannel = attribute(
        SIGNED_IN, "PAPER adds a printed letter; the copy in the postbox is there either way."
    )
    since: datetime | None = attribute(
        SIGNED_IN,
        "Since when: the viewer's choice, or the registration; null for paper by default.",
    )
