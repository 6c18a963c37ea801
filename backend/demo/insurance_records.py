"""GDV records of the demo world: a contract, a partner, the head of a file."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from backend.feeds.gdv.records import (
    BankAccount,
    Contact,
    ContactKind,
    Contract,
    Header,
    Partner,
    SepaMandate,
)
from backend.feeds.records import PartialDate, Salutation

if TYPE_CHECKING:
    from datetime import date

    from backend.demo.personas import Persona
    from backend.feeds.gdv.details import Details

INSURERS = {"leben": "05901", "sach": "05902", "kranken": "05903", "bkk": "05904"}
GIRO_IBAN = "DE43999999990001000001"
_VERSIONS = {"0001": "2.5", "0100": "2.5", "0200": "2.5", "9999": "2.0"}


def header_of(institution_key: str, name: str) -> Header:
    """Return the opening record of an insurer's file of 20 November 2026."""
    return Header(
        line=1,
        insurer_number=INSURERS[institution_key],
        sender=name[:30],
        addressee="Kundenportal Musterland",
        period_from=PartialDate(2026, 11, 20),
        period_to=PartialDate(2026, 11, 20),
        agency="",
        versions=_VERSIONS,
    )


def contract_of(  # noqa: PLR0913  # one row of a table
    institution_key: str,
    number: str,
    line: str,
    person: Persona,
    start: date,
    premium: str,
    *,
    product: str,
    end: date | None = None,
    frequency: str = "1",
    status: str = "1",
    iban: str = GIRO_IBAN,
    details: Details | None = None,
    policyholder: Partner | None = None,
    others: tuple[Partner, ...] = (),
) -> Contract:
    """Return a contract of a persona, with the policyholder's account and mandate."""
    holder = policyholder or partner_of(
        person, institution_key, role="01", iban=iban, number=number
    )
    return Contract(
        line=0,
        insurer_number=INSURERS[institution_key],
        number=number,
        line_of_business=line,
        start=PartialDate.of(start),
        end=None if end is None else PartialDate.of(end),
        due=PartialDate.of(start.replace(year=2027)),
        payment_frequency=frequency,
        status=status,
        currency="EUR",
        premium=Decimal(premium),
        customer_number=holder.customer_number,
        product_name=product,
        partners=(holder, *others),
        details=() if details is None else (details,),
    )


def partner_of(
    person: Persona, institution_key: str, *, role: str, iban: str = "", number: str = ""
) -> Partner:
    """Return a persona as an insurer names them in one contract."""
    year, _, rest = person.birth_date.partition("-")
    month, _, day = rest.partition("-")
    return Partner(
        role=role,
        salutation=Salutation(int(person.salutation)),
        surname=person.family_name,
        first_name=person.given_name,
        birth_date=PartialDate(int(year), int(month) if month else None, int(day) if day else None),
        street=person.street,
        postal_code=person.postal_code,
        city=person.city,
        country=person.country,
        customer_number=person.numbers[institution_key],
        contacts=(Contact(ContactKind.EMAIL, "50", person.email),),
        bank_accounts=(BankAccount(iban=iban, holder=person.display_name),) if iban else (),
        mandate=(
            SepaMandate(
                creditor_identifier="DE98ZZZ09999999999",
                mandate_reference=f"M-{number}",
                signed_on=PartialDate(2019, 1, 2),
            )
            if number
            else None
        ),
    )
