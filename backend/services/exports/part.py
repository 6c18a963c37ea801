"""One list of `daten.json`: which columns of which table, and whose rows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, select

from backend.models.customers import Customer
from backend.values import Value

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import DeclarativeBase

BATCH = 500
CUSTOMER = bindparam("customer_id", type_=Customer.id.type)


class Part(Value, dict=True):
    """Rows of one table, in the order in which they were written, under a name of `daten.json`.

    A part that `is_single` is one object instead of a list. `node` is the kind of its `id`.
    """

    name: str
    model: type[DeclarativeBase]
    columns: tuple[str, ...]
    whose: ColumnElement[bool]
    is_single: bool = False
    node: str = "Contract"

    @cached_property
    def statement(self) -> Select[Any]:
        """The next rows after one, with its key in front."""
        table = self.model.__table__
        return (
            select(table.c.id.label("row_id"), *(table.c[name] for name in self.columns))
            .where(self.whose, table.c.id > bindparam("after"))
            .order_by(table.c.id)
            .limit(BATCH)
        )
