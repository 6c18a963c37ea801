"""Record types of glass (Sparte 110), household (130) and residential building insurance (140)."""

from __future__ import annotations

from typing import Final

from backend.feeds.gdv.details_things import PropertyCover, PropertyDetails
from backend.feeds.gdv.entries import Entry, LineOfBusiness, RecordType, always, at
from backend.feeds.gdv.layout import Layout

_TERM: Final = """
    status           43       text   Vertragsstatus
    start            44-51    date   Beginn
    end              52-59    date   Ausschluss
"""

_HOUSEHOLD_HEAD: Final = Layout(
    "0210.130",
    f"""{_TERM}
    perils           68-77    text   versicherte Gefahren
    country          78-80    text   Länderkennzeichen der Risikoanschrift
    postal_code      81-86    text   Postleitzahl der Risikoanschrift
    city             87-111   text   Risikoort
    street           112-141  text   Risikostraße
    currency         142-144  text   Währungsschlüssel
    sum_insured      169-180  units  Gesamtversicherungssumme in Währungseinheiten
    premium          181-192  money  Gesamtbeitrag in Währungseinheiten
    conditions       193-197  text   Bedingungen
    living_area      208-212  count  Wohnfläche qm
    """,
)
_HOUSEHOLD_HEAD_2: Final = Layout("0210.130", "product_name  43-62  text  Produktname")
_TOTAL_SUM: Final = "sum_insured  43-56  sum  Gesamtversicherungssumme in Währungseinheiten"
_HOUSEHOLD_COVER: Final = Layout(
    "0220.130",
    """
    start            43-50    date   Beginn
    end              51-58    date   Ausschluss
    code             67-69    text   Art der Summe
    sum_insured      76-87    units  Versicherungssumme/ Entschädigungsgrenze in Währungseinheiten
    premium          117-128  money  Beitrag in Währungseinheiten
    deductible_percent  129-132  sum  Selbstbeteiligung
    deductible       133-144  sum    Selbstbeteiligung in Währungseinheiten
    order            191-196  text   Gefahren lfd. Nummer
    text             204-233  text   Bezeichnung der Zusatzdeckung
    """,
)
_HOUSEHOLD_SUM: Final = Layout(
    "0221.130",
    "sum_insured  46-59  sum  Versicherungssumme/ Entschädigungsgrenze in Währungseinheiten",
)

# A 0221.130 has no key that is always filled: it stands behind the 0220.130 it completes.
HOUSEHOLD: Final = LineOfBusiness(
    PropertyDetails,
    {
        "0210130": RecordType(
            at(251),
            {
                "1": (Entry(_HOUSEHOLD_HEAD, {251: "1"}),),
                "2": (Entry(_HOUSEHOLD_HEAD_2, {251: "2"}),),
            },
        ),
        "0211130": RecordType(always("1"), {"1": (Entry(Layout("0211.130", _TOTAL_SUM), {}),)}),
        "0220130": RecordType(
            always("1"), {"1": (Entry(_HOUSEHOLD_COVER, {}, "covers", PropertyCover),)}
        ),
        "0221130": RecordType(
            always("1"),
            {"1": (Entry(_HOUSEHOLD_SUM, {}, "covers", PropertyCover, opens=False),)},
        ),
    },
)

_BUILDING_HEAD: Final = Layout(
    "0210.140",
    f"""{_TERM}
    currency         68-70    text   Währungsschlüssel
    sum_insured      95-106   units  Gesamtversicherungssumme in Währungseinheiten
    premium          107-118  money  Gesamtbeitrag in Währungseinheiten
    product_name     152-171  text   Produktname
    conditions       172-191  text   Bedingungsbezeichnung
    """,
)
_BUILDING_KEY: Final = "code  43-46  text  Wagnis"
_BUILDING_COVER: Final = Layout(
    "0220.140",
    f"""
    {_BUILDING_KEY}
    order            47-50    text   Objekt-Nr.
    start            52-59    date   Beginn
    end              60-67    date   Ausschluss
    country          76-78    text   Länderkennzeichen zur Risikoanschrift
    postal_code      79-84    text   Postleitzahl zur Risikoanschrift
    city             85-109   text   Risikoort
    street           110-139  text   Risikostraße
    year_built       142-145  count  Baujahr
    """,
)
_BUILDING_COVER_2: Final = Layout(
    "0220.140",
    f"""
    {_BUILDING_KEY}
    order            47-50    text   Objekt.-Nr.
    text             57-86    text   Objektbeschreibung
    sum_insured      116-127  units  Versicherungssumme aktuell in Währungseinheiten
    premium          154-165  money  Beitrag aktuell in Währungseinheiten
    deductible_percent  174-177  sum  Selbstbeteiligung %
    deductible       178-189  sum    Selbstbeteiligung in Währungseinheiten
    natural_hazards  221      text   Elementarschäden
    """,
)
_BUILDING_SUM: Final = Layout(
    "0221.140",
    f"""
    {_BUILDING_KEY}
    order            47-50    text   Objekt-Nr.
    sum_insured      66-79    sum    Versicherungssumme aktuell in Währungseinheiten
    """,
)


def _building(layout: Layout, part: str, *, opens: bool) -> tuple[Entry, ...]:
    marks = {51: "1"} if part == "1" else {51: "2", 256: "2"}
    key = ("code", "order")
    return (Entry(layout, marks, "covers", PropertyCover, key=key, opens=opens),)


BUILDING: Final = LineOfBusiness(
    PropertyDetails,
    {
        "0210140": RecordType(always("1"), {"1": (Entry(_BUILDING_HEAD, {256: "1"}),)}),
        "0211140": RecordType(
            always("1"), {"1": (Entry(Layout("0211.140", _TOTAL_SUM), {256: "1"}),)}
        ),
        "0220140": RecordType(
            at(51),
            {
                "1": _building(_BUILDING_COVER, "1", opens=True),
                "2": _building(_BUILDING_COVER_2, "2", opens=False),
            },
        ),
        "0221140": RecordType(at(51), {"2": _building(_BUILDING_SUM, "2", opens=False)}),
    },
)

_GLASS_HEAD: Final = Layout(
    "0210.110",
    f"""{_TERM}
    currency         68-70    text   Währungsschlüssel
    sum_insured      95-106   units  Gesamtversicherungssumme in Währungseinheiten
    premium          107-118  money  Gesamtbeitrag in Währungseinheiten
    product_name     152-171  text   Produktname
    """,
)
_GLASS_COVER: Final = Layout(
    "0220.110",
    """
    start            43-50    date   Beginn
    end              51-58    date   Ausschluss
    country          67-69    text   Länderkennzeichen der Risikoanschrift
    postal_code      70-75    text   Postleitzahl der Risikoanschrift
    city             76-100   text   Risikoort
    street           101-130  text   Risikostraße
    code             135-136  text   Risiko
    sum_insured      144-155  units  Versicherungssumme in Währungseinheiten
    premium          167-178  money  Beitrag in Währungseinheiten
    deductible_percent  179-182  sum  Selbstbeteiligung %-Satz
    deductible       183-194  sum    Selbstbeteiligung in Währungseinheiten
    order            210-215  text   Risiko lfd. Nummer
    """,
)

GLASS: Final = LineOfBusiness(
    PropertyDetails,
    {
        "0210110": RecordType(always("1"), {"1": (Entry(_GLASS_HEAD, {}),)}),
        "0220110": RecordType(
            always("1"), {"1": (Entry(_GLASS_COVER, {}, "covers", PropertyCover),)}
        ),
    },
)
