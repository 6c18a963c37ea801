"""The insurance contracts of Musterland as GDV records: what each persona holds, and what hides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backend.demo.insurance_records import contract_of, partner_of
from backend.demo.personas import (
    ANNA,
    ANNA_SCHMIDT_1,
    ANNA_SCHMIDT_2,
    BERTA,
    GRACE,
    HEDWIG,
    JONAS,
    KARL,
    KLAUS,
    MEHMET,
    PAUL,
    PIA,
    THEO,
    WILMA,
)
from backend.feeds.gdv.details_persons import (
    HealthDetails,
    HealthTariff,
    InsuredPerson,
    LifeDetails,
    LifeTariff,
)
from backend.feeds.gdv.details_things import (
    LiabilityDetails,
    MotorCover,
    MotorDetails,
    PropertyDetails,
)
from backend.feeds.gdv.records import (
    Contract,
    Partner,
)
from backend.feeds.records import PartialDate, Salutation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.demo.personas import Persona

MASKED_CONTRACT = "S-2019-000016"
BROKEN_CONTRACT = "S-2026-999999"
PIAS_CONTRACT = "K-2019-000018"
_AUSTRIAN_IBAN = "AT611904300234573201"


def contracts_of(institution_key: str) -> Sequence[Contract]:
    """Return the contracts of an insurer, or the optional tariffs of the fund."""
    match institution_key:
        case "leben":
            return [*_life(), *_pensions()]
        case "sach":
            return [*_property(), *_hidden(), *_future(), *_single_contracts()]
        case "kranken":
            return _health()
        case "bkk":
            return _optional_tariffs()
        case _:
            raise KeyError(institution_key)


def _life() -> list[Contract]:
    tariff = LifeTariff(
        person="01", risk="1", order="01", name="Kapital 2011",
        start=PartialDate(2011, 6, 1), end=PartialDate(2046, 6, 1),
        sum_at_death=Decimal(60000), sum_at_expiry=Decimal(48500), premium=Decimal("85.50"),
    )  # fmt: skip
    return [
        contract_of(
            "leben", "L-2011-000001", "010", ANNA, date(2011, 6, 1), "85.50",
            product="Kapitalleben Klassik", end=date(2046, 6, 1), frequency="8",
            details=LifeDetails(line_of_business="010", currency="EUR", tariffs=(tariff,)),
        ),
        contract_of(
            "leben", "L-1998-000009", "010", KLAUS, date(1998, 1, 1), "42.00",
            product="Sterbegeld", frequency="8",
            details=LifeDetails(line_of_business="010", currency="EUR", tariffs=(
                LifeTariff(person="01", risk="1", order="01", name="Sterbegeld",
                           sum_at_death=Decimal(8000)),
            )),
        ),
    ]  # fmt: skip


def _pensions() -> list[Contract]:
    def pension(number: str, product: str, *, implementation: str, subsidy: str = "") -> Contract:
        return contract_of(
            "leben", number, "010", BERTA, date(2004, 1, 1), "100.00",
            product=product, frequency="8", end=date(2028, 12, 1),
            details=LifeDetails(
                line_of_business="010", currency="EUR",
                implementation=implementation, subsidy=subsidy,
                tariffs=(LifeTariff(person="01", risk="2", order="01", name="Rente 67",
                                    yearly_pension=Decimal(3600),
                                    pension_start=PartialDate(2028, 12, 1)),),
            ),
        )  # fmt: skip

    return [
        pension("L-2004-000501", "Riester-Rente", implementation="7", subsidy="6"),
        pension("L-2004-000502", "Direktversicherung", implementation="1"),
        pension("L-2004-000503", "Pensionskasse privat", implementation="3"),
    ]


def _property() -> list[Contract]:
    home = PropertyDetails(
        line_of_business="130", currency="EUR", country="D", postal_code="70173",
        city="Stuttgart", street="Lindenweg 7", sum_insured=Decimal(65000), living_area=98,
    )  # fmt: skip
    car = MotorDetails(
        line_of_business="050", currency="EUR", manufacturer="Muster", model="Kombi 1.5",
        licence_plate="S-AB 1984", vehicle_identification_number="WMU00000000000001",
        first_registered_on=PartialDate(2021, 3, 15), yearly_mileage=12000,
        covers=(
            MotorCover(kind="051", name="Haftpflicht", premium=Decimal("310.20"),
                       no_claims_class="12"),
            MotorCover(kind="053", name="Teilkasko", premium=Decimal("96.40"),
                       deductible=Decimal(150)),
        ),
    )  # fmt: skip
    return [
        contract_of("sach", "S-2015-000001", "130", ANNA, date(2015, 4, 1), "118.90",
                  product="Hausrat Komfort", details=home),
        contract_of("sach", "S-2015-000002", "040", ANNA, date(2015, 4, 1), "67.30",
                  product="Haftpflicht Familie",
                  details=LiabilityDetails(line_of_business="040", currency="EUR",
                                           sum_1=Decimal(50000000))),
        contract_of("sach", "S-2021-000003", "050", ANNA, date(2021, 3, 15), "406.60",
                  product="Kfz Komfort", details=car),
    ]  # fmt: skip


def _hidden() -> list[Contract]:
    building = PropertyDetails(
        line_of_business="140", currency="EUR", country="D", postal_code="70173",
        city="Stuttgart", street="Lindenweg 7", sum_insured=Decimal(480000),
    )  # fmt: skip
    company = Partner(
        role="01", salutation=Salutation.COMPANY, surname="Beispiel Bau GmbH", legal_form="05",
        street="Gewerbepark 2", postal_code="70173", city="Stuttgart", country="D",
        customer_number="S900003",
    )  # fmt: skip
    couple = Partner(
        role="01", salutation=Salutation.COUPLE, surname="Beispiel",
        first_name="Anna und Jonas", street="Lindenweg 7", postal_code="70173",
        city="Stuttgart", country="D", customer_number=ANNA.numbers["sach"],
    )  # fmt: skip
    return [
        contract_of("sach", "S-2018-000004", "140", ANNA, date(2018, 9, 1), "612.00",
                  product="Wohngebäude", details=building, policyholder=couple),
        contract_of("sach", "S-2020-000005", "040", ANNA, date(2020, 1, 1), "1240.00",
                  product="Betriebshaftpflicht", policyholder=company),
    ]  # fmt: skip


def _future() -> list[Contract]:
    def household(number: str, start: date, **values: Any) -> Contract:
        return contract_of("sach", number, "130", KARL, start, "79.00",
                         product="Hausrat Basis", **values)  # fmt: skip

    return [
        household("S-2026-000401", date(2026, 11, 21)),
        household("S-2026-000402", date(2026, 11, 22)),
        household("S-2027-000403", date(2027, 1, 1)),
        household("S-2020-000404", date(2020, 11, 20), end=date(2026, 11, 20)),
        household("S-2022-000405", date(2022, 5, 1), status="4"),
    ]


def _single_contracts() -> list[Contract]:
    def liability(number: str, person: Persona, **values: Any) -> Contract:
        return contract_of("sach", number, "040", person, date(2019, 5, 1), "67.30",
                         product="Privathaftpflicht",
                         details=LiabilityDetails(line_of_business="040", currency="EUR",
                                                  sum_1=Decimal(10000000)),
                         **values)  # fmt: skip

    return [
        liability("S-2019-000006", MEHMET, iban=_AUSTRIAN_IBAN),
        liability("S-2019-000007", GRACE),
        liability("S-2019-000081", ANNA_SCHMIDT_1),
        liability("S-2019-000082", ANNA_SCHMIDT_2),
        liability("S-2019-000009", KLAUS),
        liability(MASKED_CONTRACT, HEDWIG, iban="DE86999999990001000003"),
        liability("S-2019-000010", WILMA),
        liability("S-2019-000011", THEO),
        liability("S-2019-000017", PAUL),
        liability(BROKEN_CONTRACT, KARL),
    ]


def _health() -> list[Contract]:
    insured = (
        InsuredPerson(number="01", surname=ANNA.family_name, first_name=ANNA.given_name),
        InsuredPerson(number="02", surname=JONAS.family_name, first_name=JONAS.given_name),
    )
    supplement = HealthDetails(
        line_of_business="020", currency="EUR", insured=insured,
        tariffs=(
            HealthTariff(person="01", order="01", name="Zahn Plus", premium=Decimal("24.80")),
            HealthTariff(person="02", order="01", name="Zahn Plus", premium=Decimal("26.10")),
        ),
    )  # fmt: skip
    travel = HealthDetails(
        line_of_business="020", currency="EUR", insured=insured[:1],
        tariffs=(HealthTariff(person="01", order="01", name="Auslandsreise",
                              premium=Decimal("14.40")),),
    )  # fmt: skip
    full = HealthDetails(
        line_of_business="020", currency="EUR",
        insured=(InsuredPerson(number="01", surname=PIA.family_name, first_name=PIA.given_name),),
        tariffs=(HealthTariff(person="01", order="01", name="Kranken Voll",
                              premium=Decimal("412.60")),),
    )  # fmt: skip
    return [
        contract_of("kranken", "K-2017-000001", "020", ANNA, date(2017, 1, 1), "50.90",
                  product="Zahn Plus", frequency="8", details=supplement,
                  others=(partner_of(JONAS, "kranken", role="02"),)),
        contract_of("kranken", "K-2022-000002", "020", ANNA, date(2022, 7, 1), "14.40",
                  product="Auslandsreise-KV", details=travel),
        contract_of("kranken", PIAS_CONTRACT, "020", PIA, date(2019, 4, 1), "412.60",
                  product="Kranken Voll", frequency="8", details=full),
    ]  # fmt: skip


def _optional_tariffs() -> list[Contract]:
    """A fund's members pay for these themselves and hand in invoices (§ 53 SGB V)."""
    reimbursement = HealthDetails(
        line_of_business="020", currency="EUR",
        insured=(
            InsuredPerson(number="01", surname=BERTA.family_name, first_name=BERTA.given_name),
        ),
        tariffs=(HealthTariff(person="01", order="01", name="Kostenerstattung ambulant",
                              premium=Decimal("18.50")),),
    )  # fmt: skip
    return [
        contract_of("bkk", "W-2023-000005", "020", BERTA, date(2023, 1, 1), "18.50",
                  product="Wahltarif Ambulant", frequency="8", details=reimbursement),
    ]  # fmt: skip
