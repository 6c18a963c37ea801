"""The texts of consents: whole in both languages, and kept word for word."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import backend
from backend.models.consents import ConsentPurpose
from backend.models.user_accounts import Locale
from backend.services.consent_texts import (
    APP_COMMUNICATION,
    keep_text,
    load_kept_texts,
    name_of,
    text_in_force,
)

if TYPE_CHECKING:
    from tests.portal import Portal

FOLDER = Path(backend.__file__).parent / "consent_texts"
DAY = date(2026, 11, 21)
NAMES = [*(name_of(purpose) for purpose in ConsentPurpose), APP_COMMUNICATION]


def test_every_version_is_there_in_both_languages_and_names_the_same() -> None:
    names = sorted(path.name for path in (FOLDER / "de").iterdir())
    assert names == sorted(path.name for path in (FOLDER / "en").iterdir())
    assert {name[: -len("-2025-01-01.txt")] for name in names} == set(NAMES)
    for name in names:
        german, english = (
            (FOLDER / locale.value / name).read_text(encoding="utf-8") for locale in Locale
        )
        placeholders = [re.findall(r"\{\w+\}", text) for text in (german, english)]
        assert placeholders[0] == placeholders[1], name
        assert german.count("\n\n") == english.count("\n\n"), name


@pytest.mark.parametrize("locale", list(Locale))
async def test_F19_each_text_says_that_it_can_be_taken_back(portal: Portal, locale: Locale) -> None:
    words = {Locale.DE: "jederzeit hier im Portal", Locale.EN: "at any time"}
    for name in NAMES:
        text = text_in_force(portal.house, name, locale, day=DAY, institution="Musterland BKK")
        assert text.text.startswith(f"# {text.title}\n\n")
        assert words[locale] in text.text
        assert "{" not in text.text


async def test_F19_the_text_about_calls_names_how_long_it_has_to_be_proved(
    portal: Portal,
) -> None:
    name = name_of(ConsentPurpose.PRODUCT_INFORMATION_BY_PHONE)
    assert "5 Jahre" in text_in_force(portal.house, name, Locale.DE, day=DAY).text


async def test_what_was_agreed_to_stays_word_for_word(portal: Portal) -> None:
    text = text_in_force(portal.house, NAMES[0], Locale.EN, day=DAY)
    for _ in range(2):
        async with portal.transaction() as session:
            await keep_text(session, text)
    async with portal.transaction() as session:
        kept = await load_kept_texts(session, [text.sha256, "0" * 64])
    assert kept == {text.sha256: text}
