"""Splits a :86: that has no ?-fields by the tags banks write instead: /EREF/…, EREF+…."""

from __future__ import annotations

import re

from backend.feeds.sepa_text import split_sepa_text

LINE_CHARACTERS = 65

_NAMES = {
    "EREF": "end_to_end_id",
    "MARF": "mandate_id",
    "MREF": "mandate_id",
    "CSID": "creditor_id",
    "CRED": "creditor_id",
    "NAME": "counterparty_name",
    "IBAN": "counterparty_iban",
    "BIC": "counterparty_bic",
    "REMI": "remittance_information",
    "SVWZ": "remittance_information",
    "TRTP": "booking_text",
}
# Tags of which nothing is taken still end the text before them.
_OTHERS = "ADDR|BENM|CNTP|ID|ISDT|KREF|ORDP|PREF|PURP|RTRN|SWOC|TRCD|ULTB|ULTC|ULTD"
_SLASH_TAG = re.compile(rf"/({'|'.join(_NAMES)}|{_OTHERS})/")
_PLUS_TAG = re.compile(r"(?:\d{3})?(?:EREF|KREF|MREF|CRED|SVWZ)\+", re.ASCII)
_REMITTANCE_KIND = re.compile(r"^(?:USTD|STRD)/+(?:[A-Z]{3}/[A-Z]+/)?")
_COUNTERPARTY = ("counterparty_iban", "counterparty_bic", "counterparty_name")


def split_information(lines: list[str]) -> dict[str, str]:
    """Return the parts by the name of the entry's field; without tags all is remittance.

    A full line of 65 characters was broken off anywhere, a shorter one where the text had a line
    of its own.
    """
    text = "".join(line if len(line) >= LINE_CHARACTERS else f"{line} " for line in lines).strip()
    if _PLUS_TAG.match(text):
        known = split_sepa_text(re.sub(r"^\d{3}(?=[A-Z])", "", text))
        return {_NAMES[tag]: value for tag, value in known.items() if tag in _NAMES}
    if not _SLASH_TAG.match(text):
        return {"remittance_information": text}
    parts: dict[str, str] = {}
    pieces = _SLASH_TAG.split(text)
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if tag == "CNTP":
            # IBAN, BIC, name and town in one, parted by slashes.
            for name, piece in zip(_COUNTERPARTY, value.split("/"), strict=False):
                parts.setdefault(name, piece.strip())
        elif tag in _NAMES:
            cleaned = _REMITTANCE_KIND.sub("", value) if tag == "REMI" else value
            parts.setdefault(_NAMES[tag], cleaned.strip(" /"))
    return parts
