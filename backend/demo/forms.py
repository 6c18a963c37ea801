"""The forms of Musterland for its download centre: real PDFs and their forms.json."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import typst

from backend.values import Value

_TEMPLATE = Path(__file__).with_name("form.typ")
_VERSION = "2026-03"
_VALID_FROM = "2026-03-01"
_ALWAYS_ASKED = ("Vorname und Name", "Kunden- oder Vertragsnummer")
_SIGNED = ("Ort und Datum", "Unterschrift")


class DemoForm(Value):
    """One form; `questions` stand between the name and the signature."""

    institution: str
    number: str
    category: str
    title: tuple[str, str]
    description: tuple[str, str]
    keywords: tuple[str, ...]
    questions: tuple[str, ...]


FORMS = (
    DemoForm(
        "leben", "LEB-0101", "CONTRACT",
        ("Bezugsrecht ändern", "Change the beneficiary"),
        ("Wer die Leistung erhalten soll, wenn die versicherte Person stirbt.",
         "Who receives the benefit if the insured person dies."),
        ("Begünstigte", "Todesfall", "Lebensversicherung", "life insurance"),
        ("Name der begünstigten Person", "Geburtsdatum", "Anteil in Prozent"),
    ),
    DemoForm(
        "leben", "LEB-0102", "CONTRACT",
        ("Beitragsfrei stellen", "Stop paying premiums"),
        ("Der Vertrag läuft ohne weitere Beiträge mit geringerer Leistung weiter.",
         "The contract goes on without further premiums and with a smaller benefit."),
        ("Beitragspause", "Kündigung", "paid-up"),
        ("Ab welchem Monat",),
    ),
    DemoForm(
        "sach", "SACH-0201", "CLAIM",
        ("Schadenanzeige Hausrat", "Report household damage"),
        ("Nach Feuer, Leitungswasser, Sturm oder Einbruch in Ihrer Wohnung.",
         "After fire, water, storm or burglary in your home."),
        ("Einbruchdiebstahl", "Wasserschaden", "burglary"),
        ("Tag des Schadens", "Was ist passiert?", "Was wurde beschädigt?"),
    ),
    DemoForm(
        "sach", "SACH-0202", "CLAIM",
        ("Schadenanzeige Kfz", "Report a car accident"),
        ("Nach einem Unfall oder wenn Ihr Auto beschädigt wurde.",
         "After an accident or when your car was damaged."),
        ("Autounfall", "Haftpflicht", "Kasko", "motor"),
        ("Kennzeichen", "Tag und Ort des Unfalls", "Kennzeichen der anderen Seite"),
    ),
    DemoForm(
        "kranken", "KV-0301", "AUTHORISATION",
        ("Schweigepflicht entbinden", "Release from medical secrecy"),
        ("Damit wir in Ihrem Leistungsfall bei Ihrer Praxis nachfragen dürfen.",
         "So that we may ask your doctor about your claim."),
        ("Arzt", "Auskunft", "doctor"),
        ("Name der Praxis", "Um welche Behandlung geht es?"),
    ),
    DemoForm(
        "bank", "BANK-0401", "PAYMENT",
        ("Freistellungsauftrag", "Exemption order for capital gains"),
        ("Damit Ihre Zinsen bis zum Sparer-Pauschbetrag steuerfrei bleiben.",
         "So that your interest stays tax free up to the saver's allowance."),
        ("Steuer", "Kapitalerträge", "tax", "interest"),
        ("Steuer-Identifikationsnummer", "Betrag in Euro"),
    ),
    DemoForm(
        "bank", "BANK-0402", "AUTHORISATION",
        ("Kontovollmacht", "Authority over an account"),
        ("Damit eine Person Ihres Vertrauens über Ihr Konto verfügen kann.",
         "So that a person you trust can use your account."),
        ("Vollmacht", "Bevollmächtigte", "power of attorney"),
        ("Name der bevollmächtigten Person", "Geburtsdatum", "Kontonummer (IBAN)"),
    ),
    DemoForm(
        "bkk", "BKK-0501", "PERSONAL_DETAILS",
        ("Familienversicherung", "Family insurance"),
        ("Damit Ihr Kind oder Ihre Partnerin, Ihr Partner beitragsfrei mitversichert ist.",
         "So that your child or partner is insured with you at no cost."),
        ("Kinder", "Ehegatten", "children", "spouse"),
        ("Name des Angehörigen", "Geburtsdatum", "Einkommen im Monat"),
    ),
)  # fmt: skip


def write_forms(folder: Path, institution: str, sender: str) -> int:
    """Write an institution's forms and their forms.json into a folder; return how many."""
    entries = []
    for form in FORMS:
        if form.institution != institution:
            continue
        content = _pdf(form, sender)
        name = f"{form.number}.pdf"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        entries.append(
            {
                "form": form.number,
                "version": _VERSION,
                "category": form.category,
                "title": dict(zip(("de", "en"), form.title, strict=True)),
                "description": dict(zip(("de", "en"), form.description, strict=True)),
                "keywords": form.keywords,
                "valid_from": _VALID_FROM,
                "valid_until": None,
                "sha256": hashlib.sha256(content).hexdigest(),
                "file": name,
            }
        )
    if entries:
        listed = json.dumps(entries, ensure_ascii=False, indent=1)
        (folder / "forms.json").write_text(listed, encoding="utf-8")
    return len(entries)


def _pdf(form: DemoForm, sender: str) -> bytes:
    content: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={
            "sender": sender,
            "title": form.title[0],
            "description": form.description[0],
            "number": f"{form.number} · {_VERSION}",
            "questions": "\n".join((*_ALWAYS_ASKED, *form.questions, *_SIGNED)),
        },
    )
    return content
