"""E-mail addresses: which ones can be written to, in the one form that is stored."""

from __future__ import annotations

import re

_LONGEST = 254
_LONGEST_LOCAL = 64
# RFC 5321 without quoted names and address literals, which nobody receives mail at.
_ADDRESS = re.compile(
    r"(?P<local>[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])"
)


def normalise_email_address(text: str) -> str | None:
    """Return an address in lower case without blanks around it; None if mail can't reach it.

    Domains with other letters are written in Punycode (xn--…). Whether somebody reads it there is
    proved by a link, never guessed.
    """
    address = text.strip().lower()
    found = _ADDRESS.fullmatch(address)
    if found is None or len(address) > _LONGEST or len(found["local"]) > _LONGEST_LOCAL:
        return None
    return address


def masked_address(address: str) -> str:
    """Return an address with its name hidden but for the first letter."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"
