"""Profile, settings, security and help: what stands there is what holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.clock import StoppedClock, berlin_today
from backend.demo.load import STARTS_AT
from backend.demo.personas import ANNA, KLAUS
from backend.policy import load_policy
from tests.e2e.browsing import settle
from tests.e2e.pages import follow, plain, section

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits

pytestmark = pytest.mark.e2e

TODAY = berlin_today(StoppedClock(STARTS_AT))


def test_person_icon_leads_to_the_profile_and_its_pages(visit: Visits) -> None:
    page = visit(ANNA)
    page.get_by_role("link", name="Profil von Anna Beispiel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Profil")
    follow(page, "Persönliche Einstellungen")
    expect(section(page, "Ihre Kontodaten")).to_contain_text(ANNA.email)
    expect(section(page, "Ihre Kontodaten")).to_contain_text("+49 ••• 001")
    expect(page.locator("main")).not_to_contain_text(ANNA.phone)


def test_F19_F27_settings_show_consents_and_delivery_as_they_stand(visit: Visits) -> None:
    page = visit(KLAUS, "/profil/einstellungen")
    consents = [plain(row) for row in section(page, "Zustimmung und Einwilligungen")
                .get_by_role("listitem").all_inner_texts()]  # fmt: skip
    assert consents == [
        "Produktinformationen per E-Mail noch nicht bestätigt seit 20. November 2026",
        "Produktinformationen per Telefon nicht erteilt seit 20. Mai 2026",
        "Auswertung Ihrer Umsätze nicht erteilt",
    ]
    delivery = section(page, "Versandweg Ihrer Briefe").get_by_role("listitem").all_inner_texts()
    assert len(delivery) == 2
    assert all("digital ins Postfach und auf Papier" in row for row in delivery)


def test_choice_of_language_and_appearance_stays_on_this_device(visit: Visits) -> None:
    page = visit(ANNA, "/profil")
    page.get_by_label("Sprache", exact=True).select_option("en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Profile")
    page.get_by_label("Appearance", exact=True).select_option("dark")
    page.reload()
    settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_dark_mode_follows_the_system_unless_chosen(visit: Visits) -> None:
    dark = visit(path="/anmelden", theme="system", color_scheme="dark")
    light = visit(path="/anmelden", theme="system", color_scheme="light")
    chosen = visit(path="/anmelden", theme="light", color_scheme="dark")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    assert light.evaluate(background) == chosen.evaluate(background)
    assert light.evaluate(background) != dark.evaluate(background)


@pytest.mark.parametrize(
    ("language", "question", "sentence"),
    [
        ("de", "Wie lange gilt eine TAN", "Eine TAN gilt {} Minuten"),
        ("en", "How long is a TAN valid", "for {} minutes"),
    ],
)
def test_numbers_in_the_help_are_those_of_the_policy(
    visit: Visits, language: str, question: str, sentence: str
) -> None:
    rules = load_policy()
    page = visit(path="/hilfe", language=language)
    page.get_by_role("button", name=question).click()
    expect(page.locator("main")).to_contain_text(
        sentence.format(rules.sign_in.tan_minutes.on(TODAY))
    )


def test_help_on_the_end_of_a_session_names_all_three_limits_of_the_policy(visit: Visits) -> None:
    limits = load_policy().session
    page = visit(path="/hilfe")
    page.get_by_role("button", name="Wann werde ich automatisch abgemeldet?").click()
    answer = page.locator("main")
    expect(answer).to_contain_text(f"Nach {limits.idle_minutes.on(TODAY)} Minuten")
    expect(answer).to_contain_text(f"schon nach {limits.bank_idle_minutes.on(TODAY)} Minuten")
    expect(answer).to_contain_text(f"Spätestens {limits.absolute_hours.on(TODAY)} Stunden")
