"""GraphQL types for the forms of the download centre."""

from datetime import date

import strawberry

from backend.access import SIGNED_IN
from backend.models import forms as models
from backend.paging import Page
from backend.resolvers import forms as resolvers
from backend.schema.fields import attribute, computed, field, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, PageInfo, node_id
from backend.services.institutions import load_institutions


@strawberry.type(description="A form of an institution, to be filled in and sent back.")
class Form(Node):
    id: strawberry.ID = node_id("Form")
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Who offers it and takes it back.", key="institution_id"
    )
    category: models.FormCategory = attribute(SIGNED_IN, "What it is for.")
    title: str = field(SIGNED_IN, resolvers.title_of, "Its title.")
    description: str = field(SIGNED_IN, resolvers.description_of, "When it is needed.")
    version: str = attribute(SIGNED_IN, "The version, as the institution counts.")
    valid_from: date = attribute(
        SIGNED_IN, "The first day on which it is offered.", name="startDate"
    )
    valid_until: date | None = attribute(
        SIGNED_IN, "The last day on which it is offered.", name="endDate"
    )
    size: int = attribute(SIGNED_IN, "Bytes of the PDF.")
    sha256: str = attribute(SIGNED_IN, "SHA-256 of the PDF, hexadecimal.")
    file_name: str = attribute(SIGNED_IN, "Name for saving it.")
    download_url: str = computed(
        SIGNED_IN,
        resolvers.download_url_of,
        "Path under which the PDF can be fetched with the same session.",
    )

    is_type_of = represents(models.Form)


@strawberry.type(description="A form in a list.")
class FormEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Form = attribute(SIGNED_IN, "The form.")


@strawberry.type(description="A page of forms.")
class FormConnection:
    edges: list[FormEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Form] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many match in all.")

    is_type_of = represents(Page)
