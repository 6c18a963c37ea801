"""Record types of life and pension insurance (Sparte 010)."""

from __future__ import annotations

from typing import Final

from backend.feeds.gdv.details_persons import Beneficiary, InsuredPerson, LifeDetails, LifeTariff
from backend.feeds.gdv.entries import Entry, LineOfBusiness, RecordType, at
from backend.feeds.gdv.layout import Layout

_LIFE_HEAD: Final = Layout(
    "0210.010",
    """
    currency         44-46    text   Währungsschlüssel
    contract_form    64       text   Vertragsform
    """,
)
_LIFE_HEAD_2: Final = Layout(
    "0210.010",
    """
    occupational_pension  43       text  Betriebliche Altersversorgung
    description           55-84    text  Produktbeschreibung
    product_name          97-116   text  Produktname
    subsidy               117      text  Art der steuerlichen Förderung
    financing             118      text  Finanzierungsart
    implementation        119      text  Durchführungsweg
    sponsor               169-208  text  Trägerunternehmen Name
    """,
)
_LIFE_PERSON: Final = Layout(
    "0220.010",
    """
    number           43-59    text   Lfd. Nummer der versicherten Person (VP)
    surname          62-91    text   Name der VP
    first_name       92-121   text   Vorname der VP
    birth_date       122-129  date   Geburtsdatum der VP
    sex              130      text   Geschlecht der VP
    occupation       134-163  text   Beruf - Text
    customer_number  173-189  person Personen-/Kundennummer des Versicherers
    """,
)
_TARIFF_KEY: Final = """
    person           43-59    text   Lfd. Nummer der versicherten Person (VP)
    risk             60       text   Wagnisart
    order            61       text   lfd. Nummer zur Wagnisart
"""
_TARIFF: Final = f"""{_TARIFF_KEY}
    start            62-69    date   Beginn
    end              70-77    date   Ablauf
"""
_ENDOWMENT: Final = """
    sum_at_death     111-119  units  Todesfall VS in Währungseinheiten
    name             142-161  text   Tarifbezeichnung
    status           162      text   Status
    surrender_value     222-230  units  Rückkaufswert in Währungseinheiten
    surrender_value_on  231-236  month  Rückkaufswert gültig am
"""
_TARIFFS: Final[dict[str, str]] = {
    "13": f"""{_ENDOWMENT}
    premium          90-101   money  Beitrag
    sum_at_expiry    102-110  units  Erlebensfall VS in Währungseinheiten zum Ablauf
    """,
    "7": f"""{_ENDOWMENT}
    premium          90-101   money  Beitrag in Währungseinheiten
    """,
    "2": """
    premium          90-101   money  Beitrag
    name             102-121  text   Tarifbezeichnung
    status           122      text   Status
    surrender_value     157-165  units  Rückkaufswert in Währungseinheiten
    surrender_value_on  166-171  month  Rückkaufswert gültig am
    pension_start    181-188  date   Beginn der Rentenzahlung
    yearly_pension   192-203  sum    Jahresrente in Währungseinheiten
    sum_at_expiry    204-212  units  Kapitalzahlungssumme in Währungseinheiten
    """,
    "9": """
    premium          90-101   money  Beitrag
    name             102-121  text   Tarifbezeichnung
    status           122      text   Status
    surrender_value     157-168  sum    Rückkaufswert in Währungseinheiten
    surrender_value_on  169-174  month  Rückkaufswert gültig am
    pension_start    187-194  date   Beginn der Rentenzahlung
    yearly_pension   198-209  sum    Jahresrente in Währungseinheiten
    sum_at_expiry    210-221  sum    Kapitalzahlungssumme in Währungseinheiten
    """,
    "48": """
    premium          90-101   money  Beitrag BU in Währungseinheiten
    status           114      text   Status
    yearly_pension   141-152  sum    Jahresrente in Währungseinheiten
    """,
    "5": """
    premium          90-101   money  Beitrag
    sum_at_death     102-110  units  Versicherungssumme in Währungseinheiten
    status           124      text   Status
    yearly_pension   151-162  sum    Jahresrente in Währungseinheiten
    """,
    "6": """
    sum_at_death     96-104   units  Unfallsumme in Währungseinheiten
    status           105      text   Status
    premium          139-150  money  Beitrag in Währungseinheiten
    """,
}
_TARIFF_EXTENSIONS: Final[dict[str, str]] = {
    "13": """
    sum_at_expiry    62-75    sum    Erlebensfall VS in Währungseinheiten
    sum_at_death     76-89    sum    Todesfall VS in Währungseinheiten
    surrender_value  132-145  sum    Rückkaufswert in Währungseinheiten
    """,
    "7": """
    sum_at_death     76-89    sum    Todesfall VS in Währungseinheiten
    surrender_value  132-145  sum    Rückkaufswert in Währungseinheiten
    """,
    "2": """
    surrender_value  62-75    sum    Rückkaufswert in Währungseinheiten
    sum_at_expiry    90-103   sum    Kapitalzahlungs-Summe in Währungseinheiten
    """,
    "5": "sum_at_death  62-75  sum  Versicherungssumme in Währungseinheiten",
    "6": "sum_at_death  62-75  sum  Unfallsumme in Währungseinheiten",
}


