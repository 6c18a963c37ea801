"""Savings accounts: transactions, tabs, menus, filters, export and the balance plot (F64-F68)."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA, MEHMET
from tests.e2e.browsing import settle
from tests.e2e.pages import apply_filter, follow, plain

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.e2e.browsing import Visits

pytestmark = pytest.mark.e2e

# 23 months of two payments each, interest and tax, a journey, a machine, a return, two presents,
# and one that waits to be booked.
ALL_MOVEMENTS = 54


def test_F64_clicking_tagesgeld_opens_the_tab_umsaetze_with_all_movements(visit: Visits) -> None:
    page = _account(visit)
    expect(page).to_have_url(re.compile(r"/konten/[^/]+/umsaetze$"))
    expect(_tab(page, "Umsätze")).to_have_attribute("aria-current", "page")
    expect(page.get_by_text(f"{ALL_MOVEMENTS} Umsätze", exact=True)).to_be_visible()
    assert len(_amounts(page)) == 50

    page.get_by_role("button", name="Mehr laden").click()
    expect(page.get_by_text(f"{ALL_MOVEMENTS} von {ALL_MOVEMENTS} angezeigt")).to_be_visible()
    assert len(_amounts(page)) == ALL_MOVEMENTS
    expect(page.get_by_role("button", name="Mehr laden")).to_have_count(0)


def test_F64_tabs_switch_to_and_fro_and_stand_in_the_address(visit: Visits) -> None:
    page = _account(visit)
    _tab(page, "Vertragsdetails").click()
    expect(page).to_have_url(re.compile(r"/konten/[^/]+/vertragsdetails$"))
    expect(page.get_by_role("button", name="Auszahlungskonto")).to_be_visible()
    page.reload()
    settle(page)
    expect(_tab(page, "Vertragsdetails")).to_have_attribute("aria-current", "page")
    _tab(page, "Umsätze").click()
    expect(page).to_have_url(re.compile(r"/konten/[^/]+/umsaetze$"))
    expect(page.get_by_text(f"{ALL_MOVEMENTS} Umsätze", exact=True)).to_be_visible()
    page.go_back()
    expect(_tab(page, "Vertragsdetails")).to_have_attribute("aria-current", "page")


def test_F65_value_date_is_shown_and_the_booking_date_only_where_it_differs(visit: Visits) -> None:
    page = _account(visit)
    apply_filter(page, suche="Zinsen 2025")
    expect(page.get_by_text("1 Umsatz", exact=True)).to_be_visible()
    expect(page.locator("main h2 time")).to_have_attribute("datetime", "2025-12-31")
    expect(page.locator("main ul > li")).to_contain_text("gebucht am 02.01.2026")

    apply_filter(page, suche="Waschmaschine")
    expect(page.locator("main h2 time")).to_have_attribute("datetime", "2026-06-15")
    expect(page.locator("main ul > li")).not_to_contain_text("gebucht am")


def test_movement_that_is_not_booked_yet_is_marked(visit: Visits) -> None:
    page = _account(visit)
    apply_filter(page, suche="Fahrrad")
    expect(page.get_by_text("1 Umsatz", exact=True)).to_be_visible()
    expect(page.locator("main ul > li")).to_contain_text("vorgemerkt")


def test_F66_F67_menus_tell_contract_details_and_payout_account(visit: Visits) -> None:
    page = _account(visit)
    _tab(page, "Vertragsdetails").click()
    facts = page.locator("dl").first
    expect(facts).to_contain_text("DE16 9999 9999 0001 0000 02")
    expect(facts).to_contain_text("Anna Beispiel, Jonas Beispiel")
    expect(facts).to_contain_text("1,85")
    page.get_by_role("button", name="Auszahlungskonto").click()
    expect(page).to_have_url(re.compile(r"menue=auszahlungskonto"))
    expect(page.get_by_text("Auszahlungen gehen immer auf dieses Konto.")).to_be_visible()


@pytest.mark.parametrize(("product", "menus"), [("Tagesgeld Plus", 1), ("Festgeld 24 Monate", 0)])
def test_F68_menu_lastschrifteinzug_exists_only_while_there_is_a_mandate(
    visit: Visits, product: str, menus: int
) -> None:
    page = _account(visit, product)
    _tab(page, "Vertragsdetails").click()
    expect(page.get_by_role("button", name="Auszahlungskonto")).to_be_visible()
    expect(page.get_by_role("button", name="Lastschrifteinzug")).to_have_count(menus)
    if menus:
        page.get_by_role("button", name="Lastschrifteinzug").click()
        expect(page.get_by_text("MLB-2023-0002")).to_be_visible()


def test_search_period_and_amount_stand_in_the_address_and_survive_reload(visit: Visits) -> None:
    page = _account(visit)
    apply_filter(
        page, suche="Sparrate", von="2026-01-01", bis="2026-03-02", ab="300", hoechstens="500,00"
    )
    expect(page.get_by_text("3 Umsätze", exact=True)).to_be_visible()
    for part in ("suche=Sparrate", "von=2026-01-01", "bis=2026-03-02", "ab=300"):
        expect(page).to_have_url(re.compile(re.escape(part)))
    page.reload()
    settle(page)
    expect(page.get_by_text("3 Umsätze", exact=True)).to_be_visible()
    expect(page.locator("#suche")).to_have_value("Sparrate")
    expect(page.locator("#hoechstens")).to_have_value("500,00")
    page.get_by_role("button", name="Filter zurücksetzen").click()
    expect(page.get_by_text(f"{ALL_MOVEMENTS} Umsätze", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"von": "2026-05-02", "bis": "2026-05-01"}, "von", "beginnt nach seinem Ende"),
        ({"ab": "viel"}, "ab", "Geben Sie einen Betrag wie 1.234,56 ein."),
    ],
)
def test_filter_that_makes_no_sense_is_refused_at_its_field(
    visit: Visits, values: dict[str, str], field: str, reason: str
) -> None:
    page = _account(visit)
    address = page.url
    apply_filter(page, **values)
    expect(page.locator(f"#{field}-error")).to_contain_text(reason)
    expect(page.locator(f"#{field}")).to_be_focused()
    assert page.url == address


def test_csv_holds_exactly_the_movements_of_the_filtered_list(
    visit: Visits, tmp_path: Path
) -> None:
    page = _account(visit)
    apply_filter(page, von="2026-06-01", bis="2026-10-31")
    expect(page.get_by_text("14 Umsätze", exact=True)).to_be_visible()
    shown = _amounts(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Als CSV herunterladen").click()
    path = tmp_path / "export.csv"
    waiting.value.save_as(path)

    with path.open(encoding="utf-8-sig", newline="") as stream:
        records = list(csv.DictReader(stream, delimiter=";"))
    assert waiting.value.suggested_filename.endswith(".csv")
    assert len(records) == 14
    assert [_number(record["Betrag"]) for record in records] == [_number(text) for text in shown]
    assert {record["Wertstellung"][3:] for record in records} == {
        "06.2026", "07.2026", "08.2026", "09.2026", "10.2026",
    }  # fmt: skip


def test_balance_plot_opens_and_closes_with_a_table_that_says_the_same(visit: Visits) -> None:
    page = _account(visit)
    page.get_by_role("button", name="Verlauf anzeigen").click()
    expect(page).to_have_url(re.compile("verlauf=1"))
    expect(
        page.get_by_role("img", name=re.compile("niedrigster Stand")).locator("canvas")
    ).to_be_visible()
    page.get_by_role("button", name="Als Tabelle anzeigen").click()
    table = page.get_by_role("table", name="Verlauf des Kontostands")
    expect(table.get_by_role("row").nth(1)).to_contain_text("20.754,93 €")
    page.get_by_role("button", name="Verlauf ausblenden").click()
    expect(table).to_have_count(0)
    expect(page).to_have_url(re.compile("umsaetze$"))


def test_account_abroad_shows_its_movements_from_mt940(visit: Visits) -> None:
    page = visit(MEHMET, "/vertraege")
    follow(page, "Tagesgeld")
    expect(page.get_by_text("7 Umsätze", exact=True)).to_be_visible()
    apply_filter(page, suche="Storno")
    expect(page.get_by_text("1 Umsatz", exact=True)).to_be_visible()
    expect(page.locator("main ul > li")).to_contain_text("Storno Rücklage Küche")


def _account(visit: Visits, product: str = "Tagesgeld Plus") -> Page:
    page = visit(ANNA, "/vertraege")
    follow(page, product)
    return page


def _tab(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Bereiche dieses Kontos").get_by_role(
        "link", name=name
    )


def _amounts(page: Page) -> list[str]:
    """Return the amounts of the movements listed, top to bottom."""
    rows = page.locator("main ul > li > div:first-child .amount .amount")
    return [plain(text) for text in rows.all_inner_texts()]


def _number(text: str) -> str:
    """Return an amount without the dress of a page: "+1.234,56 €" becomes "1234,56"."""
    return re.sub(r"[^\d,−-]", "", text).replace("−", "-")
