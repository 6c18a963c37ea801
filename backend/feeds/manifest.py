"""Reads `manifest.json`, the list of documents that an institution hands over with its PDFs.

The file is one JSON list of objects. The PDFs lie beside it and are streamed by the importer::

    [{"id": "MLV-2026-000123",            text, unique per institution and in the file
      "customer_number": "100001",        text
      "contract_number": "L-4711" | null, text; null for letters without a contract
      "kind": "ANNUAL_STATEMENT",         word of letters, digits, "_" and "-"
      "date": "2026-11-20",               the letter's date
      "sha256": "9f86…",                  64 hexadecimal digits of the file's content
      "subject": "Ihre Standmitteilung",  text, at most 200 characters
      "official_decision": false,         true for a decision under § 37 SGB X
      "file": "2026/11/123.pdf",          path below the manifest, "/" between folders, never ".."
      "sender": "Musterland …",           text
      "direction": "INCOMING",            INCOMING (default: to the customer) or OUTGOING (F83)
      "delivered_on": "2016-03-02" | null}]  the day on which it was delivered already, on paper or
                                          by another portal: filed under it, read, not announced
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from backend.feeds.findings import FeedError, Finding
from backend.feeds.json_fields import FieldReader
from backend.feeds.json_list import read_json_list
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from datetime import date as civil_date  # the field `date` hides the type

MAX_PATH = 255
MAX_SUBJECT = 200

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}", re.ASCII)
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


class DocumentDirection(StrEnum):
    """Whether the document went to the customer or came from them (F83)."""

    INCOMING = "INCOMING"
    OUTGOING = "OUTGOING"


class ManifestEntry(Value):
    """One document; `file` is a safe relative path, `sha256` lower case."""

    line: int
    id: str
    customer_number: str
    contract_number: str | None
    kind: str
    date: date
    sha256: str
    subject: str
    is_official_decision: bool
    file: str
    sender: str
    direction: DocumentDirection
    delivered_on: civil_date | None = None


def read_manifest(stream: BinaryIO) -> Iterator[ManifestEntry | Finding]:
    """Yield the documents; an entry with any wrong field becomes one Finding per field instead.

    FeedError where the JSON ends, and for a list in which nothing is usable (an empty list is
    fine: nothing to deliver).
    """
    seen: set[str] = set()
    number = usable = 0
    for line, value in read_json_list(stream):
        number += 1
        problems: list[tuple[str, str]] = []
        entry = _read_entry(line, value, problems)
        if not problems and entry.id in seen:
            problems.append(("id", "this id stands in the file before"))
        if problems:
            record = f"document {number}"
            yield from (Finding(line, record, field, why, rejects=True) for field, why in problems)
            continue
        seen.add(entry.id)
        usable += 1
        yield entry
    if number and not usable:
        raise FeedError(f"none of {number} documents is usable", line=1, rejects=False)


def _read_entry(line: int, value: Any, problems: list[tuple[str, str]]) -> ManifestEntry:
    fields = FieldReader(value, "", problems)
    direction = DocumentDirection.INCOMING
    if fields.raw("direction") is not None:
        chosen = fields.choice("direction", [member.value for member in DocumentDirection])
        direction = DocumentDirection(chosen) if chosen else direction
    path = fields.text("file", max_length=MAX_PATH)
    if path and not is_safe_path(path):
        fields.note("file", "not a path below the manifest")
    return ManifestEntry(
        line=line,
        id=fields.matching("id", _ID, "an id of letters, digits and ._:/-"),
        customer_number=fields.text("customer_number", max_length=50),
        contract_number=fields.optional_text("contract_number", max_length=50),
        kind=fields.matching("kind", _KIND, "a word of letters, digits, _ and -"),
        date=fields.day("date"),
        sha256=fields.matching("sha256", _SHA256, "64 hexadecimal digits").lower(),
        subject=fields.text("subject", max_length=MAX_SUBJECT),
        is_official_decision=fields.flag("official_decision"),
        file=path,
        sender=fields.text("sender", max_length=MAX_SUBJECT),
        direction=direction,
        delivered_on=fields.optional_day("delivered_on"),
    )


def is_safe_path(path: str) -> bool:
    """Tell whether a path stays below its folder on every system.

    No absolute path, drive, backslash, empty, "." or ".." part, nor one that ends in a dot or
    blank (Windows drops those).
    """
    if not path.isprintable() or any(character in path for character in '\\:*?"<>|~'):
        return False
    parts = path.split("/")
    return all(part and part.strip() == part and not part.endswith(".") for part in parts)
