"""Files as insurers and banks would send them, written by our own writers."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from backend.clock import BERLIN
from backend.demo.camt_writer import write_camt
from backend.demo.gdv_writer import NO_FAULTS, Faults, write_gdv
from backend.demo.mt940_writer import write_mt940
from backend.feeds import gdv
from backend.feeds.bank_records import (
    AccountIdentification,
    Balance,
    Entry,
    Statement,
    StatementKind,
)
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

IBAN = "DE43999999990001000001"
OTHER_IBAN = "DE16999999990001000002"
DAY = date(2026, 11, 20)
PDF = b"%PDF-1.7\nA letter.\n%%EOF\n"
# Forms are inspected, so that this one can be opened.
FORM_PDF = pdf()


def anna(**values: Any) -> gdv.Partner:
    """The policyholder Anna Beispiel with an account and a mandate."""
    given: dict[str, Any] = {
        "role": "01",
        "salutation": gdv.Salutation.MS,
        "surname": "Beispiel",
        "first_name": "Anna",
        "birth_date": gdv.PartialDate(1984, 3, 12),
        "customer_number": "100001",
        "bank_accounts": (gdv.BankAccount(iban=IBAN, bic="MUSLDE99XXX"),),
        "mandate": gdv.SepaMandate("DE98ZZZ09999999999", "M-1", gdv.PartialDate(2020, 1, 1)),
    } | values
    return gdv.Partner(**given)


def contract(number: str = "HR1", *partners: gdv.Partner, **values: Any) -> gdv.Contract:
    """A household contract of Anna's."""
    given: dict[str, Any] = {
        "line": 0,
        "insurer_number": "05902",
        "number": number,
        "line_of_business": "130",
        "start": gdv.PartialDate(2020, 1, 1),
        "payment_frequency": "1",
        "status": "1",
        "currency": "EUR",
        "premium": Decimal("120.00"),
        "partners": partners or (anna(),),
    } | values
    return gdv.Contract(**given)


def gdv_file(
    path: Path,
    *contracts: gdv.Contract,
    as_of: date = DAY,
    insurer: str = "05902",
    faults: Faults = NO_FAULTS,
) -> Path:
    """Write a GDV file of one package."""
    period = gdv.PartialDate.of(as_of)
    header = gdv.Header(1, insurer, "Sender AG", "Portal", period, period, "", {})
    with path.open("wb") as stream:
        write_gdv(stream, header, contracts, faults)
    return path


def entry(amount: str, text: str, day: date = DAY, **values: Any) -> Entry:
    """A booked payment."""
    return Entry(
        **{
            "sequence": 1,
            "line": None,
            "value_date": day,
            "booking_date": day,
            "amount": Decimal(amount),
            "currency": "EUR",
            "is_pending": False,
            "is_reversal": False,
            "key": "",
            "content_key": "",
            "remittance_information": text,
        }
        | values
    )


def statement(
    day: date = DAY,
    *,
    number: int | None = 1,
    opening: str = "0.00",
    closing: str = "0.00",
    kind: StatementKind = StatementKind.CAMT_053,
    iban: str = IBAN,
) -> Statement:
    """The head of a daily statement."""
    before = day - timedelta(days=1)
    return Statement(
        kind,
        AccountIdentification(iban),
        None,
        statement_id=f"{kind.value}-{day}-{number}",
        sequence_number=number,
        servicer_bic="MUSLDE99XXX",
        currency="EUR",
        created_on=day,
        opening=Balance(Decimal(opening), "EUR", before),
        closing=Balance(Decimal(closing), "EUR", day),
    )


def interim(head: Statement, kind: StatementKind = StatementKind.CAMT_052) -> Statement:
    """The head of an intraday report or a notification: without balances."""
    name = f"{kind.value}-{head.statement_id}"
    return replace(head, kind=kind, statement_id=name, opening=None, closing=None)


def camt_file(path: Path, *statements: tuple[Statement, Iterable[Entry]]) -> Path:
    """Write a camt file; all statements are of the first one's kind."""
    with path.open("wb") as stream:
        write_camt(stream, statements[0][0].kind, statements)
    return path


def mt940_file(path: Path, *statements: tuple[Statement, Iterable[Entry]]) -> Path:
    """Write an MT940 file."""
    with path.open("wb") as stream:
        write_mt940(stream, statements)
    return path


def account(iban: str = IBAN, **values: Any) -> dict[str, Any]:
    """A line of the bank's master data: Anna's call money."""
    return {
        "iban": iban,
        "bic": "MUSLDE99XXX",
        "product": "CALL_MONEY",
        "product_name": "Tagesgeld Plus",
        "currency": "EUR",
        "opened_on": "2020-01-31",
        "closed_on": None,
        "interest_rate": "2.25",
        "maturity_on": None,
        "holders": [holder()],
        "payout_account": {"iban": OTHER_IBAN, "bic": None, "holder": "Anna Beispiel"},
        "direct_debit": None,
        "updated_at": datetime(2026, 11, 20, 6, tzinfo=BERLIN).isoformat(),
    } | values


def holder(number: str = "100001", **values: Any) -> dict[str, Any]:
    """A holder of an account."""
    return {
        "customer_number": number,
        "salutation": "2",
        "surname": "Beispiel",
        "first_name": "Anna",
        "birth_date": "1984-03-12",
    } | values


def accounts_file(path: Path, *accounts: dict[str, Any]) -> Path:
    """Write the bank's master data."""
    path.write_text("".join(json.dumps(line) + "\n" for line in accounts), encoding="utf-8")
    return path


def letter(document_id: str = "D-1", content: bytes = PDF, **values: Any) -> dict[str, Any]:
    """An entry of a manifest: a letter to Anna."""
    return {
        "id": document_id,
        "customer_number": "100001",
        "contract_number": None,
        "kind": "INVOICE",
        "date": "2026-11-19",
        "sha256": sha256(content).hexdigest(),
        "subject": "Ihre Rechnung",
        "official_decision": False,
        "file": f"{document_id}.pdf",
        "sender": "Musterland Sachversicherung AG",
    } | values


def manifest_file(folder: Path, *letters: dict[str, Any], content: bytes = PDF) -> Path:
    """Write a manifest and the PDFs it lists."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry_ in letters:
        (folder / entry_["file"]).write_bytes(content)
    path = folder / "manifest.json"
    path.write_text(json.dumps(letters), encoding="utf-8")
    return path


def form(name: str = "F-1", content: bytes = FORM_PDF, **values: Any) -> dict[str, Any]:
    """An entry of `forms.json`."""
    return {
        "form": name,
        "version": "1",
        "category": "CLAIM",
        "title": {"de": "Schadenanzeige", "en": "Notice of loss"},
        "description": {"de": "Wenn etwas passiert ist.", "en": "When something has happened."},
        "keywords": [],
        "valid_from": "2026-01-01",
        "valid_until": None,
        "sha256": sha256(content).hexdigest(),
        "file": f"{name}.pdf",
    } | values


def forms_file(folder: Path, *forms: dict[str, Any], content: bytes = FORM_PDF) -> Path:
    """Write a list of forms and the PDFs it names."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in forms:
        if "file" in entry:
            (folder / entry["file"]).write_bytes(content)
    path = folder / "forms.json"
    path.write_text(json.dumps(forms), encoding="utf-8")
    return path
