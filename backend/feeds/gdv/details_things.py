"""Details of liability, motor, legal expenses, property and roadside assistance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.feeds.gdv.details import Details
from backend.values import Value

if TYPE_CHECKING:
    from decimal import Decimal

    from backend.feeds.records import PartialDate


class LiabilityRisk(Value):
    """One insured risk, 0220.040 parts 1 and 2; ``text`` is its name ("PHV", "Hunde")."""

    code: str = ""
    order: str = ""
    text: str = ""
    description: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    premium: Decimal | None = None
    sum_kind_1: str = ""
    sum_1: Decimal | None = None
    sum_kind_2: str = ""
    sum_2: Decimal | None = None
    deductible: Decimal | None = None
    deductible_percent: Decimal | None = None
    postal_code: str = ""
    city: str = ""
    street: str = ""


class LiabilityDetails(Details):
    """Liability, 0210.040 with its 0220; sums insured by kind of sum as sent."""

    sum_kind_1: str = ""
    sum_1: Decimal | None = None
    sum_kind_2: str = ""
    sum_2: Decimal | None = None
    sum_kind_3: str = ""
    sum_3: Decimal | None = None
    has_deductible: str = ""
    risks: tuple[LiabilityRisk, ...] = ()


class MotorCover(Value):
    """One cover of a car: 051 liability, 052 comprehensive, 053 partial, 054 occupants, 055, 059.

    ``no_claims_class`` is the SF class as sent, ``rate_percent`` the premium rate it leads to.
    ``partial_deductible`` is that of the partial cover within 052.
    """

    kind: str = ""
    name: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    premium: Decimal | None = None
    no_claims_class: str = ""
    rate_percent: int | None = None
    vehicle_class: str = ""
    tariff: str = ""
    deductible: Decimal | None = None
    partial_deductible: Decimal | None = None
    sum_insured: Decimal | None = None


class MotorDetails(Details):
    """Motor, 0210.050 with the covers of 0220.051 to 059; ``power`` in kW as a rule."""

    vehicle_kind: str = ""
    manufacturer: str = ""
    model: str = ""
    manufacturer_key: str = ""
    type_key: str = ""
    vehicle_identification_number: str = ""
    licence_plate: str = ""
    season: str = ""
    first_registered_on: PartialDate | None = None
    power: Decimal | None = None
    new_price: Decimal | None = None
    yearly_mileage: int | None = None
    covers: tuple[MotorCover, ...] = ()


class LegalRisk(Value):
    """One insured area of legal expenses, 0220.070."""

    code: str = ""
    order: str = ""
    text: str = ""
    status: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    payment_frequency: str = ""
    premium: Decimal | None = None
    deductible: Decimal | None = None
    deductible_percent: Decimal | None = None
    sum_insured: Decimal | None = None
    licence_plate: str = ""
    insured_object: str = ""
    co_insured_surname: str = ""
    co_insured_first_name: str = ""


class LegalDetails(Details):
    """Legal expenses, 0210.070 with its 0220."""

    payment_frequency: str = ""
    risks: tuple[LegalRisk, ...] = ()


class PropertyCover(Value):
    """A sum or risk of household, building or glass insurance (0220.130, .140, .110)."""

    code: str = ""
    order: str = ""
    text: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    sum_insured: Decimal | None = None
    premium: Decimal | None = None
    deductible: Decimal | None = None
    deductible_percent: Decimal | None = None
    country: str = ""
    postal_code: str = ""
    city: str = ""
    street: str = ""
    year_built: int | None = None
    natural_hazards: str = ""


class PropertyDetails(Details):
    """Household (130), residential building (140) or glass (110); the address is the risk's."""

    perils: str = ""
    country: str = ""
    postal_code: str = ""
    city: str = ""
    street: str = ""
    sum_insured: Decimal | None = None
    living_area: int | None = None
    conditions: str = ""
    covers: tuple[PropertyCover, ...] = ()


class RoadsideRisk(Value):
    """One vehicle of a roadside assistance contract, 0220.510."""

    order: str = ""
    text: str = ""
    area: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    premium: Decimal | None = None
    licence_plate: str = ""


class RoadsideDetails(Details):
    """Roadside assistance (Verkehrsservice), 0210.510 with its 0220."""

    payment_frequency: str = ""
    risks: tuple[RoadsideRisk, ...] = ()
