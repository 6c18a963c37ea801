"""A sum of money: an exact decimal with its currency, never a float."""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003  # msgspec reads the annotation at run time

from backend.values import Value


class Money(Value):
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str
