"""Which insurance line a GDV contract belongs to, as customers speak of it, and its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.feeds.gdv.details import GeneralDetails
from backend.feeds.gdv.details_persons import HealthDetails, LifeDetails
from backend.models.contracts import LineOfBusiness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.feeds.gdv.details import Details
    from backend.feeds.gdv.records import Contract

_BUNDLE = "000"
# Sparten of GDV Anlage 1 with record types of their own.
_LINES = {
    "010": LineOfBusiness.LIFE,
    "020": LineOfBusiness.HEALTH,
    "030": LineOfBusiness.ACCIDENT,
    "040": LineOfBusiness.LIABILITY,
    "050": LineOfBusiness.MOTOR,
    "051": LineOfBusiness.MOTOR,
    "052": LineOfBusiness.MOTOR,
    "053": LineOfBusiness.MOTOR,
    "054": LineOfBusiness.MOTOR,
    "055": LineOfBusiness.MOTOR,
    "059": LineOfBusiness.MOTOR,
    "070": LineOfBusiness.LEGAL_PROTECTION,
    "130": LineOfBusiness.HOUSEHOLD,
    "140": LineOfBusiness.RESIDENTIAL_BUILDING,
}
# 0220.010, Wagnisart: 2 pension, 9 fund pension.
_PENSION_RISKS = frozenset({"2", "9"})
# 0210.010 part 2, byte 117: 6 private Riester, 7 basic pension.
_PENSION_SUBSIDIES = frozenset({"6", "7"})


def line_of_business(contract: Contract) -> LineOfBusiness:
    """Return the line of a contract; a bundle has the line of its parts if they agree.

    Life becomes PENSION by the kind of its risks, its subsidy or its name; health becomes
    TRAVEL_HEALTH by its name: GDV has no Sparte for either.
    """
    if contract.line_of_business == _BUNDLE:
        lines = {_line_of(part.line_of_business, contract) for part in contract.details}
        return lines.pop() if len(lines) == 1 else LineOfBusiness.OTHER
    return _line_of(contract.line_of_business, contract)


def product_name(contract: Contract) -> str | None:
    """Return the name of the product: of the contract, or of its first part that has one."""
    names = [contract.product_name, *(part.product_name for part in contract.details)]
    names += [part.line_name for part in contract.details if isinstance(part, GeneralDetails)]
    return next((name for name in names if name), None)


def _line_of(sparte: str, contract: Contract) -> LineOfBusiness:
    line = _LINES.get(sparte)
    names = " ".join(_names(contract)).casefold()
    if line is LineOfBusiness.LIFE and (_is_pension(contract.details) or "rente" in names):
        return LineOfBusiness.PENSION
    is_for_travel = "reise" in names
    if line is LineOfBusiness.HEALTH:
        return LineOfBusiness.TRAVEL_HEALTH if is_for_travel else line
    if line is None and is_for_travel:
        is_health = "krank" in names
        return LineOfBusiness.TRAVEL_HEALTH if is_health else LineOfBusiness.TRAVEL
    return line or LineOfBusiness.OTHER


def _names(contract: Contract) -> Iterator[str]:
    yield contract.product_name
    for part in contract.details:
        yield part.product_name
        match part:
            case GeneralDetails():
                yield part.line_name
            case LifeDetails() | HealthDetails():
                yield from (tariff.name for tariff in part.tariffs)
            case _:
                pass


def _is_pension(details: tuple[Details, ...]) -> bool:
    for part in details:
        if not isinstance(part, LifeDetails):
            continue
        # A pension rider beside an endowment doesn't make it one: the first tariff leads.
        leads = part.tariffs[0].risk if part.tariffs else ""
        if leads in _PENSION_RISKS or part.subsidy in _PENSION_SUBSIDIES:
            return True
    return False
