"""Splits a remittance text with the tags of the German banks (EREF+, MREF+, CRED+, SVWZ+)."""

from __future__ import annotations

import re

_TAG = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|PURP|SQTP|MDAT)\+")


def split_sepa_text(text: str) -> dict[str, str]:
    """Return the parts by tag; text before the first tag joins SVWZ, the remittance proper.

    Source: Anlage 3 des DFÜ-Abkommens, field 86 (the CSV exports repeat it in one column).
    """
    pieces = _TAG.split(text)
    parts: dict[str, str] = {}
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        parts.setdefault(tag, value.strip())
    leading = pieces[0].strip()
    if leading:
        parts["SVWZ"] = f"{leading} {parts.get('SVWZ', '')}".strip()
    return parts
