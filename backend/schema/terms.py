"""GraphQL type of the texts of the user agreement."""

from datetime import date

import strawberry

from backend.access import PUBLIC
from backend.models import terms as models
from backend.models.user_accounts import Locale
from backend.resolvers import terms as resolvers
from backend.schema.fields import attribute, field, represents
from backend.services import terms


@strawberry.type(description="A text of the user agreement in one language.")
class TermsOfUse:
    kind: models.TermsKind = attribute(PUBLIC, "Which text.")
    locale: Locale = attribute(PUBLIC, "Its language.")
    version: str = attribute(PUBLIC, "Name of the version, the same in all languages.")
    start_date: date = attribute(PUBLIC, "The first day on which it holds.")
    title: str = attribute(PUBLIC, "Its heading.")
    text: str = attribute(
        PUBLIC,
        "All of it as plain text: a blank line parts paragraphs, `# ` marks the title, `## ` a "
        "heading.",
    )
    sha256: str = attribute(PUBLIC, "SHA-256 of `text` in UTF-8: what a customer accepts.")

    is_type_of = represents(terms.TermsOfUse)


@strawberry.type
class TermsQueries:
    terms: list[TermsOfUse] = field(
        PUBLIC,
        resolvers.list_terms,
        "The texts in force today, to be accepted at registration: portal, then postbox.",
    )
