"""The customer schema as text, sorted: what backend/schema/schema.graphql holds."""

from graphql import build_schema, lexicographic_sort_schema, print_schema

from backend.schema import schema


def printed_schema() -> str:
    """Return the schema in SDL; sorted as a copy, as sorting breaks Strawberry's own enums."""
    core = schema._schema  # noqa: SLF001  # Strawberry offers no public name for it
    copy = build_schema(print_schema(core))
    return print_schema(lexicographic_sort_schema(copy)) + "\n"
