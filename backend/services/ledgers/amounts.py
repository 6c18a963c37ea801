"""Which amounts the database can hold."""

from __future__ import annotations

from decimal import Decimal

# The column holds a whole number of 1/10,000 units in 64 bits.
_LARGEST = Decimal(9 * 10**14)
_SCALE = Decimal("0.0001")


def is_storable(amount: Decimal) -> bool:
    """Tell whether the amount has at most four decimals and fits the column."""
    return abs(amount) < _LARGEST and amount % _SCALE == 0


def storable(amount: Decimal | None) -> Decimal | None:
    """Return the amount if the database can hold it, else None."""
    return amount if amount is not None and is_storable(amount) else None
