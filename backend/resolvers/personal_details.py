"""Resolve personal details: what institutions have, reviewing and changing it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.errors import FieldProblem, InvalidInputError
from backend.ids import decode_id
from backend.models.approvals import Approval
from backend.models.personal_details import PersonalDetailsChange, PersonName, PostalAddress
from backend.resolvers.approvals import ApprovalRequired
from backend.services import (
    personal_details,
    personal_details_changes,
    personal_details_reviews,
)
from backend.services.personal_details_records import PersonalDetailsChanged
from backend.services.sessions import Viewer
from backend.wording import word


@strawberry.input(description="Where somebody lives.")
class AddressInput:
    """An address as it is typed."""

    street: str = strawberry.field(description="Street and number.")
    city: str = strawberry.field(description="City.")
    postal_code: str = strawberry.field(
        default="", description="In Germany five digits; elsewhere free, empty where there is none."
    )
    country: str = strawberry.field(default="DE", description="One of `Portal.countries`.")


@strawberry.input(description="What somebody is called.")
class NameInput:
    """A name as it is typed."""

    given_name: str = strawberry.field(description="Given name.")
    family_name: str = strawberry.field(description="Family name.")
    title: str | None = strawberry.field(default=None, description="Academic title, if any.")


@strawberry.input(one_of=True, description="What is to change.")
class NewPersonalDetails:
    """One of the details that can be changed."""

    address: strawberry.Maybe[AddressInput] = strawberry.field(description="The address.")
    name: strawberry.Maybe[NameInput] = strawberry.field(
        description="The name; it takes evidence, which the institution reviews."
    )


@strawberry.input(description="An institution that is to change them.")
class InstitutionToTell:
    """An institution as its review showed it."""

    institution: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description="The `version` that the review showed.")


Details = Annotated[NewPersonalDetails, strawberry.argument(description="What is to change.")]
EffectiveFrom = Annotated[
    date | None, strawberry.argument(description="First day on which it holds; null: today.")
]


async def list_personal_details(
    root: strawberry.Parent[Viewer], info: Info
) -> Sequence[personal_details.PersonalDetails]:
    """Return what each institution has of the viewer."""
    async with info.context.transaction() as session:
        return await personal_details.list_personal_details(
            session,
            customer_id=root.customer_id,
            today=info.context.today,
            policy=info.context.house.policy,
        )


def address_refusal_of(
    root: strawberry.Parent[personal_details.PersonalDetails], info: Info
) -> str | None:
    """Say why the address can't be changed here."""
    return _said(root.address_refusal, info.context)


def name_refusal_of(
    root: strawberry.Parent[personal_details.PersonalDetails], info: Info
) -> str | None:
    """Say why the name can't be changed here."""
    return _said(root.name_refusal, info.context)


async def review_personal_details(
    root: strawberry.Parent[Viewer],
    info: Info,
    institutions: Annotated[
        list[strawberry.ID], strawberry.argument(description="Who is to change them.")
    ],
    details: Details,
    effective_from: EffectiveFrom = None,
) -> personal_details_reviews.PersonalDetailsReview:
    """Say what new details would change."""
    ids = tuple(decode_id(one, "Institution") for one in institutions)
    async with info.context.transaction() as session:
        return await personal_details_reviews.review_personal_details(
            session,
            info.context.house,
            viewer=root,
            wanted=personal_details_reviews.WantedDetails(ids, _read(details), effective_from),
        )


async def change_personal_details(
    info: Info,
    institutions: Annotated[
        list[InstitutionToTell], strawberry.argument(description="Who is to change them.")
    ],
    details: Details,
    idempotency_key: Annotated[
        str,
        strawberry.argument(
            description="Made by the client for this change, at most 64 characters: sent again "
            "under the same key, a change that was approved is returned, not made twice."
        ),
    ],
    evidence: Annotated[
        list[strawberry.ID] | None,
        strawberry.argument(description="Accepted uploads that prove a name, ten at most."),
    ] = None,
    effective_from: EffectiveFrom = None,
) -> ApprovalRequired | PersonalDetailsChanged:
    """Ask for the approval of new details."""
    context = info.context
    versions = {decode_id(one.institution, "Institution"): one.version for one in institutions}
    asked = await personal_details_changes.request_details_change(
        context.house,
        viewer=context.signed_in,
        change=personal_details_changes.DetailsToChange(
            personal_details_reviews.WantedDetails(tuple(versions), _read(details), effective_from),
            versions,
            tuple(decode_id(one, "Upload") for one in evidence or ()),
            idempotency_key,
        ),
        locale=context.locale,
    )
    return ApprovalRequired(asked) if isinstance(asked, Approval) else asked


async def find_personal_details_change(
    session: AsyncSession, context: Context, change_id: int
) -> PersonalDetailsChange | None:
    """Find a change for `node`."""
    return await personal_details.find_change(
        session, customer_id=context.signed_in.customer_id, change_id=change_id
    )


def _read(details: NewPersonalDetails) -> PostalAddress | PersonName:
    if details.name:
        name = details.name.value
        return PersonName(name.title, name.given_name, name.family_name)
    if details.address:
        address = details.address.value
        return PostalAddress(address.street, address.postal_code, address.city, address.country)
    raise InvalidInputError(FieldProblem(("details",), "field.required"))


def _said(reason: str | None, context: Context) -> str | None:
    return reason and word(f"refusal.{reason}", context.locale)
