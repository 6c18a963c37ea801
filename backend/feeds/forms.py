"""Reads `forms.json`, the forms that an institution offers for download, with the PDFs beside it.

The file is one JSON list of objects; what it does not list stays as it was::

    [{"form": "SACH-0017",                text, unique per institution and in the file
      "version": "2026-03",               text; another content needs another version
      "category": "CLAIM",                CONTRACT, CLAIM, PAYMENT, PERSONAL_DETAILS, AUTHORISATION
                                          or OTHER
      "title": {"de": "…", "en": "…"},    texts, at most 120 characters
      "description": {"de": "…", "en": "…"},
      "keywords": ["Schaden", "claim"],   words by which it is found, too; at most 50
      "valid_from": "2026-03-01",         the first day on which it is offered
      "valid_until": "2027-02-28" | null, the last one
      "sha256": "9f86…",                  64 hexadecimal digits of the file's content
      "file": "pdf/schaden.pdf"},         path below the list, "/" between folders, never ".."
     {"form": "SACH-0004", "withdrawn": true}]   no version of it is offered any more
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from backend.feeds.findings import FeedError, Finding
from backend.feeds.json_fields import FieldReader
from backend.feeds.json_list import read_json_list
from backend.feeds.manifest import MAX_PATH, is_safe_path
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

# As long as the subject of a message may be: a form is sent back under its title.
MAX_TITLE = 120
MAX_DESCRIPTION = 400
MOST_KEYWORDS = 50
CATEGORIES = ("CONTRACT", "CLAIM", "PAYMENT", "PERSONAL_DETAILS", "AUTHORISATION", "OTHER")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


class Bilingual(Value):
    """A text in both languages of the portal."""

    de: str
    en: str


class FormEntry(Value):
    """One version of a form; `file` is a safe relative path, `sha256` lower case."""

    line: int
    form: str
    version: str
    category: str
    title: Bilingual
    description: Bilingual
    keywords: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    sha256: str
    file: str


class WithdrawnForm(Value):
    """A form that is offered no more."""

    line: int
    form: str


def read_forms(stream: BinaryIO) -> Iterator[FormEntry | WithdrawnForm | Finding]:
    """Yield the forms; an entry with any wrong field becomes one Finding per field instead.

    FeedError where the JSON ends, and for a list in which nothing is usable.
    """
    seen: set[str] = set()
    number = usable = 0
    for line, value in read_json_list(stream):
        number += 1
        problems: list[tuple[str, str]] = []
        entry = _read_entry(line, value, problems)
        if not problems and entry.form in seen:
            problems.append(("form", "this form stands in the file before"))
        if problems:
            record = f"form {number}"
            yield from (Finding(line, record, field, why, rejects=True) for field, why in problems)
            continue
        seen.add(entry.form)
        usable += 1
        yield entry
    if number and not usable:
        raise FeedError(f"none of {number} forms is usable", line=1, rejects=False)


def _read_entry(
    line: int, value: Any, problems: list[tuple[str, str]]
) -> FormEntry | WithdrawnForm:
    fields = FieldReader(value, "", problems)
    form = fields.matching("form", _ID, "an id of letters, digits and ._/-")
    if fields.raw("withdrawn") is not None and fields.flag("withdrawn"):
        return WithdrawnForm(line, form)
    path = fields.text("file", max_length=MAX_PATH)
    if path and not is_safe_path(path):
        fields.note("file", "not a path below the list")
    valid_from, valid_until = fields.day("valid_from"), fields.optional_day("valid_until")
    if valid_until is not None and valid_until < valid_from:
        fields.note("valid_until", "before valid_from")
    return FormEntry(
        line=line,
        form=form,
        version=fields.matching("version", _ID, "a version of letters, digits and ._/-"),
        category=fields.choice("category", CATEGORIES) or "",
        title=_read_bilingual(fields.child("title"), MAX_TITLE),
        description=_read_bilingual(fields.child("description"), MAX_DESCRIPTION),
        keywords=_read_keywords(fields),
        valid_from=valid_from,
        valid_until=valid_until,
        sha256=fields.matching("sha256", _SHA256, "64 hexadecimal digits").lower(),
        file=path,
    )


def _read_bilingual(fields: FieldReader, max_length: int) -> Bilingual:
    return Bilingual(
        fields.text("de", max_length=max_length), fields.text("en", max_length=max_length)
    )


def _read_keywords(fields: FieldReader) -> tuple[str, ...]:
    values = fields.raw("keywords")
    if values is None:
        return ()
    is_list = isinstance(values, list) and len(values) <= MOST_KEYWORDS
    if not is_list or not all(isinstance(one, str) and len(one) <= MAX_TITLE for one in values):
        fields.note("keywords", f"not a list of at most {MOST_KEYWORDS} short texts")
        return ()
    return tuple(values)
