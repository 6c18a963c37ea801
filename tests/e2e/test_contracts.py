"""Which contracts each persona sees (F39-F46), and what their detail pages show."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.clock import BERLIN
from backend.demo.personas import (
    ANNA,
    ANNA_SCHMIDT_1,
    ANNA_SCHMIDT_2,
    BERTA,
    JONAS,
    KARL,
)
from tests.e2e.browsing import settle
from tests.e2e.newcomer import NORA
from tests.e2e.pages import apply_filter, follow, row_titles

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

ANNAS_CONTRACTS = {
    "Kapitalleben Klassik", "Hausrat Komfort", "Haftpflicht Familie", "Kfz Komfort", "Zahn Plus",
    "Auslandsreise-KV", "Tagesgeld Plus", "Festgeld 24 Monate",
}  # fmt: skip


def test_F40_contracts_of_couples_and_companies_never_show(visit: Visits) -> None:
    page = visit(ANNA, "/vertraege")
    assert set(row_titles(page)) == ANNAS_CONTRACTS
    for hidden in ("Wohngebäude", "Betriebshaftpflicht"):
        apply_filter(page, suche=hidden)
        expect(page.get_by_text("Kein Vertrag passt zu Ihrer Suche")).to_be_visible()


def test_F43_co_insured_husband_sees_the_joint_account_but_not_her_health_contract(
    visit: Visits,
) -> None:
    assert row_titles(visit(JONAS, "/vertraege")) == ["Tagesgeld Plus"]


def test_F46_occupational_pensions_never_show_beside_the_private_one(visit: Visits) -> None:
    titles = row_titles(visit(BERTA, "/vertraege"))
    assert sorted(titles) == ["Riester-Rente", "Wahltarif Ambulant"]


def test_F42_contract_of_tomorrow_appears_at_midnight_in_berlin(
    visit: Visits, sandbox: Sandbox
) -> None:
    with sandbox.travelling():
        sandbox.travel(datetime(2026, 11, 21, 23, 59, tzinfo=BERLIN))
        before = _numbers(visit(token=sandbox.sign_in(KARL), path="/vertraege"))
        sandbox.travel(datetime(2026, 11, 22, 0, 0, 1, tzinfo=BERLIN))
        after = _numbers(visit(token=sandbox.sign_in(KARL), path="/vertraege"))

    assert "S-2026-000401" in before
    assert "S-2026-000402" not in before
    assert after - before == {"S-2026-000402"}
    assert "S-2027-000403" not in after


def test_two_customers_of_the_same_name_and_birth_date_see_only_their_own(visit: Visits) -> None:
    assert _numbers(visit(ANNA_SCHMIDT_1, "/vertraege")) == {"S-2019-000081"}
    assert _numbers(visit(ANNA_SCHMIDT_2, "/vertraege")) == {"S-2019-000082"}


def test_foreign_contract_answers_like_one_that_does_not_exist(visit: Visits) -> None:
    page = visit(ANNA, "/vertraege")
    address = page.get_by_role("link", name="Zahn Plus").get_attribute("href")
    foreign = visit(JONAS, address or "")
    absent = visit(JONAS, "/vertraege/Q29udHJhY3Q6OTk5OTk5")
    assert foreign.locator("main").inner_text() == absent.locator("main").inner_text()
    expect(foreign.get_by_role("heading", level=1)).to_have_text("Diesen Vertrag finden wir nicht")


def test_customer_without_contracts_reads_why_and_whom_to_ask(visit: Visits) -> None:
    main = visit(NORA, "/vertraege").locator("main")
    expect(main).to_contain_text("Wir sehen noch keinen Vertrag von Ihnen")
    expect(main).to_contain_text("Verträge von Firmen, Vereinen oder Paaren")
    expect(main.get_by_role("link", name="0711")).to_be_visible()


@pytest.mark.parametrize(
    ("persona", "product", "facts"),
    [
        (ANNA, "Kapitalleben Klassik", {"Leistung bei Ablauf": "48.500,00 €"}),
        (ANNA, "Hausrat Komfort", {"Versicherungssumme": "65.000,00 €", "Wohnfläche": "98 m²"}),
        (ANNA, "Haftpflicht Familie", {"Versicherungssumme": "50.000.000,00 €"}),
        (ANNA, "Kfz Komfort", {"Kennzeichen": "S-AB 1984", "Fahrleistung im Jahr": "12.000 km"}),
        (ANNA, "Zahn Plus", {"Versicherte Personen": "Anna Beispiel, Jonas Beispiel"}),
        (BERTA, "Riester-Rente", {"Monatliche Rente": "300,00 €"}),
    ],
)
def test_F39_detail_page_shows_what_its_line_of_business_knows(
    visit: Visits, persona: Persona, product: str, facts: dict[str, str]
) -> None:
    page = visit(persona, "/vertraege")
    follow(page, product)
    for name, value in facts.items():
        item = page.locator("dl > div").filter(has=page.locator("dt", has_text=name))
        expect(item.locator("dd")).to_have_text(value)


def test_search_and_kind_of_contract_stand_in_the_address_and_survive_reload(
    visit: Visits,
) -> None:
    page = visit(ANNA, "/vertraege")
    page.get_by_label("Art").select_option("konten")
    page.get_by_role("button", name="Anwenden").click()
    page.wait_for_url("**/vertraege?art=konten")
    page.reload()
    settle(page)
    assert set(row_titles(page)) == {"Tagesgeld Plus", "Festgeld 24 Monate"}


def _numbers(page: Page) -> set[str]:
    """Return the numbers of the insurance contracts listed."""
    return set(re.findall(r"S-\d{4}-\d{6}", page.locator("main").inner_text()))
