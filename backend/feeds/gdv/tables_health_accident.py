"""Record types of private health (Sparte 020) and accident insurance (030)."""

from __future__ import annotations

from typing import Final

from backend.feeds.gdv.details_persons import (
    AccidentBenefit,
    AccidentCover,
    AccidentDetails,
    Beneficiary,
    HealthDetails,
    HealthTariff,
    InsuredPerson,
)
from backend.feeds.gdv.entries import Entry, LineOfBusiness, RecordType, always, at
from backend.feeds.gdv.layout import Layout

_HEALTH_HEAD: Final = Layout("0210.020", "currency  219-221  text  Währungsschlüssel")
_HEALTH_HEAD_2: Final = Layout("0210.020", "product_name  43-62  text  Produktname")
_HEALTH_PERSON: Final = Layout(
    "0220.020",
    """
    number           43-44    text   Lfd. Personen-Nr. / Unternummer
    surname          51-80    text   Name der versicherten Person (VP)
    first_name       81-110   text   Vorname der versicherten Person (VP)
    title            111-130  text   Titel der VP
    birth_date       131-138  date   Geburtsdatum der VP
    sex              142      text   Geschlechtskennzeichen
    occupation       146-175  text   Beruf - Text
    start            181-188  date   Versicherungsbeginn der VP / Ursprungsbeginn
    premium          209-220  money  Gesamtbeitrag VP in Währungseinheiten
    """,
)
_HEALTH_KEY: Final = """
    person           43-44    text   Lfd. Personen-Nr. / Unternummer
    order            45-47    text   Laufende Nummer Tarif
"""
_HEALTH_TARIFF: Final = Layout(
    "0220.020",
    f"""{_HEALTH_KEY}
    status           50       text   Status Tarif
    name             51-70    text   Tarif
    benefit          71-90    text   Tarifleistung
    start            118-125  date   Versicherungsbeginn des Tarifes
    end              144-151  date   Ablauftermin
    premium          155-166  money  Gesamtbeitrag Tarif in Währungseinheiten
    """,
)
_HEALTH_TARIFF_3: Final = Layout(
    "0220.020",
    f"""{_HEALTH_KEY}
    deductible_percent  213-217  sum  Selbstbeteiligung in Prozent
    deductible          218-229  sum  Selbstbeteiligung in WE
    """,
)
_TARIFF_OF_PERSON: Final = ("person", "order")

HEALTH: Final = LineOfBusiness(
    HealthDetails,
    {
        "0210020": RecordType(
            at(256),
            {"1": (Entry(_HEALTH_HEAD, {256: "1"}),), "2": (Entry(_HEALTH_HEAD_2, {256: "2"}),)},
        ),
        "0220020": RecordType(
            at(48),
            {
                "1": (Entry(_HEALTH_PERSON, {48: "1"}, "insured", InsuredPerson),),
                "2": (Entry(_HEALTH_TARIFF, {48: "2"}, "tariffs", HealthTariff),),
                "3": (
                    Entry(
                        _HEALTH_TARIFF_3,
                        {48: "3"},
                        "tariffs",
                        HealthTariff,
                        key=_TARIFF_OF_PERSON,
                        opens=False,
                    ),
                ),
            },
        ),
    },
)

