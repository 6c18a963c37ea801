"""The bank accounts of Musterland: master data, and statements whose balances reconcile."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backend.demo.personas import ANNA, JONAS, MEHMET
from backend.feeds.bank_records import (
    AccountIdentification,
    Balance,
    Entry,
    Statement,
    StatementKind,
)
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend.demo.personas import Persona

JOINT_IBAN = "DE16999999990001000002"
DEPOSIT_IBAN = "DE86999999990001000003"
VIENNA_IBAN = "DE59999999990001000004"
GIRO_IBAN = "DE43999999990001000001"
BIC = "MUSLDE99XXX"
BANK = "Musterland Bank AG"
LAST_DAY = date(2026, 11, 20)
# The number of the statement that never arrived, so that the import has a gap to find.
MISSING_STATEMENT = 9
_TAX = Decimal("-0.26375")


class Movement(Value):
    """One movement, before it becomes an entry of a statement."""

    value_date: date
    booking_date: date
    amount: Decimal
    text: str
    remittance: str
    counterparty: str | None = None
    iban: str | None = None
    is_reversal: bool = False


def master_data() -> Iterator[str]:
    """Yield the lines of accounts.jsonl."""
    payout = {"iban": GIRO_IBAN, "bic": None, "holder": ANNA.display_name}
    yield _account(
        JOINT_IBAN, "CALL_MONEY", "Tagesgeld Plus", "2023-02-01", "1.85", (ANNA, JONAS),
        payout_account=payout,
        direct_debit={
            "mandate_reference": "MLB-2023-0002", "creditor_identifier": "DE98ZZZ09999999999",
            "signed_on": "2023-02-01", "iban": GIRO_IBAN, "holder": ANNA.display_name,
            "last_used_on": "2026-11-02", "status": "ACTIVE",
        },
    )  # fmt: skip
    yield _account(
        DEPOSIT_IBAN, "FIXED_TERM", "Festgeld 24 Monate", "2025-03-03", "2.60", (ANNA,),
        payout_account=payout, maturity_on="2027-03-03",
    )  # fmt: skip
    yield _account(
        VIENNA_IBAN, "CALL_MONEY", "Tagesgeld", "2024-05-02", "1.50", (MEHMET,),
        payout_account={"iban": "AT611904300234573201", "bic": None, "holder": "Mehmet Yılmaz"},
    )  # fmt: skip


def _account(  # noqa: PLR0913  # one row of a table
    iban: str,
    product: str,
    name: str,
    opened_on: str,
    rate: str,
    holders: Sequence[Persona],
    *,
    payout_account: dict[str, Any],
    direct_debit: dict[str, Any] | None = None,
    maturity_on: str | None = None,
) -> str:
    line = {
        "iban": iban, "bic": BIC, "product": product, "product_name": name, "currency": "EUR",
        "opened_on": opened_on, "closed_on": None, "interest_rate": rate,
        "maturity_on": maturity_on, "holders": [_holder(person) for person in holders],
        "payout_account": payout_account, "direct_debit": direct_debit,
        "updated_at": "2026-11-20T06:00:00+01:00",
    }  # fmt: skip
    return json.dumps(line, ensure_ascii=False)


def _holder(person: Persona) -> dict[str, Any]:
    return {
        "customer_number": person.numbers["bank"], "salutation": person.salutation,
        "surname": person.family_name, "first_name": person.given_name,
        "birth_date": person.birth_date, "street": person.street,
        "postal_code": person.postal_code, "city": person.city,
        "country": {"D": "DE", "A": "AT"}[person.country], "phone": person.phone,
        "email": person.email,
    }  # fmt: skip


def joint_statements() -> list[tuple[Statement, list[Entry]]]:
    """Return the joint account's statements, one a month: saving, interest, a returned debit."""
    movements: list[Movement] = []
    for month in _months(date(2025, 1, 1), LAST_DAY):
        movements += [
            _moved(month.replace(day=1), "250.00", "DAUERAUFTRAG", "Sparen für den Garten", JONAS),
            _moved(month.replace(day=2), "400.00", "LASTSCHRIFT", "Monatliche Sparrate", ANNA),
        ]
    movements += _interest(JOINT_IBAN)
    movements += [
        _moved(date(2026, 3, 9), "-1800.00", "ÜBERWEISUNG", "Urlaub an der Ostsee", ANNA),
        _moved(date(2026, 6, 15), "-649.90", "ÜBERWEISUNG", "Waschmaschine", ANNA),
        _moved(date(2026, 9, 2), "-400.00", "RÜCKLASTSCHRIFT", "Monatliche Sparrate zurück", ANNA,
               is_reversal=True),
        # Two equal payments on one day must stay two.
        _moved(date(2026, 10, 12), "75.00", "GUTSCHRIFT", "Geburtstag Oma Erna", None),
        _moved(date(2026, 10, 12), "75.00", "GUTSCHRIFT", "Geburtstag Oma Erna", None),
    ]  # fmt: skip
    return _monthly(JOINT_IBAN, Decimal("8400.00"), movements, StatementKind.CAMT_053)


