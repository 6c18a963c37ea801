"""Reading the small values that all bank feeds share: text, money, dates, IBANs."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

BERLIN = ZoneInfo("Europe/Berlin")
CENT = Decimal("0.01")
CACHED_VALUES = 16_384
MAX_AMOUNT_CHARACTERS = 20
GERMAN_IBAN_CHARACTERS = 22

_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_PLAIN_AMOUNT = re.compile(r"\+?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_GERMAN_AMOUNT = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d{1,5})?", re.ASCII)
_EURO_BEHIND = re.compile(r"\s*(EUR|€)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f'\u2019](?=\d{3}(?!\d))")
_IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", re.ASCII)
_BIC_SHAPE = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_DATE_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WITHOUT_MEANING = frozenset({"NONREF", "NOTPROVIDED", "NOT PROVIDED", "NOT-PROVIDED", "N/A", "-"})


def clean_text(text: str | None) -> str | None:
    """Return the text as a database can store it, or None if nothing is left.

    Control characters and line breaks become one blank, lone surrogates vanish, ends are trimmed.
    """
    if not text:
        return None
    if not text.isprintable():
        text = _UNSTORABLE.sub(" ", text)
    return text.strip() or None


def clean_reference(text: str | None) -> str | None:
    """Return a reference, None for the placeholders banks write where there is none."""
    cleaned = clean_text(text)
    return None if cleaned is None or cleaned.upper() in _WITHOUT_MEANING else cleaned


def money(amount: Decimal) -> Decimal:
    """Return the amount with two decimals if that loses nothing ("8.850" is 8.85)."""
    rounded = amount.quantize(CENT)
    return rounded if rounded == amount else amount.normalize()


def plain_amount(text: str) -> Decimal:
    """Read an unsigned XML amount such as "1234.50"; ValueError for anything else."""
    text = text.strip()
    if len(text) > MAX_AMOUNT_CHARACTERS or not _PLAIN_AMOUNT.fullmatch(text):
        raise ValueError("no amount")
    return money(Decimal(text))


def german_amount(text: str) -> Decimal:
    """Read a signed amount with decimal comma such as "-1.234,50"; ValueError otherwise.

    Blanks and apostrophes may part thousands, the sign may stand behind, and EUR or € as well.
    """
    text = _EURO_BEHIND.sub("", text.strip()).replace("\N{MINUS SIGN}", "-")
    text = _THOUSANDS.sub("", text)
    if text.endswith(("-", "+")):
        text = text[-1] + text[:-1].rstrip()
    if len(text) > MAX_AMOUNT_CHARACTERS or not _GERMAN_AMOUNT.fullmatch(text):
        raise ValueError("no amount with a decimal comma")
    return money(Decimal(text.replace(".", "").replace(",", ".")))


@lru_cache(maxsize=CACHED_VALUES)
def iso_date(text: str) -> date:
    """Read an ISO date or date-time as a civil date; ValueError otherwise.

    A date-time with an offset is turned into the date in Berlin; a bare date keeps its day
    whatever offset is glued to it.
    """
    text = text.strip()
    if not _DATE_SHAPE.match(text):
        raise ValueError("no date")
    try:
        day = date.fromisoformat(text[:10])
        rest = text[10:]
        if not rest.startswith("T"):
            return day
        if rest.startswith("T24:00:00"):
            return day + timedelta(days=1)
        instant = datetime.fromisoformat(text)
        return day if instant.tzinfo is None else instant.astimezone(BERLIN).date()
    except (ValueError, OverflowError) as error:
        raise ValueError("a date or time that no calendar has") from error


@lru_cache(maxsize=CACHED_VALUES)
def read_iban(text: str) -> tuple[str, bool]:
    """Return an account number as it is stored and whether it is a valid IBAN (DOMAIN, IBAN).

    A valid IBAN comes back compact and upper case; anything else (masked, foreign number, typing
    error) as given. Any country is valid here: a counterparty may live outside the SEPA zone.
    """
    compact = text.replace(" ", "").upper()
    # Check digits first: building and refusing an IBAN object takes ten times as long.
    if not _IBAN_SHAPE.fullmatch(compact) or not _has_check_digits(compact):
        return text.strip(), False
    try:
        return IBAN(compact).compact, True
    except SchwiftyException:
        return text.strip(), False


def _has_check_digits(compact: str) -> bool:
    rearranged = compact[4:] + compact[:4]
    return int("".join([str(int(character, 36)) for character in rearranged])) % 97 == 1


def is_sepa_iban(text: str) -> bool:
    """Tell whether the text is a valid IBAN of the SEPA zone (Art. 9 Regulation (EU) 260/2012)."""
    compact, is_valid = read_iban(text)
    return is_valid and bool(IBAN(compact).in_sepa_zone)


def read_bic(text: str | None) -> str | None:
    """Return the BIC in upper case, None if the text has not the shape of one."""
    compact = (text or "").strip().upper()
    return compact if _BIC_SHAPE.fullmatch(compact) else None
