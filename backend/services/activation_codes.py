"""Activation codes: what one looks like, how it is read back, when it is forgotten."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from backend.models.activation_codes import ActivationCode
from backend.services.sessions import hash_token

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock

# Crockford's base 32: no letter that looks like a digit. 16 of them are 80 bits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_GROUP = 4
# A regular expression of what a letter shows.
LOOKS_LIKE_CODE = "-".join([f"[{_ALPHABET}]{{{_GROUP}}}"] * (_LENGTH // _GROUP))
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
_KEPT = timedelta(days=30)


def make_code() -> str:
    """Return a new code as a letter shows it, such as "7K3M-Q2XV-90DA-TT4E"."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def hash_code(typed: str) -> str:
    """Return what is stored of a code, however somebody types it: small, with blanks, O for 0."""
    return hash_token(typed.upper().translate(_READ_AS))


def is_code(code_hash: str, typed: str) -> bool:
    """Tell whether somebody typed the code of which this is stored."""
    return hmac.compare_digest(code_hash, hash_code(typed))


def is_open(*, attempts: int, clock: Clock) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a code can still be used."""
    return (
        ActivationCode.used_at.is_(None),
        ActivationCode.attempts < attempts,
        ActivationCode.expires_at > clock.now(),
    )


async def forget_old_codes(session: AsyncSession, *, clock: Clock) -> int:
    """Delete codes that ran out a month ago and return how many."""
    deleted = await session.execute(
        delete(ActivationCode)
        .where(ActivationCode.expires_at < clock.now() - _KEPT)
        .returning(ActivationCode.id)
        .execution_options(synchronize_session=False)
    )
    return len(deleted.all())
