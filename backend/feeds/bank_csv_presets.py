"""The CSV exports of German banks that are read, by the names of their columns."""

from __future__ import annotations

from unicodedata import normalize

from backend.values import Value


class Preset(Value):
    """One kind of export: the names a column may have, first the usual one.

    A header belongs to a preset if every `required` column is there; further columns are read
    where they exist and otherwise ignored. An export without a column "account" names it above its
    table, or nowhere. `payee` and `payer` are the counterparty of what goes out and comes in.
    """

    name: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    has_decimal_point: bool = False


SPARKASSE_CAMT = Preset(
    name="Sparkasse CSV-CAMT (v1, v2, v8), Volksbank",
    columns={
        "account": ("Auftragskonto", "IBAN Auftragskonto"),
        "booking_date": ("Buchungstag",),
        "value_date": ("Valutadatum",),
        "booking_text": ("Buchungstext",),
        "remittance": ("Verwendungszweck",),
        "creditor_id": ("Glaeubiger ID", "Gläubiger ID", "Gläubiger-ID"),
        "mandate_id": ("Mandatsreferenz",),
        "end_to_end_id": ("Kundenreferenz (End-to-End)",),
        "entry_reference": ("Sammlerreferenz",),
        "counterparty_name": (
            "Beguenstigter/Zahlungspflichtiger",
            "Begünstigter/Zahlungspflichtiger",
            "Name Zahlungsbeteiligter",
        ),
        "counterparty_iban": ("Kontonummer/IBAN", "Kontonummer", "IBAN Zahlungsbeteiligter"),
        "counterparty_bic": ("BIC (SWIFT-Code)", "BLZ", "BIC (SWIFT-Code) Zahlungsbeteiligter"),
        "amount": ("Betrag",),
        "currency": ("Waehrung", "Währung"),
        "status": ("Info",),
    },
    required=("account", "booking_date", "value_date", "remittance", "amount", "currency"),
)

COMMERZBANK = Preset(
    name="comdirect style (Commerzbank)",
    columns={
        "account": ("IBAN Auftraggeberkonto", "IBAN Kontoinhaber", "Auftraggeberkonto"),
        "booking_date": ("Buchungstag",),
        "value_date": ("Wertstellung",),
        "booking_text": ("Umsatzart",),
        "remittance": ("Buchungstext",),
        "amount": ("Betrag",),
        "currency": ("Währung", "Waehrung"),
    },
    required=("account", "booking_date", "value_date", "remittance", "amount", "currency"),
)

COMDIRECT = Preset(
    name="comdirect (the account has to be told)",
    columns={
        "booking_date": ("Buchungstag",),
        "value_date": ("Wertstellung (Valuta)",),
        "booking_text": ("Vorgang",),
        "remittance": ("Buchungstext",),
        "amount": ("Umsatz in EUR",),
    },
    required=("booking_date", "value_date", "remittance", "amount"),
)

DKB = Preset(
    name="DKB",
    columns={
        "booking_date": ("Buchungsdatum", "Buchungstag"),
        "value_date": ("Wertstellung",),
        "status": ("Status",),
        "booking_text": ("Umsatztyp", "Buchungstext"),
        "counterparty_name": ("Auftraggeber / Begünstigter",),
        "payee": ("Zahlungsempfänger*in",),
        "payer": ("Zahlungspflichtige*r",),
        "remittance": ("Verwendungszweck",),
        "counterparty_iban": ("IBAN", "Kontonummer"),
        "counterparty_bic": ("BLZ",),
        "amount": ("Betrag (€)", "Betrag (EUR)"),
        "creditor_id": ("Gläubiger-ID",),
        "mandate_id": ("Mandatsreferenz",),
        "end_to_end_id": ("Kundenreferenz",),
    },
    required=("booking_date", "value_date", "remittance", "amount"),
)

ING = Preset(
    name="ING",
    columns={
        "booking_date": ("Buchung",),
        "value_date": ("Wertstellungsdatum", "Valuta"),
        "booking_text": ("Buchungstext",),
        "counterparty_name": ("Auftraggeber/Empfänger",),
        "remittance": ("Verwendungszweck",),
        "amount": ("Betrag",),
        "currency": ("Währung",),
    },
    required=("booking_date", "value_date", "counterparty_name", "remittance", "amount"),
)

POSTBANK = Preset(
    name="Postbank, Deutsche Bank",
    columns={
        "booking_date": ("Buchungstag",),
        "value_date": ("Wert",),
        "booking_text": ("Umsatzart",),
        "counterparty_name": ("Begünstigter / Auftraggeber",),
        "remittance": ("Verwendungszweck",),
        "counterparty_iban": ("IBAN / Kontonummer", "IBAN"),
        "counterparty_bic": ("BIC",),
        "end_to_end_id": ("Kundenreferenz",),
        "mandate_id": ("Mandatsreferenz",),
        "creditor_id": ("Gläubiger ID",),
        "amount": ("Betrag",),
        "debit": ("Soll",),
        "credit": ("Haben",),
        "currency": ("Währung",),
    },
    required=("booking_date", "value_date", "counterparty_name", "remittance", "amount"),
)

N26 = Preset(
    name="N26",
    columns={
        "booking_date": ("Booking Date", "Date"),
        "value_date": ("Value Date",),
        "booking_text": ("Type", "Transaction type"),
        "counterparty_name": ("Partner Name", "Payee"),
        "counterparty_iban": ("Partner Iban", "Account number"),
        "remittance": ("Payment Reference",),
        "amount": ("Amount (EUR)",),
    },
    required=("booking_date", "counterparty_name", "remittance", "amount"),
    has_decimal_point=True,
)

DELIMITERS = (";", ",", "\t")
PRESETS = (SPARKASSE_CAMT, COMMERZBANK, COMDIRECT, DKB, ING, POSTBANK, N26)


def column_positions(preset: Preset, header: list[str]) -> dict[str, int] | None:
    """Return where each column of the preset stands, None if the header is not of this kind."""
    places = {_normal(name): place for place, name in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for column, names in preset.columns.items():
        for name in names:
            if _normal(name) in places:
                found[column] = places[_normal(name)]
                break
    return found if all(column in found for column in preset.required) else None


def _normal(name: str) -> str:
    """Without case, repeated blanks and letters put together from two characters."""
    return " ".join(normalize("NFKC", name).casefold().split())


def recognise(header: list[str]) -> tuple[Preset, dict[str, int]] | None:
    """Return the first preset the header belongs to, with its column positions."""
    for preset in PRESETS:
        positions = column_positions(preset, header)
        if positions is not None:
            return preset, positions
    return None
