"""Scalars and small value types used everywhere."""

from decimal import Decimal

import strawberry

from backend.access import PUBLIC
from backend.schema.fields import attribute


@strawberry.type(description="A sum of money, exact.")
class Money:
    amount: Decimal = attribute(PUBLIC, "Decimal number as text, negative for debits.")
    currency: str = attribute(PUBLIC, "Currency code (ISO 4217).")
