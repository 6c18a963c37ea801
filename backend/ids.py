"""Opaque ids of objects: a kind and a row, readable only here."""

from __future__ import annotations

import base64
import binascii

from backend.errors import NotFoundError


def encode_id(kind: str, row_id: int) -> str:
    """Return the id a client sees."""
    return base64.urlsafe_b64encode(f"{kind}:{row_id}".encode()).decode().rstrip("=")


def decode_any_id(text: str) -> tuple[str, int]:
    """Return kind and row of an id.

    Raises:
        NotFoundError: this was never an id of the portal.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        kind, _, row_id = base64.urlsafe_b64decode(padded.encode()).decode("ascii").partition(":")
        number = int(row_id)
    except (ValueError, binascii.Error) as error:
        raise NotFoundError from error
    # Larger numbers can't be rows, and the databases' drivers would raise.
    if not 0 < number < 2**63 or encode_id(kind, number) != text:
        raise NotFoundError
    return kind, number


def decode_id(text: str, *kinds: str) -> int:
    """Return the row of an id of one of the kinds.

    Raises:
        NotFoundError: it is another kind's, or none at all.
    """
    kind, row_id = decode_any_id(text)
    if kind not in kinds:
        raise NotFoundError
    return row_id


def decode_filter_id(text: str | None, *kinds: str) -> int | None:
    """Return the row of an id in a filter; one that is nobody's matches no row (0)."""
    if text is None:
        return None
    try:
        return decode_id(text, *kinds)
    except NotFoundError:
        return 0
