"""What a new password may be (F1; OWASP ASVS 5.0, 6.2)."""

from __future__ import annotations

from datetime import date

import pytest

from backend.errors import InvalidInputError
from backend.policy import load_policy
from backend.services.new_passwords import check_new_password

POLICY = load_policy()
OWN = ("Anna", "Beispiel", "Musterland", "anna.beispiel", "example")


def _problem(password: str) -> str | None:
    try:
        check_new_password(
            password,
            path=("newPassword",),
            policy=POLICY,
            today=date(2026, 11, 21),
            own_words=OWN,
        )
    except InvalidInputError as error:
        (problem,) = error.problems
        assert problem.path == ("newPassword",)
        return problem.message_key.removeprefix("field.password_")
    return None


@pytest.mark.parametrize(
    "password",
    [
        "Sieben Zwerge im Wald",
        "korrekt pferd batterie heftklammer",
        "wfTz7bQvLpXe",
        "0f3a9c7e1b5d",
        "730918264519",
        "日本語のとても長い秘密の文です",
        "🐢🦊🐙🦉🐝🦋🐌🦀🐬🦩🦔🐿",
        "kein Großbuchstabe nötig",
        "Annas Kater frisst am liebsten Thunfisch",
        "x7" + "Abendrot über Rügen " * 6,
        "Zwölf graue Reiher am Kanal",
    ],
)
def test_long_passwords_of_any_characters_will_do(password: str) -> None:
    assert _problem(password) is None


@pytest.mark.parametrize("password", ["", "kurz", "elf Zeichen", "🐢🦊🐙"])
def test_fewer_than_twelve_characters_are_too_short(password: str) -> None:
    assert _problem(password) == "too_short"


def test_128_characters_will_do_and_129_will_not() -> None:
    text = "Abendrot über Rügen, Nebel auf dem Watt, und der Kutter kommt heim. " * 2
    assert _problem(text[:128]) is None
    assert _problem(text[:129]) == "too_long"
    assert _problem("x" * 1_000_000) == "too_long"


@pytest.mark.parametrize(
    "password",
    [
        "passwort1234", "Passwort1234!", "P4ssw0rt2026", "password12345", "passwordpassword",
        "qwertzuiop123", "qwertyuiop[]", "123456789012", "1234567890123456", "111111111111",
        "abcabcabcabc", "abcdefghijkl", "hallohallo123", "ichliebedich", "iloveyou2026",
        "schatz!schatz!", "fussball2026", "1q2w3e4r5t6z", "qwer1234asdf", "aaaaaaaaaaaab",
        "Willkommen2026", "Sommer2026!!", "geheim123456", '!"§$%&/()=!"§', "000000000000",
        "Kundenportal1", "987654321098", "letmein12345", "bayernmünchen", "asdfghjklöä1",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert _problem(password) == "common"


@pytest.mark.parametrize(
    "password", ["AnnaBeispiel1", "anna.beispiel1984", "musterland2026", "BeispielAnna12.03.84"]
)
def test_the_customers_own_names_are_no_password(password: str) -> None:
    assert _problem(password) == "common"
