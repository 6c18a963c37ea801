"""GraphQL type of the signed-in customer: the personal root."""

from datetime import datetime

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.models.sign_in import AssuranceLevel
from backend.resolvers import contracts
from backend.resolvers import viewer as resolvers
from backend.schema.contracts import ContractConnection
from backend.schema.fields import attribute, field, represents
from backend.schema.nodes import Node, node_id
from backend.services import sessions



@strawberry.type(description="The session through which the viewer is here.")
class Session:
    signed_in_at: datetime = attribute(SIGNED_IN, "When it began.")
    expires_at: datetime = attribute(SIGNED_IN, "When it ends in any case.")
    idle_expires_at: datetime = attribute(SIGNED_IN, "When it ends unless used before.")
    assurance_level: AssuranceLevel = attribute(SIGNED_IN, "How well the viewer is known.")


@strawberry.type(description="The signed-in customer.")
class Viewer(Node):
    id: strawberry.ID = node_id("Viewer")
    display_name: str = attribute(SIGNED_IN, "Name for the greeting.")
    given_name: str = attribute(SIGNED_IN, "Given name.")
    family_name: str = attribute(SIGNED_IN, "Family name.")
    email_address: str = attribute(SIGNED_IN, "Address to which notices go.")
    masked_phone_number: str = attribute(SIGNED_IN, "Phone with all but its last digits hidden.")
    session: Session = field(SIGNED_IN, resolvers.session_of, "This session.")
    contracts: ContractConnection = field(
        SIGNED_IN, contracts.list_contracts, "Contracts that the viewer may see."
    )

    is_type_of = represents(sessions.Viewer)


@strawberry.type
class ViewerQueries:
    viewer: Viewer | None = field(
        PUBLIC, resolvers.get_viewer, "The signed-in customer; null when nobody is signed in."
    )
    node: Node | None = field(
        PUBLIC,
        resolvers.get_node,
        "An object of the viewer by its id; null if absent or somebody else's.",
    )
    nodes: list[Node | None] = field(
        PUBLIC,
        resolvers.get_nodes,
        "Objects by id in the order asked, at most 100; null if absent or somebody else's.",
    )
