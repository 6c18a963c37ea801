"""Resolve the texts of the user agreement."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from backend.context import Info
from backend.models.user_accounts import Locale
from backend.services.terms import TermsOfUse, terms_on


async def list_terms(
    info: Info,
    locale: Annotated[Locale, strawberry.argument(description="Language of the texts.")],
) -> Sequence[TermsOfUse]:
    """List the texts in force today."""
    return terms_on(info.context.house, info.context.today, locale)
