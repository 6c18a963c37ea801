"""Which line of business a record belongs to, and the general layout for those without own ones."""

from __future__ import annotations

from typing import Final

from backend.feeds.gdv.details import GeneralDetails, GeneralRisk
from backend.feeds.gdv.entries import Entry, LineOfBusiness, RecordType, at
from backend.feeds.gdv.layout import Layout
from backend.feeds.gdv.tables_health_accident import ACCIDENT, HEALTH
from backend.feeds.gdv.tables_life import LIFE
from backend.feeds.gdv.tables_motor import MOTOR
from backend.feeds.gdv.tables_property import BUILDING, GLASS, HOUSEHOLD
from backend.feeds.gdv.tables_things import LEGAL, LIABILITY, ROADSIDE

_HEAD: Final = Layout(
    "0210.000",
    """
    line_name        49-78    text   Spartenbezeichnung
    status           79       text   Vertragsstatus
    start            80-87    date   Beginn
    end              88-95    date   Ausschluß
    currency         104-106  text   Währungsschlüssel
    sum_1            107-118  units  Versicherte Summe 1 in Währungseinheiten
    sum_kind_1       119-138  text   Art der versicherten Summe 1
    sum_2            139-150  units  Versicherte Summe 2 in Währungseinheiten
    sum_kind_2       151-170  text   Art der versicherten Summe 2
    premium          215-226  money  Gesamtprämie in Währungseinheiten
    has_deductible   239      text   Selbstbehalt
    """,
)
_HEAD_2: Final = Layout(
    "0210.000",
    """
    description      44-73    text   Risikobeschreibung 1
    description_2    74-103   text   Risikobeschreibung 2
    description_3    104-133  text   Risikobeschreibung 3
    product_name     196-215  text   Produktname
    """,
)
_SUMS: Final = Layout(
    "0211.000",
    """
    sum_1            49-62    sum    Versicherte Summe 1 in Währungseinheiten
    sum_2            63-76    sum    Versicherte Summe 2 in Währungseinheiten
    """,
)
_RISK: Final = Layout(
    "0220.000",
    """
    order            43-46    text   Lfd. Nummer des Risikos
    start            48-55    date   Einschluss
    end              56-63    date   Ausschluss
    sum_1            75-86    units  Versicherte Summe 1 in Währungseinheiten
    sum_kind_1       87-106   text   Art der versicherten Summe 1
    sum_2            107-118  units  Versicherte Summe 2 in Währungseinheiten
    sum_kind_2       119-138  text   Art der versicherten Summe 2
    premium          183-194  money  Gesamtprämie in Währungseinheiten
    """,
)
_RISK_TEXT: Final = Layout(
    "0220.000",
    """
    order            43-46    text   Lfd. Nummer des Risikos
    description      48-77    text   Risikobeschreibung 1
    description_2    78-107   text   Risikobeschreibung 2
    description_3    108-137  text   Risikobeschreibung 3
    """,
)
_RISK_SUMS: Final = Layout(
    "0221.000",
    """
    order            43-46    text   Lfd. Nr. des Risikos
    sum_1            48-61    sum    Versicherte Summe 1 in Währungseinheiten
    sum_2            62-75    sum    Versicherte Summe 2 in Währungseinheiten
    """,
)


def _risk(layout: Layout, part: str, *, opens: bool) -> tuple[Entry, ...]:
    return (Entry(layout, {47: part}, "risks", GeneralRisk, key=("order",), opens=opens),)


GENERAL: Final = LineOfBusiness(
    GeneralDetails,
    {
        "0210000": RecordType(
            at(43), {"1": (Entry(_HEAD, {43: "1"}),), "2": (Entry(_HEAD_2, {43: "2"}),)}
        ),
        "0211000": RecordType(at(43), {"1": (Entry(_SUMS, {43: "1"}),)}),
        "0220000": RecordType(
            at(47),
            {"1": _risk(_RISK, "1", opens=True), "2": _risk(_RISK_TEXT, "2", opens=False)},
        ),
        "0221000": RecordType(at(47), {"1": _risk(_RISK_SUMS, "1", opens=False)}),
    },
)

LINES: Final[dict[str, LineOfBusiness]] = {
    "010": LIFE,
    "020": HEALTH,
    "030": ACCIDENT,
    "040": LIABILITY,
    "050": MOTOR,
    "051": MOTOR,
    "052": MOTOR,
    "053": MOTOR,
    "054": MOTOR,
    "055": MOTOR,
    "059": MOTOR,
    "070": LEGAL,
    "110": GLASS,
    "130": HOUSEHOLD,
    "140": BUILDING,
    "510": ROADSIDE,
}
# Lines with record types of their own that no page of ours shows: fire, technical, transport,
# funds, savings, loans, building society, pets. Their records are counted, not misread.
UNUSED_LINES: Final = frozenset({"080", "170", "190", "550", "560", "570", "580", "684"})


def line_of_business(sparte: str) -> LineOfBusiness | None:
    """The tables for a Sparte; None if its own record types are not read."""
    return LINES.get(sparte) or (None if sparte in UNUSED_LINES else GENERAL)
