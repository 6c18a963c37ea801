"""When the next instalment of an insurance contract is due."""

from __future__ import annotations

from datetime import date

import pytest

from backend.models.contracts import ContractStatus, InsuranceContract, PaymentFrequency
from backend.services.contracts import next_due_date

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("frequency", "main_due_date", "expected"),
    [
        (PaymentFrequency.MONTHLY, date(2027, 6, 1), date(2026, 12, 1)),
        (PaymentFrequency.MONTHLY, date(2011, 1, 31), date(2026, 11, 30)),
        (PaymentFrequency.QUARTERLY, date(2020, 2, 21), date(2026, 11, 21)),
        (PaymentFrequency.HALF_YEARLY, date(2027, 1, 1), date(2027, 1, 1)),
        (PaymentFrequency.YEARLY, date(2015, 4, 1), date(2027, 4, 1)),
        (PaymentFrequency.SINGLE, date(2015, 4, 1), None),
        (PaymentFrequency.SINGLE, date(2027, 4, 1), date(2027, 4, 1)),
        (PaymentFrequency.YEARLY, None, None),
    ],
)
def test_the_next_instalment_follows_the_payment_frequency(
    frequency: PaymentFrequency, main_due_date: date | None, expected: date | None
) -> None:
    contract = InsuranceContract(
        status=ContractStatus.ACTIVE, payment_frequency=frequency, main_due_date=main_due_date
    )
    assert next_due_date(contract, today=TODAY) == expected


def test_nothing_is_due_after_the_end_or_a_cancellation() -> None:
    ended = InsuranceContract(
        status=ContractStatus.ACTIVE,
        payment_frequency=PaymentFrequency.YEARLY,
        main_due_date=date(2027, 1, 1),
        end_date=date(2026, 12, 31),
    )
    cancelled = InsuranceContract(
        status=ContractStatus.CANCELLED,
        payment_frequency=PaymentFrequency.MONTHLY,
        main_due_date=date(2027, 1, 1),
    )
    assert next_due_date(ended, today=TODAY) is None
    assert next_due_date(cancelled, today=TODAY) is None
