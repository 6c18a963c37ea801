"""What each line of business adds to a contract, kept as checked JSON in its row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from sqlalchemy import JSON, TypeDecorator

from backend.money import Money

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

T = TypeVar("T")


class _OfLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="line"):
    """The line of business tells in JSON which of them it is."""


class LifeDetails(_OfLine, frozen=True, kw_only=True, tag="life"):
    """Life and pension insurance."""

    sum_at_maturity: Money | None = None
    sum_on_death: Money | None = None
    monthly_pension: Money | None = None
    maturity_date: date | None = None
    tariff: str | None = None


class HealthDetails(_OfLine, frozen=True, kw_only=True, tag="health"):
    """Private health insurance."""

    tariff: str | None = None
    deductible: Money | None = None
    daily_allowance: Money | None = None


class MotorDetails(_OfLine, frozen=True, kw_only=True, tag="motor"):
    """Motor insurance; `annual_mileage` in kilometres."""

    licence_plate: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    vehicle_identification: str | None = None
    first_registered_on: date | None = None
    no_claims_class: str | None = None
    regional_class: str | None = None
    annual_mileage: int | None = None


class PropertyDetails(_OfLine, frozen=True, kw_only=True, tag="property"):
    """Household and residential building insurance; `living_area` in square metres."""

    risk_address: str | None = None
    living_area: int | None = None
    sum_insured: Money | None = None
    deductible: Money | None = None
    building_year: int | None = None


class LiabilityDetails(_OfLine, frozen=True, kw_only=True, tag="liability"):
    """Liability insurance."""

    risk_description: str | None = None
    sum_insured: Money | None = None
    deductible: Money | None = None


class AccidentDetails(_OfLine, frozen=True, kw_only=True, tag="accident"):
    """Accident insurance."""

    sum_disability: Money | None = None
    sum_death: Money | None = None
    occupation: str | None = None


InsuranceDetails = (
    LifeDetails
    | HealthDetails
    | MotorDetails
    | PropertyDetails
    | LiabilityDetails
    | AccidentDetails
)


class Coverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing a contract covers."""

    name: str
    sum_insured: Money | None = None
    deductible: Money | None = None
    premium: Money | None = None


class CheckedJson(TypeDecorator[T], Generic[T]):
    """A JSON column whose content is a typed, checked value."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__(none_as_null=True)
        self._kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        """Turn the value into JSON types."""
        del dialect
        return None if value is None else msgspec.to_builtins(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> T | None:
        """Check and rebuild the value."""
        del dialect
        if value is None:
            return None
        checked: T = msgspec.convert(value, self._kind)
        return checked
