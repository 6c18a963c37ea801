"""GraphQL types for the rules in force and the help rendered from them."""

import strawberry

from backend.access import PUBLIC
from backend.resolvers import policy as resolvers
from backend.schema.fields import attribute, field


@strawberry.type(description="A question and its answer.")
class HelpEntry:
    key: str = attribute(PUBLIC, "Short name, stable; good for a link.")
    question: str = attribute(PUBLIC, "The question.")
    answer: str = attribute(PUBLIC, "The answer as plain text; a blank line parts paragraphs.")
    rows: list[str] = attribute(PUBLIC, "Rows of the specification that the answer states.")


@strawberry.type(description="A page of the help.")
class HelpTopic:
    key: str = attribute(PUBLIC, "Short name, stable.")
    title: str = attribute(PUBLIC, "Heading.")
    entries: list[HelpEntry] = attribute(PUBLIC, "Questions in order.")


@strawberry.type(description="The rules of the house in force today, as the portal applies them.")
class Policy:
    help: list[HelpTopic] = field(
        PUBLIC, resolvers.list_help_topics, "Help pages, rendered from these rules."
    )
    mobile_regions: list[str] = attribute(
        PUBLIC, "Countries (ISO 3166) whose mobile numbers are accepted."
    )
    largest_attachment_megabytes: int = attribute(
        PUBLIC, "How large a file may be that goes with a message, in millions of bytes."
    )
    largest_statement_megabytes: int = attribute(
        PUBLIC, "How large a bank file may be that customers add, in millions of bytes."
    )
    idle_minutes: int = attribute(PUBLIC, "Minutes without use after which a session ends.")


@strawberry.type
class PolicyQueries:
    policy: Policy = field(PUBLIC, resolvers.get_policy, "The rules in force today.")
