"""What a new password may be: long enough, and nothing that everybody tries first."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from backend.errors import FieldProblem, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from backend.policy import Policy

_COMMON_WORDS = Path(__file__).parent.parent / "texts" / "common_passwords.txt"
# What people write for a letter, and rows of keys and letters that fingers run along.
_WRITTEN_FOR = str.maketrans("013457@$!€", "oieastasie")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertzuiopüasdfghjklöäyxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890123456789012345678901234567890",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qaywsxedcrfvtgbzhnujmikolp",
    "qazwsxedcrfvtgbyhnujmikolp",
    '!"§$%&/()=',
    "!@#$%^&*()",
)
_FILLING = re.compile(r"[\d\s!-/:-@\[-`{-~§€°]+")
_SHORTEST_RUN = 4
_SHORTEST_OWN_WORD = 4
# Letters that remain beside common words and make a password one's own.
_OWN_LETTERS = 4


def check_new_password(
    password: str,
    *,
    path: tuple[str, ...],
    policy: Policy,
    today: date,
    own_words: Iterable[str] = (),
) -> None:
    """Accept a new password of 12 to 128 characters, whatever they are (policy).

    No rule of composition (OWASP ASVS 5.0, 6.2.1, 6.2.5, 6.2.9); only none that is common, or made
    of nothing but the customer's own names (6.2.4, 6.2.11).

    Raises:
        InvalidInputError: with what to do about it, at `path`.
    """
    rules = policy.registration
    limits = {
        "shortest": rules.password_min_length.on(today),
        "longest": rules.password_max_length.on(today),
    }
    length = len(unicodedata.normalize("NFKC", password))
    problem = None
    if length < limits["shortest"]:
        problem = "field.password_too_short"
    elif length > limits["longest"]:
        problem = "field.password_too_long"
    elif _is_common(password, {_letters(word) for word in own_words}):
        problem = "field.password_common"
    if problem is not None:
        raise InvalidInputError(FieldProblem(path, problem, limits))


def words_of(
    *, given_name: str, family_name: str, email_address: str, group_name: str
) -> list[str]:
    """Return what somebody's password must not be made of: names, address, the portal's name."""
    local_part, _, domain = email_address.partition("@")
    return [given_name, family_name, group_name, local_part, domain.rpartition(".")[0]]


def _is_common(password: str, own_words: Collection[str]) -> bool:
    """Whether next to nothing is left once common words, runs and repetitions are taken out."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(set(folded)) < _OWN_LETTERS or _is_repeated(folded):
        return True
    words = sorted(
        _common_words() | {word for word in own_words if len(word) >= _SHORTEST_OWN_WORD},
        key=len,
        reverse=True,
    )
    # Without the digits that fill up, and with the letters that digits stand for.
    readings = {_letters(folded), _letters(folded.translate(_WRITTEN_FOR)), folded}
    return any(_leaves_little(reading, words) for reading in readings)


def _leaves_little(reading: str, words: Iterable[str]) -> bool:
    rest = _without(reading, words)
    # A year, a day, an exclamation mark: what is added when a site asks for more.
    return rest != reading and len(set(_FILLING.sub("", rest))) < _OWN_LETTERS


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, " ")
    for run in _RUNS:
        for one in (run, run[::-1]):
            for length in range(len(one), _SHORTEST_RUN - 1, -1):
                for start in range(len(one) - length + 1):
                    text = text.replace(one[start : start + length], " ")
    return text


def _is_repeated(text: str) -> bool:
    return re.fullmatch(r"(.{1,8}?)\1+.{0,3}", text, re.DOTALL) is not None


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text.casefold())


@cache
def _common_words() -> frozenset[str]:
    lines = _COMMON_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
