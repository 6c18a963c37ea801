"""How Alembic reaches the database: the caller hands over a connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from backend import models  # noqa: F401  # fills the metadata
from backend.models.tables import Base


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write plain types into migrations, which must not change when the models' types do."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
