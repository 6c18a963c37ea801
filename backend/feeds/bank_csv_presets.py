"""The CSV exports of German banks that are read, by the names of their columns."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import normalize


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of export: the names a column may have, first the usual one.

    A header belongs to a preset if every `required` column is there; further columns are read
    where they exist and otherwise ignored.
    """

    name: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]


SPARKASSE_CAMT = Preset(
    name="Sparkasse CSV-CAMT (v1, v2, v8)",
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
        ),
        "counterparty_iban": ("Kontonummer/IBAN", "Kontonummer"),
        "counterparty_bic": ("BIC (SWIFT-Code)", "BLZ"),
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

DELIMITERS = (";", ",", "\t")
PRESETS = (SPARKASSE_CAMT, COMMERZBANK, COMDIRECT)


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
