"""How a difference between database and models is written into a migration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic.operations import ops
from sqlalchemy import TypeDecorator, text

from backend.models.tables import CONDITION, Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write plain types into migrations, which must not change when the models' types do."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def write_conditions(
    _context: Any, _revision: Any, directives: Sequence[ops.MigrationScript]
) -> None:
    """Write the conditions of partial indexes, which the models keep for both databases at once."""
    for directive in directives:
        for upgrade in directive.upgrade_ops_list:
            _add_conditions(upgrade.ops)


def _add_conditions(operations: Iterable[ops.MigrateOperation]) -> None:
    for operation in operations:
        if isinstance(operation, ops.ModifyTableOps):
            _add_conditions(operation.ops)
        elif isinstance(operation, ops.CreateIndexOp):
            indexes = Base.metadata.tables[operation.table_name].indexes
            index = next(one for one in indexes if one.name == operation.index_name)
            if CONDITION in index.info:
                condition = text(index.info[CONDITION])
                operation.kw |= {"sqlite_where": condition, "postgresql_where": condition}
