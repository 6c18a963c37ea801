"""Record types of liability (Sparte 040), legal expenses (070) and roadside assistance (510)."""

from __future__ import annotations

from typing import Final

from backend.feeds.gdv.details_things import (
    LegalDetails,
    LegalRisk,
    LiabilityDetails,
    LiabilityRisk,
    RoadsideDetails,
    RoadsideRisk,
)
from backend.feeds.gdv.entries import Entry, LineOfBusiness, RecordType, always, at
from backend.feeds.gdv.layout import Layout

_TERM: Final = """
    status           43       text   Vertragsstatus
    start            44-51    date   Beginn
    end              52-59    date   Ausschluss
"""

_LIABILITY_HEAD: Final = Layout(
    "0210.040",
    f"""{_TERM}
    sum_kind_1       68       text   Summenart 1
    sum_1            72-80    thousands  Deckungssumme 1 in Tausend Währungseinheiten
    sum_kind_2       81       text   Summenart 2
    sum_2            85-93    thousands  Deckungssumme 2 in Tausend Währungseinheiten
    sum_kind_3       94       text   Summenart 3
    sum_3            98-106   thousands  Deckungssumme 3 in Tausend Währungseinheiten
    has_deductible   121      text   Selbstbehalt
    currency         127-129  text   Währungsschlüssel
    premium          154-165  money  Gesamtbeitrag in Währungseinheiten
    product_name     195-214  text   Produktname
    """,
)
_LIABILITY_SUMS: Final = Layout(
    "0211.040",
    """
    sum_1            43-56    sum    Deckungssumme 1 in Währungseinheiten
    sum_2            57-70    sum    Deckungssumme 2 in Währungseinheiten
    sum_3            71-84    sum    Deckungssumme 3 in Währungseinheiten
    """,
)
_RISK_KEY: Final = "code  43-48  text  Wagnisart"
_LIABILITY_RISK: Final = Layout(
    "0220.040",
    f"""
    {_RISK_KEY}
    order            49-50    text   Ordnungs-Nummer für Wagniszusatz
    premium          120-131  money  Gesamtbeitrag in Währungseinheiten
    sum_kind_1       132      text   Summenart 1
    sum_1            133-141  thousands  Deckungssumme 1 in Tausend Währungseinheiten
    sum_kind_2       142      text   Summenart 2
    sum_2            143-151  thousands  Deckungssumme 2 in Tausend Währungseinheiten
    start            187-194  date   Beginn
    end              195-202  date   Ausschluss
    deductible_percent  235-238  sum  Selbstbeteiligung %
    deductible       239-250  sum    Selbstbeteiligung in Währungseinheiten
    """,
)
_LIABILITY_TEXT: Final = Layout(
    "0220.040",
    f"""
    {_RISK_KEY}
    order            49-50    text   Ordnungs-Nummer für Wagnis-Teil
    text             52-101   text   Wagnistext
    description      102-181  text   Wagnisbeschreibung
    postal_code      182-187  text   Postleitzahl der Risikoanschrift
    city             188-212  text   Risikoort
    street           213-242  text   Risikostraße
    """,
)
_LIABILITY_RISK_SUMS: Final = Layout(
    "0221.040",
    f"""
    {_RISK_KEY}
    order            49-50    text   Ordnungs-Nummer für Wagniszusatz
    sum_1            52-65    sum    Deckungssumme 1 in Währungseinheiten
    sum_2            66-79    sum    Deckungssumme 2 in Währungseinheiten
    """,
)


def _risk(layout: Layout, part: str, *, opens: bool) -> tuple[Entry, ...]:
    key = ("code", "order")
    return (Entry(layout, {51: part}, "risks", LiabilityRisk, key=key, opens=opens),)


