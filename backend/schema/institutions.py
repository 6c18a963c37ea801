"""GraphQL types for institutions and the house itself."""

from datetime import date

import strawberry

from backend.access import PUBLIC
from backend.models import institutions as models
from backend.resolvers import institutions as resolvers
from backend.resolvers import push_subscriptions as push_resolvers
from backend.schema.fields import attribute, computed, field, represents
from backend.schema.nodes import Node, node_id


@strawberry.type(description="Where a customer reaches a person.")
class ContactPoint:
    name: str = attribute(PUBLIC, "Who answers.")
    phone: str = attribute(PUBLIC, "Phone number as printed.")
    email: str = attribute(PUBLIC, "E-mail address.")
    street: str = attribute(PUBLIC, "Street and number.")
    postal_code: str = attribute(PUBLIC, "Postal code.")
    city: str = attribute(PUBLIC, "City.")
    hours: str = attribute(PUBLIC, "When somebody answers.")


@strawberry.type(description="The legal person that keeps the postbox and sends its notices.")
class Trustee:
    name: str = attribute(PUBLIC, "Its name.")
    email_address: str = attribute(PUBLIC, "Sender address of every notice.")


@strawberry.type(description="Who answers questions about the portal itself.")
class SupportDesk:
    name: str = attribute(PUBLIC, "Its name.")


@strawberry.type(description="A company of the group.")
class Institution(Node):
    id: strawberry.ID = node_id("Institution")
    key: str = attribute(PUBLIC, "Short name, stable.")
    name: str = attribute(PUBLIC, "Registered name.")
    kind: models.InstitutionKind = attribute(PUBLIC, "Insurer, bank or health fund.")
    contact: ContactPoint = computed(PUBLIC, resolvers.contact_of, "Whom to ask.")
    attachment_types: list[str] = computed(
        PUBLIC,
        resolvers.attachment_types_of,
        "Media types of files that it takes with a message, by today's rules.",
    )

    is_type_of = represents(models.Institution)


@strawberry.type(description="This portal and the group that runs it.")
class Portal:
    group_name: str = attribute(PUBLIC, "Name of the group.")
    is_sandbox: bool = attribute(PUBLIC, "Whether this is a sandbox with made-up people.")
    today: date = attribute(PUBLIC, "Today's civil date in Europe/Berlin.")
    customer_service: ContactPoint = attribute(PUBLIC, "The group's customer service.")
    trustee: Trustee = attribute(PUBLIC, "Who keeps the postbox.")
    support: SupportDesk | None = attribute(
        PUBLIC, "To whom `sendSupportRequest` goes; null: there is no such desk."
    )
    push_key: str | None = field(
        PUBLIC,
        push_resolvers.push_key,
        "Public key with which a browser subscribes to notices (base64url); null where none are "
        "sent to browsers.",
    )
    countries: list[str] = computed(
        PUBLIC, resolvers.countries_of, "Where an address can be, by ISO 3166 (two letters)."
    )


@strawberry.type
class InstitutionQueries:
    institutions: list[Institution] = field(
        PUBLIC, resolvers.list_institutions, "The institutions of the group."
    )
    portal: Portal = field(PUBLIC, resolvers.get_portal, "This portal and who runs it.")
