"""The policy over GraphQL, and help texts that can't contradict it (M4)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from backend.group import load_group
from backend.models.user_accounts import Locale
from backend.policy import load_policy
from backend.services.help import PLACEHOLDER, read_help, render_help, values_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal

TODAY = date(2026, 11, 21)
HELP = """query ($locale: Locale!) { policy { mobileRegions idleMinutes
  help(locale: $locale) { key title entries { key question answer rows } } } }"""
BOTH = list(Locale)


def _entries(locale: Locale) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{topic['key']}.{entry['key']}", entry)
        for topic in read_help(locale)["topics"]
        for entry in topic["entries"]
    ]


def _texts(locale: Locale) -> list[tuple[str, str]]:
    content = read_help(locale)
    titles = [(topic["key"], topic["title"]) for topic in content["topics"]]
    return titles + [
        (key, text)
        for key, entry in _entries(locale)
        for text in (entry["question"], entry["answer"])
    ]


@pytest.mark.parametrize("locale", BOTH)
def test_M4_every_placeholder_of_the_help_names_a_rule(locale: Locale) -> None:
    known = set(values_of(load_policy(), load_group(), TODAY))
    used = {name for _, text in _texts(locale) for name in PLACEHOLDER.findall(text)}
    assert used
    assert used - known == set()


@pytest.mark.parametrize("locale", BOTH)
def test_M4_no_digit_is_typed_into_the_help(locale: Locale) -> None:
    typed = [key for key, text in _texts(locale) if re.search(r"\d", PLACEHOLDER.sub("", text))]
    assert typed == []


@pytest.mark.parametrize("locale", BOTH)
def test_M4_no_brace_is_left_over_in_the_help(locale: Locale) -> None:
    left = [key for key, text in _texts(locale) if re.search(r"[{}]", PLACEHOLDER.sub("", text))]
    assert left == []


def test_X17_the_help_has_the_same_entries_and_rows_in_both_languages() -> None:
    german, english = (
        [(key, entry["rows"], _placeholders(entry)) for key, entry in _entries(locale)]
        for locale in BOTH
    )
    assert german == english
    assert len({key for key, _, _ in german}) == len(german)


def _placeholders(entry: dict[str, Any]) -> list[str]:
    return sorted(PLACEHOLDER.findall(entry["question"] + entry["answer"]))


@pytest.mark.parametrize("locale", BOTH)
def test_every_entry_of_the_help_names_its_rows(locale: Locale) -> None:
    wrong = [
        key
        for key, entry in _entries(locale)
        if not entry["rows"] or any(not re.fullmatch(r"[FXM]\d{1,3}", row) for row in entry["rows"])
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", BOTH)
def test_every_code_that_the_help_lists_has_a_name(locale: Locale) -> None:
    values = values_of(load_policy(), load_group(), TODAY)
    for rule, terms in read_help(locale)["terms"].items():
        codes = values[rule]
        assert isinstance(codes, tuple)
        assert set(codes) <= set(terms), rule


def test_F21_the_policy_tells_regions_and_limits(portal_policy: dict[str, Any]) -> None:
    assert portal_policy["idleMinutes"] == 15
    assert len(portal_policy["mobileRegions"]) == 29
    assert {"DE", "CH", "NO"} <= set(portal_policy["mobileRegions"])


@pytest.fixture
async def portal_policy(portal: Portal) -> dict[str, Any]:
    data = await portal.execute(HELP, {"locale": "DE"})
    policy: dict[str, Any] = data["policy"]
    return policy


async def test_M4_the_help_shows_the_values_in_force(portal: Portal) -> None:
    answers = {}
    for locale in ("DE", "EN"):
        data = await portal.execute(HELP, {"locale": locale})
        answers[locale] = {
            entry["key"]: entry["answer"]
            for topic in data["policy"]["help"]
            for entry in topic["entries"]
        }
    assert "{" not in "".join([*answers["DE"].values(), *answers["EN"].values()])
    assert "Nach 15 Minuten" in answers["DE"]["session_end"]
    assert "after 5 minutes" in answers["EN"]["session_end"]
    assert "Edge 111, Firefox 115 und Safari 16.4" in answers["DE"]["browsers"]
    assert "Spanien, Tschechien, Ungarn und Österreich" in answers["DE"]["countries"]
    assert "digital from your registration on: banks and insurers." in answers["EN"]["channel"]
    assert "Musterland Informatik GmbH" in answers["DE"]["notice"]


def test_M4_a_changed_rule_changes_the_help_from_its_first_day(tmp_path: Path) -> None:
    from backend.policy import SHIPPED  # noqa: PLC0415

    changed = tmp_path / "policy.toml"
    changed.write_text(
        SHIPPED.read_text(encoding="utf-8").replace(
            "idle_minutes = [{",
            'idle_minutes = [{ from = 2020-01-01, value = 7, source = "test" }, {',
            1,
        ),
        encoding="utf-8",
    )
    policy = load_policy(changed)

    def answer_on(today: date) -> str:
        topics = render_help(Locale.EN, policy=policy, group=load_group(), today=today)
        [answer] = [
            entry.answer
            for topic in topics
            for entry in topic.entries
            if entry.key == "session_end"
        ]
        return answer

    assert answer_on(date(2024, 12, 31)).startswith("After 7 minutes")
    assert answer_on(date(2025, 1, 1)).startswith("After 15 minutes")
