"""GraphQL type of a file that was sent and that nothing uses yet."""

from datetime import datetime

import strawberry

from backend.access import SIGNED_IN
from backend.inspection.refusals import UploadRefusal
from backend.models import uploads as models
from backend.resolvers import uploads as resolvers
from backend.schema.fields import attribute, computed, represents
from backend.schema.nodes import Node, node_id


@strawberry.type(
    description="A file that came by POST /uploads. Ask by `node` until its state is settled."
)
class Upload(Node):
    id: strawberry.ID = node_id("Upload")
    file_name: str = attribute(SIGNED_IN, "Its name, cleaned.")
    media_type: str = attribute(
        SIGNED_IN, "What it is once accepted; before, what its sender said."
    )
    size: int = attribute(SIGNED_IN, "Size in bytes, as received or as accepted.")
    state: models.UploadState = attribute(SIGNED_IN, "How far it has come.")
    refusal: UploadRefusal | None = attribute(SIGNED_IN, "Why it was refused, for programs.")
    message: str | None = computed(
        SIGNED_IN, resolvers.message_of, "Why it was refused and what to do, for the customer."
    )
    expires_at: datetime = attribute(SIGNED_IN, "When it is deleted unless something uses it.")

    is_type_of = represents(models.Upload)
