"""The letters of Musterland: real PDFs (PDF/A-2a, PDF/UA-1) and their manifest."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from backend.demo.personas import ANNA, BERTA, GRACE, HEDWIG, JONAS, KARL, KLAUS, MEHMET
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend.demo.personas import Persona

_TEMPLATE = Path(__file__).with_name("letter.typ")
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
    "Oktober", "November", "Dezember",
)  # fmt: skip
_FIRST_DIGITAL = date(2026, 11, 10)
_SENDERS = {
    "leben": "Musterland Lebensversicherung AG",
    "sach": "Musterland Sachversicherung AG",
    "kranken": "Musterland Krankenversicherung AG",
    "bank": "Musterland Bank AG",
    "bkk": "Musterland BKK",
}


class Letter(Value):
    """One letter: to whom, from which institution, about which contract."""

    institution: str
    person: Persona
    day: date
    kind: str
    subject: str
    body: str
    contract: str | None = None
    direction: str = "INCOMING"
    is_official_decision: bool = False


def letters() -> list[Letter]:
    """Return all letters, oldest first."""
    return sorted(_all(), key=lambda letter: letter.day)


def _all() -> Iterator[Letter]:
    for year in range(2016, 2027):
        yield Letter(
            "sach", ANNA, date(year, 3, 2), "INVOICE", f"Beitragsrechnung {year} Hausrat",
            f"für Ihre Hausratversicherung ist am 1. April {year} der Jahresbeitrag fällig.\n"
            "Wir buchen ihn wie gewohnt von Ihrem Konto ab.",
            "S-2015-000001",
        )  # fmt: skip
        yield Letter(
            "leben", ANNA, date(year, 10, 14), "LETTER", f"Ihre Standmitteilung {year}",
            "anbei erhalten Sie den Stand Ihrer Lebensversicherung zum Stichtag.\n"
            "Die Überschussbeteiligung ist darin schon enthalten.",
            "L-2011-000001",
        )  # fmt: skip
    for month in range(1, 11):
        yield Letter(
            "bank", ANNA, date(2026, month + 1, 1), "ACCOUNT_STATEMENT",
            f"Kontoauszug {_MONTHS[month - 1]} 2026 Tagesgeld Plus",
            "Ihr Kontoauszug liegt vor. Bitte prüfen Sie die Umsätze.",
            "DE16999999990001000002",
        )  # fmt: skip
    yield from _news_for_anna()
    yield from _others()


def _news_for_anna() -> Iterator[Letter]:
    yield Letter(
        "kranken", ANNA, date(2026, 11, 12), "BENEFIT_STATEMENT", "Leistungsabrechnung Zahn Plus",
        "wir haben Ihre Rechnung vom 28. Oktober 2026 geprüft.\n"
        "Wir erstatten 184,20 Euro auf Ihr Konto.",
        "K-2017-000001",
    )  # fmt: skip
    yield Letter(
        "sach", ANNA, date(2026, 11, 18), "POLICY", "Nachtrag zu Ihrer Kfz-Versicherung",
        "ab 1. Januar 2027 gilt für Ihr Fahrzeug eine neue Typklasse.\n"
        "Ihr Beitrag sinkt um 12,40 Euro im Jahr.",
        "S-2021-000003",
    )  # fmt: skip
    yield Letter(
        "bank", ANNA, date(2026, 11, 20), "LETTER", "Ihr Festgeld läuft im März 2027 aus",
        "Ihr Festgeld ist am 3. März 2027 fällig. Teilen Sie uns bis dahin mit, ob Sie das Geld\n"
        "wieder anlegen möchten. Ohne Nachricht zahlen wir es auf Ihr Auszahlungskonto.",
        "DE86999999990001000003",
    )  # fmt: skip
    yield Letter(
        "sach", ANNA, date(2026, 9, 8), "LETTER", "Ihre Frage zur Fahrradklausel",
        "ist mein neues Fahrrad in der Hausratversicherung mitversichert, auch wenn es nachts im\n"
        "Hof steht?",
        "S-2015-000001", direction="OUTGOING",
    )  # fmt: skip


def _others() -> Iterator[Letter]:
    yield Letter(
        "bank", JONAS, date(2026, 11, 2), "ACCOUNT_STATEMENT",
        "Kontoauszug Oktober 2026 Tagesgeld Plus",
        "Ihr Kontoauszug liegt vor. Bitte prüfen Sie die Umsätze.", "DE16999999990001000002",
    )  # fmt: skip
    yield Letter(
        "sach", KARL, date(2026, 11, 19), "POLICY", "Ihr Versicherungsschein",
        "herzlich willkommen. Ihr Vertrag beginnt am 21. November 2026.", "S-2026-000401",
    )  # fmt: skip
    yield Letter(
        "leben", BERTA, date(2026, 10, 1), "LETTER", "Bescheinigung nach § 92 EStG",
        "anbei die Bescheinigung über Ihre Riester-Beiträge und Zulagen.", "L-2004-000501",
    )  # fmt: skip
    for person, number in ((MEHMET, "06"), (GRACE, "07"), (KLAUS, "09"), (HEDWIG, "16")):
        yield Letter(
            "sach", person, date(2026, 4, 15), "INVOICE", "Beitragsrechnung 2026 Haftpflicht",
            "der Jahresbeitrag Ihrer Privathaftpflicht ist am 1. Mai 2026 fällig.",
            f"S-2019-0000{number}",
        )  # fmt: skip


def late_letters() -> list[Letter]:
    """Return what comes once people have user accounts, so that it is announced."""
    return [
        Letter(
            "bkk", BERTA, date(2026, 11, 20), "DECISION", "Ihre Befreiung von Zuzahlungen",
            "Ihrem Antrag auf Befreiung von Zuzahlungen für das Jahr 2026 geben wir statt.\n"
            "Den Betrag von 84,30 Euro erstatten wir auf Ihr Konto.\n"
            "Gegen diesen Bescheid können Sie innerhalb eines Monats nach seiner Bekanntgabe\n"
            "Widerspruch erheben.",
            is_official_decision=True,
        ),
        Letter(
            "sach", HEDWIG, date(2026, 11, 20), "LETTER", "Neue Bedingungen Ihrer Haftpflicht",
            "ab 1. Januar 2027 gelten für Ihre Privathaftpflicht neue Bedingungen.\n"
            "Ihr Beitrag bleibt, wie er ist.",
            "S-2019-000016",
        ),
    ]  # fmt: skip


def write_letters(
    folder: Path, institution: str, written: Sequence[Letter], *, first_number: int = 1
) -> int:
    """Write an institution's letters and their manifest.json into a folder; return how many."""
    entries = []
    for number, letter in enumerate(written, start=first_number):
        if letter.institution != institution:
            continue
        name = f"{letter.day:%Y-%m-%d}-{number:03}.pdf"
        content = _pdf(letter)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        entries.append(
            {
                "id": letter_id(letter, number),
                "customer_number": letter.person.numbers[institution],
                "contract_number": letter.contract,
                "kind": letter.kind,
                "date": letter.day.isoformat(),
                "sha256": hashlib.sha256(content).hexdigest(),
                "subject": letter.subject,
                "official_decision": letter.is_official_decision,
                "file": name,
                "sender": _sender(letter),
                "direction": letter.direction,
                # Older letters came on paper before there was a portal.
                "delivered_on": letter.day.isoformat() if letter.day < _FIRST_DIGITAL else None,
            }
        )
    if entries:
        manifest = json.dumps(entries, ensure_ascii=False, indent=1)
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    return len(entries)


