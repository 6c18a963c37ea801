"""Measures how many 256-byte GDV records the reader parses a second, and what memory it takes."""

from __future__ import annotations

import argparse
import itertools
import resource
import tempfile
import time
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from backend.demo.gdv_writer import write_gdv
from backend.feeds.gdv import (
    BankAccount,
    Contact,
    ContactKind,
    Contract,
    Header,
    PartialDate,
    Partner,
    Salutation,
    SepaMandate,
    Trailer,
    read,
)
from backend.feeds.gdv.details_persons import InsuredPerson, LifeDetails, LifeTariff
from backend.feeds.gdv.details_things import (
    LiabilityDetails,
    LiabilityRisk,
    MotorCover,
    MotorDetails,
    PropertyCover,
    PropertyDetails,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.feeds.gdv.details import Details

HEADER = Header(1, "1234", "Bench AG", "Portal", PartialDate(2026), None, "", {"0100": "2.3"})
START = PartialDate(2020, 1, 1)


def details(number: int) -> Details:
    """Details of one of four lines of business."""
    name = f"Kunde{number % 9973}"
    start = PartialDate.of(date(1995 + number % 30, 1 + number % 12, 1 + number % 28))
    premium = Decimal(number % 90000).scaleb(-2) + 1
    match number % 4:
        case 0:
            person = InsuredPerson("1", name, "Anna", birth_date=PartialDate(1984, 3, 12), sex="2")
            tariff = LifeTariff("1", "1", "1", "K1", "1", start, premium=premium)
            return LifeDetails("010", insured=(person,), tariffs=(tariff,))
        case 1:
            risk = LiabilityRisk("9001", "01", "PHV", start=start, premium=premium)
            return LiabilityDetails("040", "1", start, premium=premium, risks=(risk,))
        case 2:
            covers = tuple(
                MotorCover(kind, start=start, no_claims_class="12", rate_percent=45)
                for kind in ("051", "052")
            )
            plate = f"S-AB {number % 10000}"
            return MotorDetails("050", manufacturer="VW", licence_plate=plate, covers=covers)
        case _:
            cover = PropertyCover("001", start=start, sum_insured=Decimal(66950))
            return PropertyDetails("130", "1", start, living_area=103, covers=(cover,))


def contract(number: int) -> Contract:
    """A contract of eight to ten records: partner with bank account and mandate, details."""
    customer = f"{number // 4:012}"
    iban = "DE43999999990001000001"
    partner = Partner(
        role="01",
        salutation=Salutation.MS,
        surname=f"Kunde{number % 9973}",
        first_name="Anna",
        birth_date=PartialDate(1940 + number % 60, 1 + number % 12, 1 + number % 28),
        street=f"Königstraße {number % 200}",
        postal_code=f"{10000 + number % 80000}",
        city="Stuttgart",
        country="D",
        customer_number=customer,
        contacts=(Contact(ContactKind.EMAIL, "50", f"kunde{number}@example.com"),),
        bank_accounts=(BankAccount(iban=iban, bic="TESTDE00XXX"),),
        mandate=SepaMandate("DE98ZZZ09999999999", f"M{number}", START),
    )
    return Contract(
        line=0,
        insurer_number="1234",
        number=f"V{number:010}",
        line_of_business=("010", "040", "050", "130")[number % 4],
        start=replace(START, day=1 + number % 28),
        payment_frequency="8",
        status="1",
        currency="EUR",
        premium=Decimal(number % 90000).scaleb(-2),
        customer_number=customer,
        product_name="Bench",
        partners=(partner,),
        details=(details(number),),
    )


def generate(stream: BinaryIO, records: int) -> int:
    """Writes at least so many records; the mix of contracts is the same for any number."""

    def enough() -> Iterator[Contract]:
        for number in itertools.count():
            if stream.tell() >= records * 257:
                return
            yield contract(number)

    return write_gdv(stream, HEADER, enough())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=500_000)
    wanted = parser.parse_args().records
    with tempfile.TemporaryFile() as stream:
        began = time.perf_counter()
        written = generate(stream, wanted)
        print(
            f"written   {written:>10,} records  {written / (time.perf_counter() - began):>9,.0f}/s"
        )
        stream.seek(0)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, cpu_began = time.perf_counter(), time.process_time()
        contracts = findings = 0
        for item in read(stream):
            if isinstance(item, Contract):
                contracts += 1
            elif not isinstance(item, Header | Trailer):
                findings += 1
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"parsed    {written:>10,} records  {written / seconds:>9,.0f}/s")
    print(f"          {'per second of CPU':>18}  {written / cpu:>9,.0f}/s")
    print(
        f"contracts {contracts:>10,}   findings {findings}   memory grown by {grown / 1024:.1f} MB"
    )


if __name__ == "__main__":
    main()