_VP: Final = "43-48  text  Lfd. Nummer der versicherten Person (VP) / Personengruppe"
_ACCIDENT_HEAD: Final = Layout(
    "0210.030",
    """
    status           43       text   Vertragsstatus
    start            44-51    date   Beginn
    end              52-59    date   Ausschluss
    currency         93-95    text   Währungsschlüssel
    premium          120-131  money  Gesamtbeitrag in Währungseinheiten
    tariff           150-179  text   Tarifbezeichnung
    product_name     210-229  text   Produktname
    """,
)
_ACCIDENT_PERSON: Final = Layout(
    "0220.030",
    f"""
    number           {_VP}
    surname          86-115   text   Name der VP
    first_name       116-145  text   Vorname der VP
    birth_date       146-153  date   Geburtsdatum der VP
    sex              154      text   Geschlecht der VP
    occupation       158-187  text   Beruf - Text
    premium          204-215  money  Beitrag pro VP oder pro Personengruppe in Währungseinheiten
    start            216-223  date   Einschlussdatum VP / Personengruppe
    end              224-231  date   Ausschlussdatum VP / Personengruppe
    """,
)
_ACCIDENT_COVER: Final = Layout(
    "0220.030",
    f"""
    person                  {_VP}
    death                   50-58    units  Tod
    disability              66-74    units  Invalidität
    daily_benefit           84-90    tenths Tagegeld 1
    daily_benefit_from_day  91-93    count  Beginn Tagegeld 1 ab Tag
    hospital_daily_benefit  118-124  tenths Krankenhaustagegeld
    convalescence           132-138  tenths Genesungsgeld
    transition              146-154  units  Übergangsentschädigung
    medical_costs           163-171  units  Heilkosten
    pension                 180-188  units  Feste Rente
    cosmetic_surgery        196-204  units  Kosmetische Operationen
    rescue_costs            228-236  units  Bergungskosten
    disability_progression  246-251  sum    Prozentsatz progressive Invalidität
    """,
)
_ACCIDENT_COVER_EXTENSION: Final = Layout(
    "0221.030",
    f"""
    person                  {_VP}
    death                   50-63    sum    Tod
    disability              64-77    sum    Invalidität
    daily_benefit           78-87    sum    Tagegeld 1
    hospital_daily_benefit  98-107   sum    Krankenhaustagegeld
    convalescence           108-117  sum    Genesungsgeld
    transition              118-131  sum    Übergangsentschädigung
    medical_costs           132-145  sum    Heilkosten
    pension                 146-159  sum    Feste Rente
    cosmetic_surgery        160-173  sum    Kosmetische Operationen
    rescue_costs            188-201  sum    Bergungskosten
    """,
)
_ACCIDENT_BENEFICIARY: Final = Layout(
    "0220.030",
    """
    person           43-59    text   Lfd. Nummer der versicherten Person (VP) / Personengruppe
    code             63       text   Bezugsberechtigt im Leistungsfall
    name             64-93    text   Sonstiger Bezugsberechtigter im Leistungsfall
    share            94-98    sum    Bezugsrechtanteil im Leistungsfall
    is_irrevocable   99       yes    Unwiderrufliches Bezugsrecht im Leistungsfall
    """,
)
_ACCIDENT_BENEFIT: Final = Layout(
    "0230.030",
    """
    person           43-48    text   Lfd. Nummer der versicherten  Person (VP) / Personengruppe
    code             49-51    text   Art der Leistung
    name             52-81    text   Bezeichnung der Leistung
    amount           91-104   sum    Leistung in WE
    premium          114-125  sum    Beitrag in WE
    """,
)


def accident_part(text: str) -> str:
    """Part of a 0220.030: each part has its Satznummer elsewhere, and repeats it elsewhere."""
    if text[255] == "X":
        return "2"
    if text[249] in "139":
        return text[249]
    return "3" if text[42] == "3" and text[48] not in "124" else text[48]


def _cover(layout: Layout, *, opens: bool) -> tuple[Entry, ...]:
    marks = {49: "2", 256: "X"}
    return (Entry(layout, marks, "covers", AccidentCover, key=("person",), opens=opens),)


ACCIDENT: Final = LineOfBusiness(
    AccidentDetails,
    {
        "0210030": RecordType(always("1"), {"1": (Entry(_ACCIDENT_HEAD, {}),)}),
        "0220030": RecordType(
            accident_part,
            {
                "1": (Entry(_ACCIDENT_PERSON, {49: "1", 250: "1"}, "insured", InsuredPerson),),
                "2": _cover(_ACCIDENT_COVER, opens=True),
                "9": (
                    Entry(
                        _ACCIDENT_BENEFICIARY,
                        {60: "9", 250: "9"},
                        "beneficiaries",
                        Beneficiary,
                        key=("person",),
                        constants={"event": "benefit"},
                    ),
                ),
            },
        ),
        "0221030": RecordType(accident_part, {"2": _cover(_ACCIDENT_COVER_EXTENSION, opens=False)}),
        "0230030": RecordType(
            always("1"), {"1": (Entry(_ACCIDENT_BENEFIT, {256: "1"}, "benefits", AccidentBenefit),)}
        ),
    },
)