def deposit_statements() -> list[tuple[Statement, list[Entry]]]:
    """Return the deposit's statements: the money comes, a year later its interest."""
    movements = [
        _moved(date(2025, 3, 3), "20000.00", "ANLAGE", "Festgeld 24 Monate", ANNA),
        _moved(date(2026, 3, 3), "520.00", "ZINSEN", "Zinsen 03.03.2025 bis 02.03.2026", None),
        _moved(date(2026, 3, 3), "-137.15", "STEUER", "Kapitalertragsteuer und Zuschlag", None),
    ]
    return _monthly(DEPOSIT_IBAN, Decimal("0.00"), movements, StatementKind.CAMT_053)


def vienna_statements() -> list[tuple[Statement, list[Entry]]]:
    """Return Mehmet's statements, delivered as MT940: umlauts, and a reversal."""
    movements = [
        _moved(month.replace(day=5), "300.00", "GUTSCHRIFT", "Rücklage Küche", MEHMET,
               iban="AT611904300234573201")
        for month in _months(date(2026, 6, 1), LAST_DAY)
    ]  # fmt: skip
    movements.append(
        _moved(date(2026, 8, 6), "-300.00", "STORNO", "Storno Rücklage Küche", MEHMET,
               iban="AT611904300234573201", is_reversal=True)
    )  # fmt: skip
    return _monthly(VIENNA_IBAN, Decimal("1250.00"), movements, StatementKind.MT940)


def pending_report() -> tuple[Statement, list[Entry]]:
    """Return an intraday report with one entry that is not booked yet."""
    statement = Statement(
        kind=StatementKind.CAMT_052,
        account=AccountIdentification(JOINT_IBAN),
        line=None,
        statement_id="MLB-INTRADAY-2026-11-21",
        servicer_bic=BIC,
        currency="EUR",
        created_on=LAST_DAY + timedelta(days=1),
    )
    waiting = _moved(date(2026, 11, 23), "-120.00", "ÜBERWEISUNG", "Anzahlung Fahrrad", ANNA)
    return statement, [_entry(waiting, 1, is_pending=True)]


def _interest(_iban: str) -> list[Movement]:
    """Interest a year: booked in January, with the value date of the old year's last day."""
    gross = Decimal("142.38")
    tax = (gross * _TAX).quantize(Decimal("0.01"))
    days = (date(2025, 12, 31), date(2026, 1, 2))
    return [
        Movement(*days, gross, "ZINSEN", "Zinsen 2025"),
        Movement(*days, tax, "STEUER", "Kapitalertragsteuer und Solidaritätszuschlag 2025"),
    ]


def _moved(  # one row of a table
    day: date,
    amount: str,
    text: str,
    remittance: str,
    person: Persona | None,
    *,
    iban: str = GIRO_IBAN,
    is_reversal: bool = False,
) -> Movement:
    name = "Erna Beispiel" if person is None and text == "GUTSCHRIFT" else None
    return Movement(
        day,
        day,
        Decimal(amount),
        text,
        remittance,
        counterparty=person.display_name.replace("ı", "i") if person else name,
        iban=iban if person else None,
        is_reversal=is_reversal,
    )


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = _next_month(month)


def _next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _monthly(
    iban: str, opening: Decimal, movements: list[Movement], kind: StatementKind
) -> list[tuple[Statement, list[Entry]]]:
    ordered = sorted(movements, key=lambda movement: movement.booking_date)
    statements = []
    balance = opening
    first = ordered[0].booking_date.replace(day=1)
    for number, month in enumerate(_months(first, LAST_DAY), start=1):
        inside = [m for m in ordered if m.booking_date.replace(day=1) == month]
        closing = balance + sum((m.amount for m in inside), Decimal(0))
        end = min(_next_month(month) - timedelta(days=1), LAST_DAY)
        shown = number + 1 if iban == JOINT_IBAN and number >= MISSING_STATEMENT else number
        statement = Statement(
            kind=kind,
            account=AccountIdentification(iban),
            line=None,
            statement_id=f"{iban[-4:]}-{month:%Y-%m}",
            sequence_number=shown,
            servicer_bic=BIC,
            currency="EUR",
            created_on=end,
            period_from=month,
            period_to=end,
            opening=Balance(balance, "EUR", month),
            closing=Balance(closing, "EUR", end),
        )
        statements.append((statement, [_entry(m, n) for n, m in enumerate(inside, start=1)]))
        balance = closing
    return statements


def _entry(movement: Movement, sequence: int, *, is_pending: bool = False) -> Entry:
    return Entry(
        sequence=sequence,
        line=None,
        value_date=movement.value_date,
        booking_date=movement.booking_date,
        amount=movement.amount,
        currency="EUR",
        is_pending=is_pending,
        is_reversal=movement.is_reversal,
        key="",
        content_key="",
        counterparty_name=movement.counterparty,
        counterparty_iban=movement.iban,
        counterparty_iban_is_valid=movement.iban is not None,
        remittance_information=movement.remittance,
        booking_text=movement.text,
    )
