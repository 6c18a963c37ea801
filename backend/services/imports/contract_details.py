"""The details of a GDV contract as our contract pages show them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

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
    from collections.abc import Iterable, Iterator
    from datetime import date

    from backend.feeds.gdv.details import Details
    from backend.feeds.gdv.records import Contract
    from backend.feeds.records import PartialDate

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
    match part:
        case persons.LifeDetails():
            return _life(part, contract, currency)
        case persons.HealthDetails():
            tariffs = part.tariffs
            return HealthDetails(
                tariff=", ".join(dict.fromkeys(t.name for t in tariffs if t.name)) or None,
                deductible=_first((t.deductible for t in tariffs), currency),
            )
        case persons.AccidentDetails():
            return AccidentDetails(
                sum_disability=_first((c.disability for c in part.covers), currency),
                sum_death=_first((c.death for c in part.covers), currency),
                occupation=_text(p.occupation for p in part.insured),
            )
        case things.LiabilityDetails():
            risks = part.risks
            return LiabilityDetails(
                risk_description=_text(r.description or r.text for r in risks),
                sum_insured=_first((part.sum_1, *(r.sum_1 for r in risks)), currency),
                deductible=_first((r.deductible for r in risks), currency),
            )
        case things.MotorDetails():
            return _motor(part)
        case things.PropertyDetails():
            return _property(part, currency)
        case _:
            return None


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
    match part:
        case persons.LifeDetails():
            for life in part.tariffs:
                total = life.sum_at_death or life.sum_at_expiry
                yield from _coverage(currency, life.name, total, None, life.premium)
        case persons.HealthDetails():
            for health in part.tariffs:
                yield from _coverage(
                    currency, health.name, None, health.deductible, health.premium
                )
        case persons.AccidentDetails():
            yield from _accident(part, currency)
        case things.MotorDetails():
            for cover in part.covers:
                name = cover.name or _MOTOR_COVERS.get(cover.kind, "")
                deductible = cover.deductible or cover.partial_deductible
                yield from _coverage(currency, name, cover.sum_insured, deductible, cover.premium)
        case things.LiabilityDetails():
            for risk in part.risks:
                name = risk.text or risk.description
                yield from _coverage(currency, name, risk.sum_1, risk.deductible, risk.premium)
        case things.LegalDetails():
            for legal in part.risks:
                yield from _coverage(
                    currency, legal.text, legal.sum_insured, legal.deductible, legal.premium
                )
        case things.PropertyDetails():
            for item in part.covers:
                yield from _coverage(
                    currency, item.text, item.sum_insured, item.deductible, item.premium
                )
        case things.RoadsideDetails():
            for roadside in part.risks:
                yield from _coverage(currency, roadside.text, None, None, roadside.premium)
        case GeneralDetails():
            for general in part.risks:
                yield from _coverage(
                    currency, general.description, general.sum_1, None, general.premium
                )
        case _:
            pass


def _accident(part: persons.AccidentDetails, currency: str) -> Iterator[Coverage]:
    for benefit in part.benefits:
        yield from _coverage(currency, benefit.name, benefit.amount, None, benefit.premium)
    for cover in part.covers:
        for name, amount in (
            ("Invalidität", cover.disability),
            ("Todesfall", cover.death),
            ("Krankenhaustagegeld", cover.hospital_daily_benefit),
            ("Tagegeld", cover.daily_benefit),
            ("Unfallrente", cover.pension),
            ("Bergungskosten", cover.rescue_costs),
        ):
            if amount:
                yield from _coverage(currency, name, amount, None, None)


def _coverage(
    currency: str,
    name: str,
    sum_insured: Decimal | None,
    deductible: Decimal | None,
    premium: Decimal | None,
) -> Iterator[Coverage]:
    if name:
        yield Coverage(
            name,
            _money(sum_insured, currency),
            _money(deductible, currency),
            _money(premium, currency),
        )


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
