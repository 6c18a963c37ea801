"""How Alembic reaches the database: the caller hands over a connection."""

from __future__ import annotations

from alembic import context

from backend import models  # noqa: F401  # fills the metadata
from backend.migrations.writing import render_item, write_conditions
from backend.models.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    process_revision_directives=write_conditions,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
