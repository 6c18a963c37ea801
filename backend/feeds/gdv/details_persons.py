"""Details of insurance of persons: life and pension, private health, accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.feeds.gdv.details import Details
from backend.values import Value

if TYPE_CHECKING:
    from decimal import Decimal

    from backend.feeds.records import PartialDate


class InsuredPerson(Value):
    """A person a life, health or accident contract insures (0220.010 Wagnisart 0, .020.1, .030)."""

    number: str = ""
    surname: str = ""
    first_name: str = ""
    title: str = ""
    birth_date: PartialDate | None = None
    sex: str = ""
    occupation: str = ""
    customer_number: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    premium: Decimal | None = None


class Beneficiary(Value):
    """Who receives what share (percent) if the event happens; ``code`` is the key as sent."""

    person: str = ""
    event: str = ""
    code: str = ""
    name: str = ""
    share: Decimal | None = None
    is_irrevocable: bool = False


class LifeTariff(Value):
    """One tariff of a life or pension contract; ``risk`` is the Wagnisart.

    1 endowment, 2 pension, 3 term, 4 and 8 disability, 5 risk rider, 6 accident rider, 7 fund
    endowment, 9 fund pension.
    """

    person: str = ""
    risk: str = ""
    order: str = ""
    name: str = ""
    status: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    premium: Decimal | None = None
    sum_at_death: Decimal | None = None
    sum_at_expiry: Decimal | None = None
    yearly_pension: Decimal | None = None
    pension_start: PartialDate | None = None
    surrender_value: Decimal | None = None
    surrender_value_on: PartialDate | None = None


class LifeDetails(Details):
    """Life and pension, 0210.010 with its 0220."""

    contract_form: str = ""
    occupational_pension: str = ""
    subsidy: str = ""
    financing: str = ""
    implementation: str = ""
    sponsor: str = ""
    description: str = ""
    insured: tuple[InsuredPerson, ...] = ()
    tariffs: tuple[LifeTariff, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()

    @property
    def is_occupational_pension(self) -> bool:
        """Whether it comes from an occupational pension, also when continued privately (F39 ff.).

        Three fields of 0210.010 part 2 tell, and one is enough: *Betriebliche Altersversorgung*
        (byte 43, 1 to 5: direct insurance or reinsurance of an employer's promise),
        *Durchführungsweg* (byte 119: 1 direct insurance, 2 support fund, 3 Pensionskasse,
        4 pension fund, 6 direct promise, 8 Riester as direct insurance; 5 private and 7 private
        Riester are not) and *Art der steuerlichen Förderung* (byte 117: 1 to 4, all of them
        employers' schemes; 5 none, 6 private Riester, 7 basic pension are not).
        """
        return (
            self.occupational_pension in {"1", "2", "3", "4", "5"}
            or self.implementation in {"1", "2", "3", "4", "6", "8"}
            or self.subsidy in {"1", "2", "3", "4"}
        )


class HealthTariff(Value):
    """One tariff of one insured person, 0220.020.2; the deductible is in 0220.020.3."""

    person: str = ""
    order: str = ""
    name: str = ""
    benefit: str = ""
    status: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    premium: Decimal | None = None
    deductible: Decimal | None = None
    deductible_percent: Decimal | None = None


class HealthDetails(Details):
    """Private health, 0210.020 with its 0220."""

    insured: tuple[InsuredPerson, ...] = ()
    tariffs: tuple[HealthTariff, ...] = ()


class AccidentCover(Value):
    """Sums insured for one person of an accident contract, 0220.030 and 0221.030 part 2."""

    person: str = ""
    death: Decimal | None = None
    disability: Decimal | None = None
    disability_progression: Decimal | None = None
    daily_benefit: Decimal | None = None
    daily_benefit_from_day: int | None = None
    hospital_daily_benefit: Decimal | None = None
    convalescence: Decimal | None = None
    transition: Decimal | None = None
    medical_costs: Decimal | None = None
    pension: Decimal | None = None
    cosmetic_surgery: Decimal | None = None
    rescue_costs: Decimal | None = None


class AccidentBenefit(Value):
    """One benefit by name, 0230.030."""

    person: str = ""
    code: str = ""
    name: str = ""
    amount: Decimal | None = None
    premium: Decimal | None = None


class AccidentDetails(Details):
    """Accident, 0210.030 with its 0220, 0221 and 0230."""

    tariff: str = ""
    insured: tuple[InsuredPerson, ...] = ()
    covers: tuple[AccidentCover, ...] = ()
    benefits: tuple[AccidentBenefit, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()
