"""Scalars and small value types used everywhere."""

from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from backend.access import PUBLIC
from backend.schema.fields import attribute

# Days near the calendar's ends can't be turned into instants of another zone.
FIRST_YEAR, LAST_YEAR = 1800, 2999
_LARGEST_AMOUNT = Decimal(10) ** 14
_DECIMALS = 4


def parse_decimal(value: object) -> Decimal:
    """Read a decimal number of a size and precision that is stored.

    Raises:
        StrawberryInputCoercionError: it is something else.
    """
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            number = Decimal(str(value))
            if number.is_finite() and abs(number) < _LARGEST_AMOUNT:
                scaled = number.scaleb(_DECIMALS)
                if scaled == scaled.to_integral_value():
                    return number
        except InvalidOperation:
            pass
    raise StrawberryInputCoercionError(
        "Decimal: a number as text, below 10^14, with at most four decimals."
    )


def parse_date(value: object) -> date:
    """Read a civil date.

    Raises:
        StrawberryInputCoercionError: it is something else, or centuries away.
    """
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise StrawberryInputCoercionError(f"Date: YYYY-MM-DD, from {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def parse_uuid(value: object) -> UUID:
    """Read a UUID in the form in which it is written back.

    Raises:
        StrawberryInputCoercionError: it is something else, or written otherwise.
    """
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or str(found) != value:
        raise StrawberryInputCoercionError("UUID: in lower case with hyphens.")
    return found


SCALARS: dict[object, ScalarDefinition] = {
    UUID: strawberry.scalar(
        name="UUID",
        description="UUID (RFC 9562), in lower case with hyphens.",
        serialize=str,
        parse_value=parse_uuid,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='Exact decimal number as text, such as "-12.34".',
        serialize=str,
        parse_value=parse_decimal,
    ),
    date: strawberry.scalar(
        name="Date",
        description="Civil date, YYYY-MM-DD (ISO 8601).",
        serialize=date.isoformat,
        parse_value=parse_date,
    ),
}


@strawberry.type(description="A sum of money, exact.")
class Money:
    amount: Decimal = attribute(PUBLIC, "Decimal number as text, negative for debits.")
    currency: str = attribute(PUBLIC, "Currency code (ISO 4217).")
