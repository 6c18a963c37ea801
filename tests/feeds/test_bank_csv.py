"""CSV exports of banks: presets, encodings, numbers, dates, refusals."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from backend.feeds.bank_csv import read_bank_csv
from backend.feeds.bank_records import AccountIdentification, BankEvent
from backend.feeds.detect import FeedFormat, detect
from backend.feeds.findings import FeedError, Finding
from tests.feeds.bank import (
    Expected,
    entries_of,
    findings_of,
    keys_of,
    read_file,
    statements_of,
    summary,
)

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = {
    "comdirect-style-Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV": Expected((1,), (None,)),
    "sparkasse-camt-v1-20180226-umsatz.CSV": Expected((1,), (None,)),
}

V8_HEADER = (
    "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Glaeubiger ID;"
    "Mandatsreferenz;Kundenreferenz (End-to-End);Sammlerreferenz;Lastschrift Ursprungsbetrag;"
    "Auslagenersatz Ruecklastschrift;Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;"
    "BIC (SWIFT-Code);Betrag;Waehrung;Info"
)
COMMERZBANK_HEADER = (
    "Buchungstag;Wertstellung;Umsatzart;Buchungstext;Betrag;Währung;IBAN Kontoinhaber;Kategorie"
)
IBAN = "DE43999999990001000001"


def v8_row(**cells: str) -> str:
    values = {
        "account": IBAN,
        "booked": "20.11.26",
        "value": "21.11.26",
        "text": "GUTSCHRIFT",
        "purpose": "Miete",
        "name": "Anna",
        "iban": "DE16999999990001000002",
        "amount": "1.234,56",
        "currency": "EUR",
        "info": "Umsatz gebucht",
    } | cells
    return (
        "{account};{booked};{value};{text};{purpose};;M-1;E-1;;;;{name};{iban};MUSTDEFF;"
        "{amount};{currency};{info}"
    ).format(**values)


def read(text: str, encoding: str = "utf-8") -> list[BankEvent]:
    return list(read_bank_csv(io.BytesIO(text.encode(encoding))))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_sample_gives_the_counts_worked_out_by_hand(name: str, samples: Path) -> None:
    assert summary(read_file(read_bank_csv, samples / "csv" / name)) == SAMPLES[name]


def test_every_csv_sample_has_an_expectation(samples: Path) -> None:
    assert {path.name for path in (samples / "csv").glob("*.CSV")} == set(SAMPLES)


def test_sparkasse_v1_columns_and_sepa_tags_are_read(samples: Path) -> None:
    events = read_file(read_bank_csv, samples / "csv" / "sparkasse-camt-v1-20180226-umsatz.CSV")

    (paid,) = entries_of(events)
    assert statements_of(events)[0].account.number == "1000594757"
    assert (paid.amount, paid.currency) == (Decimal("-36.99"), "EUR")
    assert (paid.value_date, paid.booking_date) == (date(2018, 2, 22), date(2018, 2, 22))
    assert paid.end_to_end_id == "RECHNR. 100532580591"
    assert (paid.mandate_id, paid.creditor_id) == ("KD020007057822", "DE20KD000000058294")
    assert paid.counterparty_iban == "DE13380700590045335700"
    assert paid.counterparty_bic == "DEUTDEDK380"
    assert paid.remittance_information == (
        "02/2018 K-NR. 132587495 Ihre Rechnung online bei www.vodafone.de/meinkabel"
    )
    assert paid.is_pending is False


def test_comdirect_style_columns_are_read(samples: Path) -> None:
    name = "comdirect-style-Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV"

    events = read_file(read_bank_csv, samples / "csv" / name)

    (paid,) = entries_of(events)
    assert statements_of(events)[0].account.iban == "DE44200400000538917600"
    assert (paid.amount, paid.booking_text) == (Decimal("-17.22"), "Lastschrift")
    assert paid.value_date == date(2018, 3, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_are_told_apart(encoding: str) -> None:
    text = f"{COMMERZBANK_HEADER}\n20.11.2026;20.11.2026;Überweisung;Müller;5,00;EUR;{IBAN};\n"

    (found,) = entries_of(read(text, encoding))

    assert (found.booking_text, found.remittance_information) == ("Überweisung", "Müller")


def test_sparkasse_v8_columns_are_read() -> None:
    (found,) = entries_of(read(f"{V8_HEADER}\n{v8_row()}\n"))

    assert (found.amount, found.value_date) == (Decimal("1234.56"), date(2026, 11, 21))
    assert (found.mandate_id, found.end_to_end_id) == ("M-1", "E-1")
    assert (found.counterparty_name, found.counterparty_iban) == ("Anna", "DE16999999990001000002")


def test_noted_but_not_booked_rows_are_pending() -> None:
    events = read(f"{V8_HEADER}\n{v8_row(info='Umsatz vorgemerkt')}\n{v8_row()}\n")

    assert [found.is_pending for found in entries_of(events)] == [True, False]


def test_two_digit_years_turn_at_eighty() -> None:
    events = read(f"{V8_HEADER}\n{v8_row(value='01.01.79')}\n{v8_row(value='31.12.80')}\n")

    assert [found.value_date.year for found in entries_of(events)] == [2079, 1980]


def test_each_account_gets_its_own_statement() -> None:
    other = "DE16999999990001000002"
    events = read(f"{V8_HEADER}\n{v8_row()}\n{v8_row(account=other)}\n{v8_row(account=other)}\n")

    assert summary(events).entries == (1, 2)


def test_overlapping_exports_share_the_keys_of_their_common_days() -> None:
    old, both, new = v8_row(purpose="alt"), v8_row(purpose="beide"), v8_row(purpose="neu")

    first = keys_of(read(f"{V8_HEADER}\n{both}\n{both}\n{old}\n"))
    second = keys_of(read(f"{V8_HEADER}\n{new}\n{both}\n{both}\n"))

    assert first[:2] == second[1:]
    assert len({*first, *second}) == 4


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"amount": "12.34"}, "amount"),
        ({"amount": "1,2,3"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"value": "30.02.26"}, "value date"),
        ({"value": "gestern"}, "value date"),
        ({"currency": "?"}, "currency"),
        ({"account": ""}, "account"),
    ],
)
def test_bad_row_is_a_finding_and_the_others_import(cells: dict[str, str], field: str) -> None:
    events = read(f"{V8_HEADER}\n{v8_row(**cells)}\n{v8_row()}\n")

    (finding,) = findings_of(events)
    assert (finding.line, finding.record, finding.field) == (2, "row 2", field)
    assert len(entries_of(events)) == 1


def test_short_row_is_a_finding() -> None:
    events = read(f"{V8_HEADER}\n{IBAN};20.11.26\n{v8_row()}\n")

    assert findings_of(events) == [
        Finding(2, "row 2", "row", "2 cells instead of 17", rejects=True)
    ]


def test_unknown_header_is_refused_and_says_what_is_accepted() -> None:
    with pytest.raises(FeedError) as error:
        read("Date;Payee;Amount;Memo\n2026-11-20;Anna;1.00;x\n")

    assert (error.value.finding.line, error.value.finding.field) == (1, "header")
    assert "Sparkasse CSV-CAMT" in error.value.finding.reason
    assert "Auftragskonto, Buchungstag, Valutadatum" in error.value.finding.reason


def test_file_without_a_usable_row_is_an_error() -> None:
    with pytest.raises(FeedError, match="not one row is usable"):
        read(f"{V8_HEADER}\n")


COMDIRECT = (
    '\n"Umsätze Tagesgeld PLUS-Konto";"Zeitraum: 30 Tage";\n"Neuer Kontostand";"1.134,11 EUR";\n\n'
    '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n'
    '"offen";"--";"Lastschrift";"noch nicht";"-1,00";\n'
    '"20.11.2026";"20.11.2026";"Übertrag";"Sparen";"1.000,00";\n\n'
    '"Alter Kontostand";"134,11 EUR";\n'
)


def test_comdirect_export_needs_to_be_told_its_account() -> None:
    with pytest.raises(FeedError, match="does not name its account"):
        read(COMDIRECT, "cp1252")


def test_comdirect_export_is_read_around_its_titles() -> None:
    account = AccountIdentification(IBAN)

    events = list(read_bank_csv(io.BytesIO(COMDIRECT.encode("cp1252")), account=account))

    (found,) = entries_of(events)
    assert (found.amount, found.line) == (Decimal("1000.00"), 7)
    assert statements_of(events)[0].account == account
    assert [finding.field for finding in findings_of(events)] == ["value date"]


ROWS = f"{V8_HEADER}\n{v8_row()}\n{v8_row(amount='-5,00')}\n"


@pytest.mark.parametrize(
    "text",
    [
        ROWS.replace(V8_HEADER, V8_HEADER.upper()),
        ROWS.replace(V8_HEADER, V8_HEADER.lower().replace(";", " ; ")),
        ROWS.replace("Glaeubiger ID", "Glaeubiger  ID"),
        ROWS.replace("Waehrung", "Wa\u0308hrung"),
        ROWS.replace(";", "\t"),
        f"sep=;\n{ROWS}",
        "Umsatzanzeige;erstellt am 20.11.2026\n\nKunde;Anna\n" + "Filter;ohne\n" * 30 + ROWS,
        ROWS.replace("20.11.26", "2026-11-20").replace("21.11.26", "2026-11-21"),
        ROWS.replace("21.11.26", "2026-11-21 00:00:00"),
        ROWS.replace("\n", "\r\n"),
        ROWS.replace(";EUR;", ";€;"),
        f"{ROWS}Summe;;;;;;;;;;;;;;1.229,56;EUR;\n",
        f"{ROWS}\nEndsaldo: 1.229,56 EUR\n",
        f"{ROWS}Neuer Kontostand;1.229,56 EUR\n;;;;;;;;;;;;;;;;\n",
    ],
)
def test_table_is_read_however_it_is_set(text: str) -> None:
    events = read(text)

    assert detect(text.encode()) is FeedFormat.CSV
    assert [(found.amount, found.value_date) for found in entries_of(events)] == [
        (Decimal("1234.56"), date(2026, 11, 21)),
        (Decimal("-5.00"), date(2026, 11, 21)),
    ]
    assert findings_of(events) == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234'567,89", "1234567.89"),
        ("5,00-", "-5.00"),
        ("-5,00 EUR", "-5.00"),
        ("+5,00 €", "5.00"),
        ("\N{MINUS SIGN}5", "-5.00"),
    ],
)
def test_amount_is_read_in_every_german_spelling(text: str, amount: str) -> None:
    (found,) = entries_of(read(f"{V8_HEADER}\n{v8_row(amount=text)}\n"))

    assert found.amount == Decimal(amount)


def test_row_without_a_date_that_is_no_summary_stays_a_finding() -> None:
    events = read(f"{ROWS}{v8_row(booked='', value='')}\n")

    assert [(found.line, found.field) for found in findings_of(events)] == [(4, "value date")]


OTHER_IBAN = "DE16999999990001000002"
DKB_NEW = (
    f'"Girokonto";"{IBAN}"\n"Kontostand vom 20.11.2026:";"1.234,56 €"\n""\n'
    '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";'
    '"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";'
    f'"Kundenreferenz"\n"20.11.26";"20.11.26";"Gebucht";"ISSUER";"Laden";"Einkauf";"Ausgang";'
    f'"{OTHER_IBAN}";"-1.012,5";"";"";"K1"\n'
)
DKB_OLD = (
    f'"Kontonummer:";"{IBAN} / Girokonto";\n\n"Von:";"20.10.2026";\n\n'
    '"Buchungstag";"Wertstellung";"Buchungstext";"Auftraggeber / Begünstigter";'
    '"Verwendungszweck";"Kontonummer";"BLZ";"Betrag (EUR)";"Gläubiger-ID";"Mandatsreferenz";'
    '"Kundenreferenz";\n"20.11.2026";"20.11.2026";"Lastschrift";"Laden";"Einkauf";'
    f'"{OTHER_IBAN}";"MUSLDE99XXX";"-1.012,50";"";"";"";\n'
)
ING = (
    f"Umsatzanzeige;Datei erstellt am: 20.11.2026 12:00\n\nIBAN;{IBAN[:4]} {IBAN[4:]}\n"
    "Kunde;Anna Beispiel\nSaldo;1.234,56;EUR\n\n"
    "Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;"
    "Währung;Betrag;Währung\n"
    "20.11.2026;20.11.2026;Laden;Lastschrift;Einkauf;1.234,56;EUR;-1.012,50;EUR\n"
)
POSTBANK = (
    f"Umsatzauskunft;\nKonto;IBAN;Währung\nGirokonto;{IBAN};EUR\n\n"
    "Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN / Kontonummer;"
    "BIC;Kundenreferenz;Mandatsreferenz ;Gläubiger ID;Betrag;Soll;Haben;Währung\n"
    f"20.11.2026;20.11.2026;Überweisung;Laden;Einkauf;{OTHER_IBAN};MUSLDE99XXX;;;;;-1.012,50;;EUR\n"
    "Kontostand;20.11.2026;;;1.234,56;EUR\n"
)
VOLKSBANK = (
    "IBAN Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;"
    "BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;Waehrung\n"
    f"{IBAN};20.11.2026;20.11.2026;Laden;{OTHER_IBAN};MUSLDE99XXX;Lastschrift;Einkauf;"
    "-1.012,50;EUR\n"
)


@pytest.mark.parametrize("text", [DKB_NEW, DKB_OLD, ING, POSTBANK, VOLKSBANK])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_exports_of_other_banks_are_read_with_the_account_above_them(
    text: str, encoding: str
) -> None:
    content = text.encode(encoding)
    assert detect(content) is FeedFormat.CSV
    events = list(read_bank_csv(io.BytesIO(content)))
    (entry,) = entries_of(events)
    assert statements_of(events)[0].account.iban == IBAN
    assert (entry.amount, entry.booking_date) == (Decimal("-1012.50"), date(2026, 11, 20))
    assert (entry.counterparty_name, entry.remittance_information) == ("Laden", "Einkauf")
    assert findings_of(events) == []


def test_counterparty_of_dkb_is_who_pays_where_money_comes_in() -> None:
    (entry,) = entries_of(list(read_bank_csv(io.BytesIO(DKB_NEW.replace("-1.", "1.").encode()))))
    assert (entry.amount, entry.counterparty_name) == (Decimal("1012.50"), "ISSUER")


def test_n26_writes_a_decimal_point_and_no_account() -> None:
    text = (
        '"Date","Payee","Account number","Transaction type","Payment reference","Amount (EUR)"\n'
        f'"2026-11-20","Laden","{OTHER_IBAN}","MasterCard Payment","Einkauf","-1012.5"\n'
    )
    with pytest.raises(FeedError, match="does not name its account"):
        read(text)
    account = AccountIdentification(IBAN)
    (entry,) = entries_of(list(read_bank_csv(io.BytesIO(text.encode()), account=account)))
    assert (entry.amount, entry.counterparty_iban) == (Decimal("-1012.50"), OTHER_IBAN)


@pytest.mark.parametrize("later", ["", f"{v8_row()}\n" * 2_000])
def test_quote_that_nobody_closes_costs_its_own_row_only(later: str) -> None:
    broken = v8_row(purpose='"Miete')
    text = f"{V8_HEADER}\n{v8_row()}\n{broken}\n{v8_row(amount='-5,00')}\n{later}"
    events = read(text)
    assert [finding.line for finding in findings_of(events)] == [3]
    assert [entry.line for entry in entries_of(events)][:2] == [2, 4]
    assert len(entries_of(events)) == 2 + later.count("\n")


def test_line_break_within_quotes_is_text() -> None:
    row = v8_row(purpose='"Miete\n20.11.26"')
    (entry,) = entries_of(read(f"{V8_HEADER}\n{row}\n"))
    assert (entry.remittance_information, entry.line) == ("Miete 20.11.26", 3)
