"""The customer schema as text: what backend/schema/schema.graphql holds."""

from backend.schema import schema


def printed_schema() -> str:
    """Return the schema in SDL: types by name, fields as declared."""
    return schema.as_str().rstrip() + "\n"
