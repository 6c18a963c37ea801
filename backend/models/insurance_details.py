"""What each line of business adds to a contract, kept as checked JSON in its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, TypeDecorator

from backend.money import Money

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LifeDetails:
    """Life and pension insurance."""

    line: Literal["life"] = "life"
    sum_at_maturity: Money | None = None
    sum_on_death: Money | None = None
    monthly_pension: Money | None = None
    maturity_date: date | None = None
    tariff: str | None = None


@dataclass(frozen=True, slots=True)
class HealthDetails:
    """Private health insurance."""

    line: Literal["health"] = "health"
    tariff: str | None = None
    deductible: Money | None = None
    daily_allowance: Money | None = None


@dataclass(frozen=True, slots=True)
class MotorDetails:
    """Motor insurance; `annual_mileage` in kilometres."""

    line: Literal["motor"] = "motor"
    licence_plate: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    vehicle_identification: str | None = None
    first_registered_on: date | None = None
    no_claims_class: str | None = None
    regional_class: str | None = None
    annual_mileage: int | None = None


@dataclass(frozen=True, slots=True)
class PropertyDetails:
    """Household and residential building insurance; `living_area` in square metres."""

    line: Literal["property"] = "property"
    risk_address: str | None = None
    living_area: int | None = None
    sum_insured: Money | None = None
    deductible: Money | None = None
    building_year: int | None = None


@dataclass(frozen=True, slots=True)
class LiabilityDetails:
    """Liability insurance."""

    line: Literal["liability"] = "liability"
    risk_description: str | None = None
    sum_insured: Money | None = None
    deductible: Money | None = None


@dataclass(frozen=True, slots=True)
class AccidentDetails:
    """Accident insurance."""

    line: Literal["accident"] = "accident"
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


@dataclass(frozen=True, slots=True)
class Coverage:
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

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        # Built when first needed: it takes longer than all tables together.
        return TypeAdapter(self._kind)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        """Turn the value into JSON types."""
        del dialect
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> T | None:
        """Check and rebuild the value."""
        del dialect
        return None if value is None else self._adapter.validate_python(value)
