"""Layouts of the general record types 0001, 0100, 0200 and 9999 (release 2023, unchanged since)."""

from __future__ import annotations

from typing import Final

from backend.feeds.gdv.layout import Layout

HEADER: Final = Layout(
    "0001",
    """
    insurer_number   5-9      text   VU-Nummer
    sender           10-39    text   Absender
    addressee        40-69    text   Adressat
    period_from      70-77    date   Erstellungs-Datum- Zeitraum vom- Zeitraum bis
    period_to        78-85    date   Erstellungs-Datum- Zeitraum vom- Zeitraum bis
    agency           86-95    text   Geschäftsstelle/Vermittler
    """,
)

# Record types in the order of their three-byte versions, from byte 96 on.
_VERSIONS_1: Final = (
    "0001 0100 0200 0210.050 0220.051 0220.052 0220.053 0220.054 0220.059 0210.040 0220.040 "
    "0210.030 0220.030 0210.010 0220.010 0210.130 0220.130 0210.110 0220.110 0210.140 "
    "0220.140 0210.020 0220.020 0210.070 0220.070"
)
_VERSIONS_2: Final = (
    "0211.050 0221.051 0221.052 0221.053 0221.054 0221.059 0221.055 0211.040 0221.040 "
    "0221.030 0211.010 0221.010 0211.130 0221.130 0211.110 0221.110 0211.140 0221.140 0221.070"
)
VERSIONS: Final[dict[str, tuple[str, ...]]] = {
    "1": tuple(_VERSIONS_1.split()),
    "2": tuple(_VERSIONS_2.split()),
}

PARTNER: Final[dict[str, Layout]] = {
    "1": Layout(
        "0100",
        """
        salutation       43       text   Anredeschlüssel
        surname          44-73    text   Name 1
        name_2           74-103   text   Name 2
        first_name       104-133  text   Name 3
        title            134-153  text   Titel
        country          154-156  text   Länderkennzeichen
        postal_code      157-162  text   Postleitzahl
        city             163-187  text   Ort
        street           188-217  text   Straße
        po_box           218-225  text   Postfach
        birth_date       226-233  date   Geburtsdatum
        nationality      234-236  text   Staatsangehörigkeit
        role             237-238  text   Adresskennzeichen
        sex              255      text   Geschlecht
        """,
    ),
    "2": Layout(
        "0100",
        """
        customer_number            43-59    person Personen-/Kundennummer des Versicherers
        customer_number_at_agency  60-76    person Personen-/Kundennummer des Vermittlers
        account_number             107-118  text   Kontonummer 1
        bank_code                  119-126  text   Bankleitzahl 1
        holder                     127-156  text   Abweichender Kontoinhaber 1
        contact_code_1             157-158  text   Kommunikationstyp 1
        contact_1                  159-178  text   Kommunikationsnummer 1
        contact_code_2             179-180  text   Kommunikationstyp 2
        contact_2                  181-200  text   Kommunikationsnummer 2
        contact_code_3             201-202  text   Kommunikationstyp 3
        contact_3                  203-222  text   Kommunikationsnummer 3
        contact_code_4             223-224  text   Kommunikationstyp 4
        contact_4                  225-244  text   Kommunikationsnummer 4
        payment_method             245      text   Zahlungsart /-weg
        marital_status             246      text   Familienstand
        """,
    ),
    "3": Layout(
        "0100",
        """
        contact_code_5   43-44    text   Kommunikationstyp 5
        contact_5        45-104   text   Kommunikationsnummer 5
        contact_code_6   105-106  text   Kommunikationstyp 6
        contact_6        107-166  text   Kommunikationsnummer 6
        contact_code_7   167-168  text   Kommunikationstyp 7
        contact_7        169-228  text   Kommunikationsnummer 7
        legal_form       229-230  text   Rechtsform
        """,
    ),
    "4": Layout(
        "0100",
        """
        birth_name       43-72    text   Geburtsname
        bank_name        73-102   text   Name des Kreditinstituts 1
        account_kind     103-104  text   Typ der Bankverbindung 1
        account_kind_2   105-106  text   Typ der Bankverbindung 2
        account_number_2 107-118  text   Kontonummer 2
        bank_code_2      119-126  text   Bankleitzahl 2
        holder_2         127-156  text   Abweichender Kontoinhaber 2
        bank_name_2      157-186  text   Name des Kreditinstituts 2
        bic              187-197  text   BIC 1
        bic_2            198-208  text   BIC 2
        iban             209-242  text   IBAN 1
        """,
    ),
    "5": Layout(
        "0100",
        """
        iban_2               43-76    text   IBAN 2
        birth_place          77-106   text   Geburtsort
        creditor_identifier  160-194  text   SEPA-Gläubigeridentifikationsnummer
        mandate_reference    195-229  text   SEPA-Mandat Referenznummer
        signed_on            230-237  date   SEPA-Mandat Ausstellungsdatum
        account_reference    238      text   SEPA-Mandat Kontoreferenz
        sequence             239      text   SEPA-Mandat einmalig/wiederkehrend
        scheme               240      text   SEPA-Mandat Basis-/Firmenlastschrift
        expires_on           241-248  date   SEPA-Ablaufdatum oder erloschen am
        """,
    ),
}

CONTRACT: Final[dict[str, Layout]] = {
    "1": Layout(
        "0200",
        """
        start                      44-51    date   Vertragsbeginn
        end                        52-59    date   Vertragsablauf
        due                        60-67    date   Hauptfälligkeit
        payment_frequency          68       text   Zahlungsweise
        status                     69       text   Vertragsstatus
        cancellation_reason        70-71    text   Abgangsgrund
        cancelled_on               72-79    date   Abgangsdatum
        changed_on                 90-97    date   Änderungsdatum
        currency                   113-115  text   Währungsschlüssel
        premium                    116-127  money  Gesamtbeitrag (Netto) in Währungseinheiten
        customer_number            159-175  person Personen-/Kundennummer des Versicherers
        customer_number_at_agency  176-192  person Personen-/Kundennummer des Vermittlers
        applied_on                 201-208  date   Antragsdatum
        reference_number           209-225  text   Referenz-Versicherungsscheinnummer
        """,
    ),
    "2": Layout(
        "0200",
        """
        product_form     61-65    text   Produktform
        gross_premium    72-83    sum    Gesamtbeitrag (Brutto) in Währungseinheiten
        printed_number   84-113   text   Druckaufbereitete Versicherungsscheinnummer
        product_name     114-133  text   Produktname
        issued_on        147-154  date   Policierungsdatum
        """,
    ),
}

TRAILER: Final = Layout("9999", "declared  5-14  count  Anzahl der Sätze")
