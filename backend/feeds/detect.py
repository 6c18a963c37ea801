"""Tells the format of a file from its first bytes; its name is never trusted."""

from __future__ import annotations

import re
from enum import StrEnum

from backend.feeds.bank_csv_presets import DELIMITERS, recognise
from backend.feeds.gdv.detection import detect as is_gdv
from backend.feeds.lines import UTF8_BOM, decode

HEAD_BYTES = 1 << 14
LINES_LOOKED_AT = 50
MIN_CSV_COLUMNS = 4

_XML_SCHEMA = re.compile(r"<(\w+:)?schema\b")
_CAMT = re.compile(r"camt\.05[234]\.|<(\w+:)?BkToCstmr(Stmt|AcctRpt|DbtCdtNtfctn)")
_MT940 = re.compile(r":(20|21|25P?|28C?|60[FM]|61|62[FM]|64|86|NS):")
_SWIFT_ENVELOPE = re.compile(r"\{1:[A-Z]\d\d[A-Z0-9]{12}")
_LIST = re.compile(r"\[\s*(\]|\{)")
_ACCOUNT_KEYS = ('"iban"', '"product"', '"holders"')
_ACKNOWLEDGEMENT_KEYS = ('"submission"', '"outcome"')
_CLAIM_KEYS = ('"claim"', '"status"')
_FORM_KEY = re.compile(r'"form"\s*:')
_DOCUMENT_KEYS = ('"sha256"', '"file"', '"subject"')


class FeedFormat(StrEnum):
    """The formats of `kundenportal import --format`."""

    GDV = "gdv"
    CAMT = "camt"
    MT940 = "mt940"
    CSV = "csv"
    MANIFEST = "manifest"
    ACCOUNTS = "accounts"
    FORMS = "forms"
    ACKNOWLEDGEMENTS = "acknowledgements"
    CLAIMS = "claims"


def detect(head: bytes, name: str = "") -> FeedFormat | None:
    """Return the format the content begins with, None if it is none of ours.

    `head` is the start of the file, at least 16 KiB of it if it is that long. `name` is only for
    the caller's messages: a GDV file called .xml is still GDV. Files that are broken beyond their
    beginning are recognised all the same, so that their reader can name line and field.
    """
    del name
    head = head[:HEAD_BYTES]
    if is_gdv(head):
        return FeedFormat.GDV
    text = _text(head).lstrip()
    if text.startswith("<"):
        is_camt = _CAMT.search(text) and not _XML_SCHEMA.search(text)
        return FeedFormat.CAMT if is_camt else None
    if _LIST.match(text):
        return _of_list(text)
    if text.startswith("{") and not _SWIFT_ENVELOPE.match(text):
        return _of_json(text.split("\n", 1)[0])
    return _of_lines(text)


def _of_json(first_line: str) -> FeedFormat | None:
    if all(key in first_line for key in _ACKNOWLEDGEMENT_KEYS):
        return FeedFormat.ACKNOWLEDGEMENTS
    if all(key in first_line for key in _CLAIM_KEYS):
        return FeedFormat.CLAIMS
    is_ours = sum(key in first_line for key in _ACCOUNT_KEYS) > 1
    return FeedFormat.ACCOUNTS if is_ours else None


def _of_list(text: str) -> FeedFormat | None:
    if _FORM_KEY.search(text):
        return FeedFormat.FORMS
    is_manifest = text.rstrip() == "[]" or any(key in text for key in _DOCUMENT_KEYS)
    return FeedFormat.MANIFEST if is_manifest else None


def _text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").removeprefix("\ufeff")
    if head.startswith((b"<\x00", b"\x00<")):
        return head.decode("utf-16-le" if head.startswith(b"<") else "utf-16-be", "replace")
    return decode(head.removeprefix(UTF8_BOM))


def _of_lines(text: str) -> FeedFormat | None:
    lines = [line for line in re.split(r"[\r\n]+|@@(?=:)", text) if line.strip()][:LINES_LOOKED_AT]
    if not lines:
        return None
    if _SWIFT_ENVELOPE.match(lines[0]) or any(_MT940.match(line) for line in lines):
        return FeedFormat.MT940
    for line in lines:
        for delimiter in DELIMITERS:
            header = [cell.strip().strip('"') for cell in line.split(delimiter)]
            if recognise(header) is not None:
                return FeedFormat.CSV
    # Columns nobody here knows are still CSV: its reader says which ones are accepted.
    return FeedFormat.CSV if lines[0].count(";") + 1 >= MIN_CSV_COLUMNS else None