def _beneficiaries(risk: str) -> tuple[Entry, ...]:
    """Part 6: one or two rights to the benefit, depending on the Wagnisart."""
    events: tuple[tuple[str, int, str], ...]
    if risk in "12379":
        events = (("survival", 64, "Erlebensfall"), ("death", 101, "Todesfall"))
    elif risk == "5":
        events = (("death", 64, "Todesfall"),)
    else:
        events = (("benefit", 64, "Leistungsfall"),)
    return tuple(
        Entry(
            Layout(
                "0220.010",
                f"""
                person         43-59  text  Lfd. Nummer der versicherten Person (VP)
                code           {byte}                  text   Bezugsberechtigt im {name}
                name           {byte + 1}-{byte + 30}  text   Sonstiger Bezugsberechtigter im {name}
                share          {byte + 31}-{byte + 35} sum    Bezugsrechtanteil im {name}
                is_irrevocable {byte + 36}             yes    Unwiderrufliches Bezugsrecht im {name}
                """,
            ),
            {60: risk, 256: "6"},
            "beneficiaries",
            Beneficiary,
            constants={"event": event},
            key=("person",),
        )
        for event, byte, name in events
    )


def _life_parts() -> dict[str, tuple[Entry, ...]]:
    parts: dict[str, tuple[Entry, ...]] = {
        "01": (Entry(_LIFE_PERSON, {60: "0", 256: "1"}, "insured", InsuredPerson),)
    }
    for risks, table in _TARIFFS.items():
        layout = Layout("0220.010", _TARIFF + table)
        for risk in risks:
            entry = Entry(layout, {60: risk, 256: "1"}, "tariffs", LifeTariff)
            parts[risk + "1"] = (entry,)
            parts[risk + "6"] = _beneficiaries(risk)
    return parts


def _life_extensions() -> dict[str, tuple[Entry, ...]]:
    key = ("person", "risk", "order")
    return {
        risk + "1": (
            Entry(
                Layout("0221.010", _TARIFF_KEY + table),
                {60: risk, 256: "1"},
                "tariffs",
                LifeTariff,
                key=key,
                opens=False,
            ),
        )
        for risks, table in _TARIFF_EXTENSIONS.items()
        for risk in risks
    }


def _life_part(text: str) -> str:
    return text[59] + (text[255] if text[255] != " " else "1")


LIFE: Final = LineOfBusiness(
    LifeDetails,
    {
        "0210010": RecordType(
            at(256),
            {"1": (Entry(_LIFE_HEAD, {256: "1"}),), "2": (Entry(_LIFE_HEAD_2, {256: "2"}),)},
        ),
        "0220010": RecordType(_life_part, _life_parts()),
        "0221010": RecordType(_life_part, _life_extensions()),
    },
)
