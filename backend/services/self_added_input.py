"""What customers may write about contracts of other companies."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from backend.errors import FieldProblem, InvalidInputError
from backend.models.contracts import PaymentFrequency
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from backend.models.contracts import LineOfBusiness


LONGEST_COMPANY = 80
LONGEST_NUMBER = 40
LONGEST_KEY = 64
_LARGEST_PREMIUM = Decimal(1_000_000)
_CENT = Decimal("0.01")


class ContractFacts(Value):
    """A contract as its customer describes it; the premium is in euro, per payment."""

    line_of_business: LineOfBusiness
    company: str
    number: str
    premium: Decimal | None
    payment_frequency: PaymentFrequency
    main_due_date: date | None
    start_date: date | None
    end_date: date | None


def problems_of(facts: ContractFacts) -> Iterator[FieldProblem]:
    """Yield what can't be so, with the place of the field under `facts`."""
    yield from _text("company", facts.company, LONGEST_COMPANY, is_required=True)
    yield from _text("number", facts.number, LONGEST_NUMBER, is_required=False)
    premium = facts.premium
    if premium is not None and not _is_premium(premium):
        yield _problem("premium", "field.no_premium")
    if premium is not None and facts.payment_frequency is PaymentFrequency.NONE:
        yield _problem("paymentFrequency", "field.premium_without_frequency")
    if facts.start_date and facts.end_date and facts.end_date < facts.start_date:
        yield _problem("endDate", "field.ends_before_start")


def require_key(key: str) -> None:
    """Refuse an idempotency key that is none.

    Raises:
        InvalidInputError: empty, too long or not printable.
    """
    if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        name = "field.required" if not key.strip() else "field.too_long"
        raise InvalidInputError(FieldProblem(("idempotencyKey",), name))


def _is_premium(amount: Decimal) -> bool:
    return 0 <= amount < _LARGEST_PREMIUM and amount % _CENT == 0


def _text(field: str, value: str, longest: int, *, is_required: bool) -> Iterator[FieldProblem]:
    if not value.strip():
        if is_required:
            yield _problem(field, "field.required")
    elif len(value) > longest:
        yield _problem(field, "field.too_long")
    elif not value.strip().isprintable():
        yield _problem(field, "field.not_printable")


def _problem(field: str, key: str) -> FieldProblem:
    return FieldProblem(("facts", field), key)
