"""The postbox: where it stands, sorting, filters, folders, and reading a letter (F23-F35, F83)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA, ANNA_SCHMIDT_1, JONAS, KARL
from tests.e2e.browsing import DESKTOP, PHONE, settle
from tests.e2e.pages import apply_filter, follow, row_titles, section, unread_count

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits

pytestmark = pytest.mark.e2e

# 11 bills, 11 statements of a life insurance, 10 of an account, and three pieces of news.
ALL_LETTERS = 35


def test_F23_postbox_stands_upper_left_on_the_desktop(visit: Visits) -> None:
    page = visit(ANNA, size=DESKTOP)
    postbox = section(page, "Postfach").bounding_box()
    contracts = section(page, "Verträge").bounding_box()
    services = section(page, "Services").bounding_box()
    assert postbox is not None
    assert contracts is not None
    assert services is not None
    assert postbox["x"] + postbox["width"] < contracts["x"]
    assert postbox["y"] == contracts["y"]
    assert postbox["y"] + postbox["height"] < services["y"]
    assert postbox["y"] < DESKTOP["height"] / 2


def test_F23_postbox_stands_beside_uebersicht_in_the_bar_at_the_bottom_of_the_phone(
    visit: Visits,
) -> None:
    page = visit(ANNA, size=PHONE)
    bar = page.get_by_role("navigation", name="Hauptnavigation")
    places = bar.get_by_role("link").all()
    names = [re.sub(r"[\d+]", "", place.inner_text()).strip().split("\n")[-1] for place in places]
    assert names == ["Übersicht", "Verträge", "Postfach", "Services", "Profil"]
    boxes = [place.bounding_box() for place in places]
    assert all(box is not None and box["height"] >= 44 for box in boxes)
    frame = bar.bounding_box()
    assert frame is not None
    assert frame["y"] + frame["height"] == PHONE["height"]


def test_F32_letters_are_sorted_newest_or_oldest_first(visit: Visits) -> None:
    page = visit(ANNA, "/postfach")
    expect(page.get_by_text(f"{ALL_LETTERS} Briefe", exact=True)).to_be_visible()
    newest = row_titles(page)
    page.get_by_role("button", name="Älteste zuerst zeigen").click()
    expect(page).to_have_url(re.compile("sortierung=aelteste"))
    expect(page.get_by_role("button", name="Neueste zuerst zeigen")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Mehr laden").click()
    expect(page.get_by_text(f"{ALL_LETTERS} von {ALL_LETTERS} angezeigt")).to_be_visible()
    oldest = row_titles(page)
    assert len(oldest) == ALL_LETTERS
    assert oldest[::-1][: len(newest)] == newest


def test_F33_letters_are_filtered_by_contract(visit: Visits) -> None:
    page = visit(ANNA, "/postfach")
    page.get_by_label("Vertrag").select_option(label="Kfz Komfort (S-2021-000003)")
    page.get_by_role("button", name="Anwenden").click()
    expect(page.get_by_text("1 Brief", exact=True)).to_be_visible()
    assert row_titles(page) == ["Nachtrag zu Ihrer Kfz-Versicherung"]


def test_F34_letters_are_filtered_by_subject(visit: Visits) -> None:
    page = visit(ANNA, "/postfach")
    apply_filter(page, betreff="standmitteilung")
    expect(page.get_by_text("11 Briefe", exact=True)).to_be_visible()
    page.reload()
    settle(page)
    assert all(re.match(r"Ihre Standmitteilung 20\d\d$", subject) for subject in row_titles(page))


def test_X2_letters_are_found_by_words_that_only_the_letter_itself_has(visit: Visits) -> None:
    page = visit(ANNA, "/postfach", size=PHONE)
    # Indexed by the worker, soon after the letters came.
    _wait_until_found(page, "typklassen Fahrzeug")
    assert row_titles(page) == ["Nachtrag zu Ihrer Kfz-Versicherung"]
    page.reload()
    settle(page)
    expect(page.get_by_text("1 Brief", exact=True)).to_be_visible()
    apply_filter(page, suche="Flugzeug")
    expect(page.get_by_text("Kein Brief passt zu Ihrem Filter")).to_be_visible()


def _wait_until_found(page: Page, words: str) -> None:
    for _ in range(30):
        apply_filter(page, suche=words)
        settle(page)
        if row_titles(page):
            return
        page.wait_for_timeout(1000)
        page.goto(page.url.partition("?")[0])
        settle(page)


def test_F35_period_that_begins_after_its_end_is_refused_with_the_reason(visit: Visits) -> None:
    page = visit(ANNA, "/postfach")
    apply_filter(page, von="2026-11-21", bis="2026-11-01")
    expect(page.get_by_text("Dieser Zeitraum geht nicht")).to_be_visible()
    expect(page.get_by_text("Der Zeitraum beginnt nach seinem Ende.")).to_be_visible()
    assert row_titles(page) == []


def test_F35_last_day_of_a_period_counts(visit: Visits) -> None:
    page = visit(JONAS, "/postfach")
    expect(page.get_by_text("1 Brief", exact=True)).to_be_visible()
    expect(page.locator("main ul > li time")).to_have_text("02.11.2026")
    apply_filter(page, von="2026-11-02", bis="2026-11-02")
    expect(page).to_have_url(re.compile("von=2026-11-02&bis=2026-11-02"))
    settle(page)
    expect(page.get_by_text("1 Brief", exact=True)).to_be_visible()


def test_F83_what_the_customer_sent_lies_under_gesendet(visit: Visits) -> None:
    page = visit(ANNA, "/postfach")
    page.get_by_role("link", name="Gesendet").click()
    expect(page.get_by_text("1 Brief", exact=True)).to_be_visible()
    assert row_titles(page) == ["Ihre Frage zur Fahrradklausel"]
    expect(page.locator("main ul > li")).to_contain_text("an Musterland Sachversicherung AG")


def test_F23_a_letter_is_put_into_the_archive_and_taken_out_again(visit: Visits) -> None:
    page = visit(ANNA, "/postfach?ordner=gesendet", size=PHONE)
    follow(page, "Ihre Frage zur Fahrradklausel")
    page.get_by_role("button", name="Ins Archiv legen").click()
    expect(page.get_by_text("Im Archiv seit 21. November 2026.")).to_be_visible()
    page.get_by_role("link", name="Postfach").first.click()
    page.get_by_role("link", name="Gesendet").click()
    expect(page.locator("main")).to_contain_text("Noch nichts gesendet")
    page.get_by_role("link", name="Archiv").click()
    expect(page).to_have_url(re.compile("ordner=archiv"))
    expect(page.get_by_text("1 Brief", exact=True)).to_be_visible()
    page.reload()
    settle(page)
    follow(page, "Ihre Frage zur Fahrradklausel")
    page.get_by_role("button", name="Aus dem Archiv holen").click()
    expect(page.get_by_role("button", name="Ins Archiv legen")).to_be_visible()
    page.get_by_role("link", name="Postfach").first.click()
    page.get_by_role("link", name="Archiv").click()
    expect(page.locator("main")).to_contain_text("Ihr Archiv ist leer")


def test_empty_folders_say_why_and_what_happens_next(visit: Visits) -> None:
    page = visit(ANNA_SCHMIDT_1, "/postfach")
    expect(page.locator("main")).to_contain_text("Noch keine Post")
    page.get_by_role("link", name="Gesendet").click()
    expect(page.locator("main")).to_contain_text("Was Sie uns schicken, legen wir hier für Sie ab.")
    page.get_by_role("link", name="Ungelesen").click()
    expect(page.locator("main")).to_contain_text("Kommt ein neuer Brief, schreiben wir Ihnen")


def test_opened_letter_is_drawn_with_its_words_and_no_longer_unread(visit: Visits) -> None:
    page = visit(KARL)
    assert unread_count(page) == 1
    follow(page, "Ihr Versicherungsschein")

    sheet = page.get_by_role("region", name="Seite 1 von 1")
    expect(sheet.get_by_text("Ihr Vertrag beginnt am 21. November 2026.")).to_have_count(1)
    expect(sheet.get_by_text("Sehr geehrter Herr Künftig,")).to_have_count(1)
    page.wait_for_function(_IS_DRAWN)
    expect(page.get_by_role("navigation").get_by_text("ungelesen")).to_have_count(0)
    assert unread_count(page) == 0
    page.get_by_role("link", name="Postfach").first.click()
    expect(page.get_by_text("1 Brief", exact=True)).to_be_visible()
    expect(page.get_by_text("Ungelesen:")).to_have_count(0)


def test_downloaded_letter_has_the_hash_that_the_page_shows(visit: Visits, tmp_path: Path) -> None:
    page = visit(ANNA, "/postfach?ordner=gesendet")
    follow(page, "Ihre Frage zur Fahrradklausel")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Herunterladen").click()
    path = tmp_path / "letter.pdf"
    waiting.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == page.locator("dl code").inner_text()


def test_foreign_letter_answers_like_one_that_does_not_exist(visit: Visits) -> None:
    own = visit(ANNA, "/postfach").locator("main ul > li a").first.get_attribute("href") or ""
    foreign = visit(JONAS, own)
    absent = visit(JONAS, "/postfach/RG9jdW1lbnQ6OTk5OTk5")
    assert foreign.locator("main").inner_text() == absent.locator("main").inner_text()
    expect(foreign.locator("main")).to_contain_text("Diesen Brief finden wir nicht")


_IS_DRAWN = """() => {
  const canvas = document.querySelector("canvas");
  if (!canvas || !canvas.width) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i] < 100) dark += 1;
  return dark > 1000;
}"""
