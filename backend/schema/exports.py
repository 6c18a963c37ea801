"""GraphQL type of the export of everything."""

from datetime import datetime

import strawberry

from backend.access import SIGNED_IN
from backend.resolvers import exports as resolvers
from backend.schema.fields import attribute, computed, represents
from backend.services import exports


@strawberry.type(description="All documents and data of the viewer as one ZIP, made on demand.")
class DataExport:
    download_url: str = computed(
        SIGNED_IN,
        resolvers.download_url_of,
        "Path under which the ZIP can be fetched with the same session; each time a mail tells.",
    )
    document_count: int = attribute(SIGNED_IN, "How many documents it would hold now.")
    document_megabytes: int = attribute(
        SIGNED_IN, "How many megabytes they have together, rounded up."
    )
    available_at: datetime | None = attribute(
        SIGNED_IN, "When the next one is possible after several; null: now."
    )

    is_type_of = represents(exports.DataExport)