def letter_id(letter: Letter, number: int) -> str:
    """Return by what its institution knows a letter."""
    return f"{letter.institution.upper()}-{letter.day:%Y}-{number:06}"


def _sender(letter: Letter) -> str:
    if letter.direction == "OUTGOING":
        return letter.person.display_name
    return _SENDERS[letter.institution]


def _closing(letter: Letter) -> str:
    return _sender(letter) if letter.direction == "OUTGOING" else f"Ihre {_sender(letter)}"


def _pdf(letter: Letter) -> bytes:
    person = letter.person
    greeting = {"1": "Sehr geehrter Herr", "2": "Sehr geehrte Frau"}[person.salutation]
    opening = f"{greeting} {person.family_name},"
    if letter.direction == "OUTGOING":
        opening = "Sehr geehrte Damen und Herren,"
    content: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={
            "sender": _sender(letter),
            "subject": letter.subject,
            "name": person.display_name,
            "street": person.street,
            "place": f"{person.postal_code} {person.city}",
            "date": f"{letter.day.day}. {_MONTHS[letter.day.month - 1]} {letter.day.year}",
            "year": str(letter.day.year),
            "month": str(letter.day.month),
            "day": str(letter.day.day),
            "closing": _closing(letter),
            "body": f"{opening}\n{letter.body}",
        },
    )
    return content
