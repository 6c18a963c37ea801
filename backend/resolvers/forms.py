"""Resolve the forms of the download centre."""

from typing import Annotated
from urllib.parse import quote

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_filter_id, encode_id
from backend.models.forms import Form, FormCategory
from backend.models.user_accounts import Locale
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import forms


@strawberry.input(description="Which forms to list; conditions add up.")
class FormFilter:
    """Conditions on forms."""

    institution: strawberry.ID | None = strawberry.field(
        default=None, description="Only forms of this institution."
    )
    category: FormCategory | None = strawberry.field(
        default=None, description="Only forms for this."
    )
    search: str | None = strawberry.field(
        default=None,
        description=(
            "Words in title, description or keywords of either language: all of them, in any form "
            "and order."
        ),
    )


async def list_forms(
    info: Info,
    locale: Annotated[Locale, strawberry.argument(description="By titles in this language.")],
    filter: Annotated[  # noqa: A002  # the argument's name in GraphQL
        FormFilter | None, strawberry.argument(description="Conditions; none: all forms.")
    ] = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Page[Form]:
    """List the forms that are offered today."""
    wanted = filter or FormFilter()
    async with info.context.transaction() as session:
        return await forms.list_forms(
            session,
            today=info.context.today,
            locale=locale,
            wanted=forms.FormFilter(
                institution_id=decode_filter_id(wanted.institution, "Institution"),
                category=wanted.category,
                search=wanted.search,
            ),
            first=first,
            after=after,
        )


async def find_form(session: AsyncSession, context: Context, form_id: int) -> Form | None:
    """Find a form for `node`."""
    return await forms.find_form(session, form_id=form_id, today=context.today)


async def title_of(
    root: strawberry.Parent[Form],
    locale: Annotated[Locale, strawberry.argument(description="In which language.")],
) -> str:
    """Return a form's title."""
    return root.title_in(locale)


async def description_of(
    root: strawberry.Parent[Form],
    locale: Annotated[Locale, strawberry.argument(description="In which language.")],
) -> str:
    """Return what a form is for."""
    return root.description_in(locale)


def download_url_of(root: strawberry.Parent[Form]) -> str:
    """Return where the content can be fetched."""
    return f"/forms/{encode_id('Form', root.id)}/{quote(root.file_name, safe='')}"
