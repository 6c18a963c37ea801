"""The texts of the user agreement: readable by everybody, the same in both languages."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from msgspec.structs import replace

import backend
from backend.group import load_group
from backend.models.terms import TermsKind
from backend.models.user_accounts import Locale
from backend.services.dated_texts import MissingTextError
from backend.services.terms import find_accepted, terms_on
from tests.registering import TERMS

if TYPE_CHECKING:
    from backend.house import House
    from tests.portal import Portal

FOLDER = Path(backend.__file__).parent / "terms"
DAY = date(2026, 11, 21)


@pytest.mark.parametrize("locale", ["DE", "EN"])
async def test_F3_both_texts_are_read_without_signing_in(portal: Portal, locale: str) -> None:
    texts = (await portal.execute(TERMS, {"locale": locale}))["terms"]
    assert [text["kind"] for text in texts] == ["PORTAL", "POSTBOX"]
    for text in texts:
        assert text["locale"] == locale
        assert (text["version"], text["startDate"]) == ("2026-01-01", "2026-01-01")
        assert text["text"].startswith(f"# {text['title']}\n\n## 1. ")
        assert text["sha256"] == hashlib.sha256(text["text"].encode()).hexdigest()
        assert "Musterland" in text["title"]
        assert "{" not in text["text"]


async def test_F4_the_postbox_has_a_text_of_its_own_that_names_its_trustee(
    portal: Portal,
) -> None:
    for locale in Locale:
        of_portal, of_postbox = terms_on(portal.house, DAY, locale)
        assert portal.house.group.trustee.name in of_postbox.text
        assert of_portal.sha256 != of_postbox.sha256


async def test_F5_the_portals_text_names_the_period_of_withdrawal_of_the_policy(
    portal: Portal,
) -> None:
    text, _ = terms_on(portal.house, DAY, Locale.DE)
    assert "binnen 14 Tagen" in text.text


def test_every_version_is_there_in_both_languages_with_the_same_headings() -> None:
    names = sorted(path.name for path in (FOLDER / "de").iterdir())
    assert names == sorted(path.name for path in (FOLDER / "en").iterdir())
    assert {name.partition("-")[0] for name in names} == {kind.value for kind in TermsKind}
    for name in names:
        german, english = (
            (FOLDER / language / name).read_text(encoding="utf-8") for language in ("de", "en")
        )
        headings = [re.findall(r"^## \d+\.", text, re.MULTILINE) for text in (german, english)]
        assert headings[0] == headings[1] != []
        assert set(re.findall(r"\{\w+\}", german)) == set(re.findall(r"\{\w+\}", english))


async def test_another_house_has_other_texts_and_another_hash(portal: Portal) -> None:
    named = structs.replace(portal.house.group, name="Anderland")
    other = replace(portal.house, group=named)
    text, _ = terms_on(portal.house, DAY, Locale.DE)
    assert find_accepted(portal.house, text.sha256, text.kind, day=DAY) == text
    assert find_accepted(other, text.sha256, text.kind, day=DAY) is None


def _with_texts(portal: Portal, folder: Path) -> House:
    for kind in TermsKind:
        for locale in Locale:
            for day, text in (("2026-01-01", "alt"), ("2026-12-01", "neu {group}")):
                path = folder / locale.value / f"{kind.value}-{day}.txt"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"# Titel\n\n{locale.value} {text}\n", encoding="utf-8")
    settings = structs.replace(portal.house.settings, terms_dir=folder)
    return replace(portal.house, settings=settings)


async def test_F3_a_house_brings_its_own_texts_and_each_holds_from_its_day(
    portal: Portal, tmp_path: Path
) -> None:
    house = _with_texts(portal, tmp_path / "terms")
    shown = {
        day: (text.version, text.title, text.text)
        for day in (date(2025, 1, 1), date(2026, 11, 30), date(2026, 12, 1))
        for text in terms_on(house, day, Locale.DE)[:1]
    }
    assert shown == {
        date(2025, 1, 1): ("2026-01-01", "Titel", "# Titel\n\nde alt"),
        date(2026, 11, 30): ("2026-01-01", "Titel", "# Titel\n\nde alt"),
        date(2026, 12, 1): ("2026-12-01", "Titel", "# Titel\n\nde neu Musterland"),
    }


async def test_a_folder_without_a_text_is_said_clearly(portal: Portal, tmp_path: Path) -> None:
    house = _with_texts(portal, tmp_path / "terms")
    for path in (tmp_path / "terms" / "en").iterdir():
        path.unlink()
    with pytest.raises(MissingTextError, match=r"en has no portal-<first day>\.txt"):
        terms_on(house, DAY, Locale.EN)


def test_the_operator_is_one_of_the_groups_institutions() -> None:
    group = load_group()
    assert group.operating_institution.key == "leben"
    unnamed = structs.replace(group, operator=None)
    assert unnamed.operating_institution == group.institutions[0]
    with pytest.raises(ValueError, match="operator is one of the institutions"):
        structs.replace(group, operator="absent")