LIABILITY: Final = LineOfBusiness(
    LiabilityDetails,
    {
        "0210040": RecordType(always("1"), {"1": (Entry(_LIABILITY_HEAD, {}),)}),
        "0211040": RecordType(always("1"), {"1": (Entry(_LIABILITY_SUMS, {256: "1"}),)}),
        "0220040": RecordType(
            at(51),
            {
                "1": _risk(_LIABILITY_RISK, "1", opens=True),
                "2": _risk(_LIABILITY_TEXT, "2", opens=False),
            },
        ),
        "0221040": RecordType(at(51), {"1": _risk(_LIABILITY_RISK_SUMS, "1", opens=False)}),
    },
)

_LEGAL_HEAD: Final = Layout(
    "0210.070",
    f"""{_TERM}
    payment_frequency  68     text   Zahlungsweise
    currency         77-79    text   Währungsschlüssel
    premium          80-91    money  Beitrag in Währungseinheiten
    product_name     127-146  text   Produktname
    """,
)
_LEGAL_KEY: Final = """
    code             43-47    text   Risikogruppe / Risikoart
    order            48-52    text   lfd. Nummer
"""
_LEGAL_RISK: Final = Layout(
    "0220.070",
    f"""{_LEGAL_KEY}
    status           54       text   Vertragsstatus
    start            55-62    date   Beginn
    end              63-70    date   Ausschluss
    payment_frequency  79     text   Zahlungsweise
    premium          91-102   money  Beitrag in Währungseinheiten
    text             103-132  text   Risikotext
    deductible_percent  144-148  sum  Selbstbeteiligung in %
    deductible       149-160  sum    Selbstbeteiligung in Währungseinheiten
    sum_insured      176-184  thousands  Deckungssumme in Tausend Währungseinheiten
    licence_plate    208-219  text   Amtl. Kennzeichen
    """,
)
_LEGAL_OBJECT: Final = Layout(
    "0220.070",
    f"""{_LEGAL_KEY}
    insured_object         109-188  text  Versichertes Objekt
    co_insured_surname     189-218  text  Mitversicherte Person Familienname
    co_insured_first_name  219-248  text  Mitversicherte Person Vorname
    """,
)
_LEGAL_SUM: Final = Layout(
    "0221.070", f"{_LEGAL_KEY}sum_insured  54-67  sum  Deckungssumme in Währungseinheiten"
)


def _legal(layout: Layout, part: str, *, opens: bool) -> tuple[Entry, ...]:
    key = ("code", "order")
    return (Entry(layout, {53: part}, "risks", LegalRisk, key=key, opens=opens),)


LEGAL: Final = LineOfBusiness(
    LegalDetails,
    {
        "0210070": RecordType(always("1"), {"1": (Entry(_LEGAL_HEAD, {}),)}),
        "0220070": RecordType(
            at(53),
            {
                "1": _legal(_LEGAL_RISK, "1", opens=True),
                "2": _legal(_LEGAL_OBJECT, "2", opens=False),
            },
        ),
        "0221070": RecordType(at(53), {"1": _legal(_LEGAL_SUM, "1", opens=False)}),
    },
)

_ROADSIDE_HEAD: Final = Layout(
    "0210.510",
    f"""{_TERM}
    payment_frequency  68     text   Zahlungsweise
    currency         77-79    text   Währungsschlüssel
    premium          80-91    money  Beitrag in Währungseinheiten
    product_name     121-140  text   Produktname
    """,
)
_ROADSIDE_RISK: Final = Layout(
    "0220.510",
    """
    order            43       text   lfd.-Nummer des versicherten Fahrzeuges
    area             49       text   Geltungsbereich
    start            51-58    date   Beginn
    end              59-66    date   Ausschluss
    premium          87-98    money  Beitrag in Währungseinheiten
    text             99-128   text   Risikotext
    licence_plate    146-157  text   Amtl. Kennzeichen
    """,
)

ROADSIDE: Final = LineOfBusiness(
    RoadsideDetails,
    {
        "0210510": RecordType(always("1"), {"1": (Entry(_ROADSIDE_HEAD, {}),)}),
        "0220510": RecordType(
            always("1"), {"1": (Entry(_ROADSIDE_RISK, {}, "risks", RoadsideRisk),)}
        ),
    },
)
