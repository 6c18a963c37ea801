"""The people of the demo world Musterland: who they are and what they prove (DEMO.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import field

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

# One password for all: the sandbox shows it anyway.
PASSWORD = "Musterland zeigt alles 2026"  # noqa: S105  # the sandbox shows it to everybody


class Persona(Value):
    """One person; `numbers` are customer numbers by institution key.

    `birth_date` is ISO text and may be partial. Phone numbers are those that the Bundesnetzagentur
    reserves for films, so that no message can ever reach anybody.
    """

    key: str
    given_name: str
    family_name: str
    birth_date: str
    salutation: str
    street: str
    postal_code: str
    city: str
    proves_de: str
    proves_en: str
    phone: str
    numbers: Mapping[str, str] = field(default_factory=dict)
    country: str = "D"
    language: str = "de"

    @property
    def email(self) -> str:
        """Address with which the persona signs in."""
        return f"{self.key}@musterland.example"

    @property
    def display_name(self) -> str:
        """The name as a person reads it."""
        return f"{self.given_name} {self.family_name}"


ANNA = Persona(
    key="anna",
    given_name="Anna",
    family_name="Beispiel",
    birth_date="1984-03-12",
    salutation="2",
    street="Lindenweg 7",
    postal_code="70173",
    city="Stuttgart",
    proves_de="Der normale Weg: alle Verträge, Tagesgeld, Festgeld, Post.",
    proves_en="The standard path: every kind of contract, both accounts, post.",
    phone="+491713920001",
    numbers={
        "leben": "L100001",
        "sach": "S100001",
        "kranken": "K100001",
        "bank": "B100001",
        "bkk": "V100001",
    },
)
JONAS = Persona(
    key="jonas",
    given_name="Jonas",
    family_name="Beispiel",
    birth_date="1982-07-30",
    salutation="1",
    street="Lindenweg 7",
    postal_code="70173",
    city="Stuttgart",
    proves_de="Mitversichert bei Anna: sieht ihren Vertrag nicht, aber das gemeinsame Tagesgeld.",
    proves_en="Insured in Anna's contract: does not see it, but sees the joint account.",
    phone="+491713920002",
    numbers={"kranken": "K100002", "bank": "B100002"},
)
KARL = Persona(
    key="karl",
    given_name="Karl",
    family_name="Künftig",
    birth_date="1990-01-31",
    salutation="1",
    street="Morgenstraße 1",
    postal_code="80331",
    city="München",
    proves_de="Verträge, die heute, morgen und 2027 beginnen, und beendete.",
    proves_en="Contracts that start today, tomorrow and in 2027, and ended ones.",
    phone="+491713920004",
    numbers={"sach": "S100004"},
)
BERTA = Persona(
    key="berta",
    given_name="Berta",
    family_name="Altersvor",
    birth_date="1961-11-05",
    salutation="2",
    street="Rentenplatz 3",
    postal_code="50667",
    city="Köln",
    proves_de="Riester-Rente sichtbar; Direktversicherung und übernommene bAV nicht. Ein Bescheid "
    "der Krankenkasse mit seiner Frist. Ihr Wahltarif nimmt auch E-Rechnungen.",
    proves_en="Private Riester pension shows; occupational pensions never do. A decision of the "
    "health fund with its deadline. Her fund's tariff takes e-invoices, too.",
    phone="+491713920005",
    numbers={"leben": "L100005", "bkk": "V100005"},
)
MEHMET = Persona(
    key="mehmet",
    given_name="Mehmet",
    family_name="Yılmaz",
    birth_date="1979-05-19",
    salutation="1",
    street="Mariahilfer Straße 12",
    postal_code="1060",
    city="Wien",
    proves_de="Wohnt in Wien: österreichische Mobilnummer und IBAN; in GDV „Yilmaz“.",
    proves_en="Lives in Vienna: Austrian mobile and IBAN; “Yilmaz” in the GDV file.",
    phone="+43664123456",
    numbers={"sach": "S100006", "bank": "B100006"},
    country="A",
)
GRACE = Persona(
    key="grace",
    given_name="Grace",
    family_name="O'Connor",
    birth_date="1988-09-02",
    salutation="2",
    street="Hafenstraße 20",
    postal_code="20457",
    city="Hamburg",
    proves_de="Englische Oberfläche; ein einzelner Vertrag.",
    proves_en="English interface; one single contract.",
    phone="+491713920007",
    numbers={"sach": "S100007"},
    language="en",
)
ANNA_SCHMIDT_1 = Persona(
    key="anna.schmidt.1",
    given_name="Anna",
    family_name="Schmidt",
    birth_date="1975-06-15",
    salutation="2",
    street="Parkallee 1",
    postal_code="28195",
    city="Bremen",
    proves_de="Gleicher Name, gleicher Geburtstag wie die andere Anna Schmidt: nie vermischt.",
    proves_en="Same name and birth date as the other Anna Schmidt: never merged.",
    phone="+491713920081",
    numbers={"sach": "S100081"},
)
ANNA_SCHMIDT_2 = Persona(
    key="anna.schmidt.2",
    given_name="Anna",
    family_name="Schmidt",
    birth_date="1975-06-15",
    salutation="2",
    street="Domshof 9",
    postal_code="28195",
    city="Bremen",
    proves_de="Die zweite Anna Schmidt.",
    proves_en="The second Anna Schmidt.",
    phone="+491713920082",
    numbers={"sach": "S100082"},
)
KLAUS = Persona(
    key="klaus",
    given_name="Klaus",
    family_name="Papier",
    birth_date="1956-04-23",
    salutation="1",
    street="Briefgasse 4",
    postal_code="99084",
    city="Erfurt",
    proves_de="Papierpost gewählt, Werbung widerrufen, eine Bestätigung steht aus.",
    proves_en="Chose paper, withdrew marketing, one confirmation is pending.",
    phone="+491713920009",
    numbers={"leben": "L100009", "sach": "S100009"},
)
HEDWIG = Persona(
    key="hedwig",
    given_name="Hedwig",
    family_name="Alt",
    birth_date="1933",
    salutation="2",
    street="Am Anger 16",
    postal_code="99423",
    city="Weimar",
    proves_de="Nur das Geburtsjahr ist bekannt. Ihre E-Mail-Adresse erreicht niemanden mehr.",
    proves_en="Only the year of birth is known. Her e-mail address reaches nobody any more.",
    phone="+491713920016",
    numbers={"sach": "S100016"},
)
WILMA = Persona(
    key="wilma",
    given_name="Wilma",
    family_name="Widerruf",
    birth_date="1970-02-28",
    salutation="2",
    street="Fristweg 14",
    postal_code="20095",
    city="Hamburg",
    proves_de="Noch ohne Benutzerkonto: registriert sich und widerruft.",
    proves_en="No user account yet: registers and withdraws.",
    phone="+491713920010",
    numbers={"sach": "S100010"},
)
THEO = Persona(
    key="theo",
    given_name="Theo",
    family_name="Tan",
    birth_date="1995-10-10",
    salutation="1",
    street="Zahlengasse 6",
    postal_code="04109",
    city="Leipzig",
    proves_de="Noch ohne Benutzerkonto: vertippt sich bei der TAN.",
    proves_en="No user account yet: mistypes TANs.",
    phone="+491713920011",
    numbers={"sach": "S100011"},
)

PAUL = Persona(
    key="paul",
    given_name="Paul",
    family_name="Neugerät",
    birth_date="1992-08-17",
    salutation="1",
    street="Wechselweg 17",
    postal_code="44135",
    city="Dortmund",
    proves_de="Neues Telefon: Das alte ist „smart“ und gibt das neue frei. Richten Sie das alte in "
    "einem anderen Browserprofil ein.",
    proves_en="New phone: the old one is “smart” and approves the new one. Set the old one up in "
    "another browser profile.",
    phone="+491713920017",
    numbers={"sach": "S100017"},
)

PIA = Persona(
    key="pia",
    given_name="Pia",
    family_name="Privat",
    birth_date="1987-06-21",
    salutation="2",
    street="Belegweg 18",
    postal_code="50668",
    city="Köln",
    proves_de="Privat krankenversichert: fünf Einreichungen, von „ausgezahlt“ bis „nicht "
    "angenommen“. Eine Rechnung aus dem Ausland nimmt ihr Vertrag nicht an.",
    proves_en="Private health insurance: five claims, from paid to refused. Her contract takes no "
    "foreign invoice.",
    phone="+491713920018",
    numbers={"kranken": "K100018"},
)

PERSONAS = (
    ANNA, JONAS, KARL, BERTA, MEHMET, GRACE, ANNA_SCHMIDT_1, ANNA_SCHMIDT_2, KLAUS, HEDWIG, PAUL,
    PIA,
)  # fmt: skip
# They have contracts but no user account: a letter with an activation code is on its way to them.
NEWCOMERS = (WILMA, THEO)
