"""Resolve institutions and the portal itself."""

from collections.abc import Sequence
from datetime import date

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.group import ContactPoint, SupportDesk, Trustee
from backend.models.institutions import Institution
from backend.services import institutions, personal_details_checks
from backend.services.uploads import rules_for
from backend.values import Value


class Portal(Value):
    """The portal as clients see it."""

    group_name: str
    is_sandbox: bool
    today: date
    customer_service: ContactPoint
    trustee: Trustee
    support: SupportDesk | None


def countries_of(root: strawberry.Parent[Portal]) -> list[str]:  # noqa: ARG001  # a field of it
    """Return where an address can be."""
    return personal_details_checks.list_countries()


async def list_institutions(info: Info) -> Sequence[Institution]:
    """List the group's institutions."""
    async with info.context.transaction() as session:
        return await institutions.list_institutions(session)


def contact_of(root: strawberry.Parent[Institution], info: Info) -> ContactPoint:
    """Return whom to ask about an institution's matters."""
    return info.context.house.group.contact_of(root.key)


def attachment_types_of(root: strawberry.Parent[Institution], info: Info) -> list[str]:
    """Return what may be attached to a message for an institution."""
    context = info.context
    rules = rules_for(context.house.policy, root.kind, "", on=context.today)
    return list(rules.accepted)


async def get_portal(info: Info) -> Portal:
    """Describe this portal."""
    house = info.context.house
    return Portal(
        group_name=house.group.name,
        is_sandbox=house.settings.sandbox,
        today=info.context.today,
        customer_service=house.group.customer_service,
        trustee=house.group.trustee,
        support=house.group.support,
    )


async def find_institution(
    session: AsyncSession, _context: Context, institution_id: int
) -> Institution | None:
    """Find an institution for `node`."""
    return (await institutions.load_institutions(session, [institution_id])).get(institution_id)
