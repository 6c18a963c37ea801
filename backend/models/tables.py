"""The declarative root of every table and the column types that both databases share."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Enum,
    Index,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_AMOUNT_SCALE = 4


class Amount(TypeDecorator[Decimal]):
    """A sum of money, kept as a whole number of 1/10,000 units.

    SQLite knows no decimals: floats would lose cents, texts could not be summed.
    A value with more than four decimals is refused rather than rounded.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Scale up to a whole number."""
        del dialect
        if value is None:
            return None
        scaled = Decimal(value).scaleb(_AMOUNT_SCALE)
        if scaled != int(scaled):
            raise ValueError(f"{value} has more than {_AMOUNT_SCALE} decimals")
        return int(scaled)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Scale down again; sums over the column pass here too."""
        del dialect
        return None if value is None else to_money(int(value))


def to_money(scaled: int) -> Decimal:
    """Return the amount of a stored whole number, with at least two decimals."""
    if scaled % 100 == 0:
        return Decimal(scaled // 100).scaleb(-2)
    return Decimal(scaled).scaleb(-_AMOUNT_SCALE)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; what comes back is aware and in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the time zone; give it back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_of(kind: type[enum.Enum]) -> Enum:
    """Store an enum by name as text, so that a new member needs no migration."""
    return Enum(kind, native_enum=False, length=40, create_constraint=False, validate_strings=True)


CONDITION = "where"


def partial_index(name: str, *columns: str, where: str) -> Index:
    """Index only the rows for which a condition holds; both databases write it alike.

    Migrations get it as `sqlite_where` and `postgresql_where`. Here these arguments would load each
    dialect with all its drivers, 2 MB of a serving process that uses one of them.
    """
    return Index(name, *columns, info={CONDITION: where})


# SQLite gives row ids only to INTEGER PRIMARY KEY.
BigId = BigInteger().with_variant(Integer(), "sqlite")
PrimaryKey = Annotated[int, mapped_column(BigId, primary_key=True)]


class Base(DeclarativeBase):
    """Root of every mapped class. Relations are never loaded on the way."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a plain attribute
        str: String,
        int: BigInteger,
        datetime: UtcDateTime,
        Decimal: Amount,
    }
