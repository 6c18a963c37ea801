"""The details of a GDV contract as our contract pages show them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backend.feeds.gdv import details_persons as persons
from backend.feeds.gdv import details_things as things
from backend.feeds.gdv.details import GeneralDetails
from backend.models.insurance_details import (
    AccidentDetails,
    Coverage,
    HealthDetails,
    InsuranceDetails,
    LiabilityDetails,
    LifeDetails,
    MotorDetails,
    PropertyDetails,
)
from backend.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from backend.feeds.gdv.details import Details
    from backend.feeds.gdv.records import Contract
    from backend.feeds.records import PartialDate

    _Row = tuple[str, Decimal | None, Decimal | None, Decimal | None]

_MONTHS = 12
_CENT = Decimal("0.01")
# 0220.05x by its Sparte (GDV Anlage 1).
_MOTOR_COVERS = {
    "051": "Kfz-Haftpflicht",
    "052": "Vollkasko",
    "053": "Teilkasko",
    "054": "Insassenunfall",
    "055": "Schutzbrief",
    "059": "Weitere Deckung",
}


def details_of(contract: Contract) -> InsuranceDetails | None:
    """Return what the first part with a line of its own adds to the contract."""
    for part in contract.details:
        found = _details(part, contract)
        if found is not None:
            return found
    return None


def coverages_of(contract: Contract) -> list[Coverage]:
    """Return what the contract covers, in the order of the file."""
    return [coverage for part in contract.details for coverage in _coverages(part, contract)]


def _details(part: Details, contract: Contract) -> InsuranceDetails | None:
    currency = _currency(part, contract)
    found: InsuranceDetails | None = None
    match part:
        case persons.LifeDetails():
            found = _life(part, contract, currency)
        case persons.HealthDetails():
            found = _health(part, currency)
        case persons.AccidentDetails():
            found = _accident(part, currency)
        case things.LiabilityDetails():
            found = _liability(part, currency)
        case things.MotorDetails():
            found = _motor(part)
        case things.PropertyDetails():
            found = _property(part, currency)
    return found


def _health(part: persons.HealthDetails, currency: str) -> HealthDetails:
    names = dict.fromkeys(tariff.name for tariff in part.tariffs if tariff.name)
    return HealthDetails(
        tariff=", ".join(names) or None,
        deductible=_first((tariff.deductible for tariff in part.tariffs), currency),
    )


def _accident(part: persons.AccidentDetails, currency: str) -> AccidentDetails:
    return AccidentDetails(
        sum_disability=_first((cover.disability for cover in part.covers), currency),
        sum_death=_first((cover.death for cover in part.covers), currency),
        occupation=_text(person.occupation for person in part.insured),
    )


def _liability(part: things.LiabilityDetails, currency: str) -> LiabilityDetails:
    sums = (part.sum_1, *(risk.sum_1 for risk in part.risks))
    return LiabilityDetails(
        risk_description=_text(risk.description or risk.text for risk in part.risks),
        sum_insured=_first(sums, currency),
        deductible=_first((risk.deductible for risk in part.risks), currency),
    )


def _life(part: persons.LifeDetails, contract: Contract, currency: str) -> LifeDetails:
    pension = next((t.yearly_pension for t in part.tariffs if t.yearly_pension), None)
    monthly = (pension / _MONTHS).quantize(_CENT) if pension else None
    return LifeDetails(
        sum_at_maturity=_first((t.sum_at_expiry for t in part.tariffs), currency),
        sum_on_death=_first((t.sum_at_death for t in part.tariffs), currency),
        monthly_pension=_money(monthly, currency),
        maturity_date=_day(contract.end) or _day(part.end),
        tariff=_text(t.name for t in part.tariffs),
    )


def _motor(part: things.MotorDetails) -> MotorDetails:
    liability = next((cover for cover in part.covers if cover.kind == "051"), None)
    return MotorDetails(
        licence_plate=part.licence_plate or None,
        manufacturer=part.manufacturer or None,
        model=part.model or None,
        vehicle_identification=part.vehicle_identification_number or None,
        first_registered_on=_day(part.first_registered_on),
        no_claims_class=(liability.no_claims_class or None) if liability else None,
        annual_mileage=part.yearly_mileage,
    )


def _property(part: things.PropertyDetails, currency: str) -> PropertyDetails:
    place = " ".join(text for text in (part.postal_code, part.city) if text)
    return PropertyDetails(
        risk_address=", ".join(text for text in (part.street, place) if text) or None,
        living_area=part.living_area,
        sum_insured=_first((part.sum_insured, *(c.sum_insured for c in part.covers)), currency),
        deductible=_first((c.deductible for c in part.covers), currency),
        building_year=next((c.year_built for c in part.covers if c.year_built), None),
    )


def _coverages(part: Details, contract: Contract) -> Iterator[Coverage]:
    currency = _currency(part, contract)
    rows = _ROWS.get(type(part))
    for name, sum_insured, deductible, premium in rows(part) if rows else ():
        if name:
            yield Coverage(
                name=name,
                sum_insured=_money(sum_insured, currency),
                deductible=_money(deductible, currency),
                premium=_money(premium, currency),
            )


def _life_rows(part: persons.LifeDetails) -> Iterator[_Row]:
    for tariff in part.tariffs:
        total = tariff.sum_at_death or tariff.sum_at_expiry
        yield tariff.name, total, None, tariff.premium


def _health_rows(part: persons.HealthDetails) -> Iterator[_Row]:
    for tariff in part.tariffs:
        yield tariff.name, None, tariff.deductible, tariff.premium


def _accident_rows(part: persons.AccidentDetails) -> Iterator[_Row]:
    for benefit in part.benefits:
        yield benefit.name, benefit.amount, None, benefit.premium
    for cover in part.covers:
        amounts = {
            "Invalidität": cover.disability,
            "Todesfall": cover.death,
            "Krankenhaustagegeld": cover.hospital_daily_benefit,
            "Tagegeld": cover.daily_benefit,
            "Unfallrente": cover.pension,
            "Bergungskosten": cover.rescue_costs,
        }
        for name, amount in amounts.items():
            if amount:
                yield name, amount, None, None


def _motor_rows(part: things.MotorDetails) -> Iterator[_Row]:
    for cover in part.covers:
        name = cover.name or _MOTOR_COVERS.get(cover.kind, "")
        yield name, cover.sum_insured, cover.deductible or cover.partial_deductible, cover.premium


def _liability_rows(part: things.LiabilityDetails) -> Iterator[_Row]:
    for risk in part.risks:
        yield risk.text or risk.description, risk.sum_1, risk.deductible, risk.premium


def _legal_rows(part: things.LegalDetails) -> Iterator[_Row]:
    for risk in part.risks:
        yield risk.text, risk.sum_insured, risk.deductible, risk.premium


def _property_rows(part: things.PropertyDetails) -> Iterator[_Row]:
    for cover in part.covers:
        yield cover.text, cover.sum_insured, cover.deductible, cover.premium


def _roadside_rows(part: things.RoadsideDetails) -> Iterator[_Row]:
    for risk in part.risks:
        yield risk.text, None, None, risk.premium


def _general_rows(part: GeneralDetails) -> Iterator[_Row]:
    for risk in part.risks:
        yield risk.description, risk.sum_1, None, risk.premium


# Name, sum insured, deductible and premium of each coverage, by what the part is.
_ROWS: dict[type[Details], Callable[[Any], Iterator[_Row]]] = {
    persons.LifeDetails: _life_rows,
    persons.HealthDetails: _health_rows,
    persons.AccidentDetails: _accident_rows,
    things.MotorDetails: _motor_rows,
    things.LiabilityDetails: _liability_rows,
    things.LegalDetails: _legal_rows,
    things.PropertyDetails: _property_rows,
    things.RoadsideDetails: _roadside_rows,
    GeneralDetails: _general_rows,
}


def _currency(part: Details, contract: Contract) -> str:
    return contract.currency or part.currency or "EUR"


def _first(amounts: Iterable[Decimal | None], currency: str) -> Money | None:
    return _money(next((amount for amount in amounts if amount), None), currency)


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if not amount else Money(amount, currency)


def _text(texts: Iterable[str]) -> str | None:
    return next((text for text in texts if text), None)


def _day(day: PartialDate | None) -> date | None:
    return day.latest() if day is not None else None
