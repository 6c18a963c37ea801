"""Contracts of other companies in the browser: added, changed, removed, deleted (F9-F11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import choose_file, follow, plain, row_titles, section
from tests.security.hostile_files import located_photo
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

OWN = "Ihre Verträge und Konten bei anderen"


def _refuse_then_add(page: Page) -> None:
    page.get_by_label("Beitrag je Zahlung").fill("viel")
    page.get_by_role("button", name="Vertrag hinzufügen").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("bei welcher Gesellschaft")
    expect(summary).to_contain_text("Bitte geben Sie einen Betrag ein")

    page.get_by_label("Sparte").select_option(label="Rechtsschutzversicherung")
    page.get_by_label("Gesellschaft").fill("ARAG")
    page.get_by_label("Vertragsnummer").fill("R 12/345")
    page.get_by_label("Beitrag je Zahlung").fill("1.024,90")
    page.get_by_label("Zahlungsweise").select_option(label="jährlich")
    page.get_by_label("Ein Tag, an dem er fällig ist").fill("2026-03-01")
    page.get_by_label("Beginn").fill("2024-03-01")
    files: list[FilePayload] = [
        {"name": "police.pdf", "mimeType": "application/pdf", "buffer": pdf()},
        {"name": "police.jpg", "mimeType": "image/jpeg", "buffer": located_photo()},
    ]
    for file in files:
        choose_file(page, "Police oder andere Unterlagen hinzufügen (freiwillig)", file)
    checked = page.get_by_role("list", name="Anhänge").get_by_text("Geprüft", exact=True)
    expect(checked).to_have_count(2)
    page.get_by_role("button", name="Vertrag hinzufügen").click()


def _find_by_search(page: Page, sandbox: Sandbox) -> None:
    page.goto(f"{sandbox.url}/vertraege?suche=vhv")
    settle(page)
    own = section(page, OWN)
    expect(own.get_by_role("listitem")).to_contain_text("VHV · R 12/345 · Von Ihnen hinzugefügt")
    page.goto(f"{sandbox.url}/vertraege?suche=Fahrrad")
    settle(page)
    expect(section(page, OWN)).to_contain_text("Keiner Ihrer eigenen")


def test_F9_F10_F11_a_contract_is_added_with_files_changed_and_deleted_with_the_data(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path="/vertraege", size=PHONE)
    follow(page, "Vertrag eintragen")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Vertrag einer anderen Gesellschaft hinzufügen"
    )
    _refuse_then_add(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Rechtsschutzversicherung")
    expect(page.locator("main")).to_contain_text("ARAG · Von Ihnen hinzugefügt")
    assert "1.024,90 € jährlich" in plain(page.locator("main").inner_text())
    expect(page.locator("main")).to_contain_text("1. März 2027")
    files = section(page, "Unterlagen")
    expect(files.get_by_role("link")).to_have_text(["police.pdf", "police.jpg"])
    with page.expect_download() as download:
        files.get_by_role("link", name="police.pdf").click()
    assert download.value.suggested_filename == "police.pdf"
    files.get_by_role("button", name="Entfernen police.pdf").click()
    expect(files.locator(":focus")).to_have_text("Die Datei ist entfernt.")
    expect(files.get_by_role("link")).to_have_text(["police.jpg"])

    follow(page, "Angaben ändern")
    expect(page.get_by_label("Beitrag je Zahlung")).to_have_value("1024,90")
    page.get_by_label("Gesellschaft").fill("VHV")
    page.get_by_role("button", name="Änderung speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Ihre Änderung ist gespeichert")
    page.get_by_role("button", name="Vertrag entfernen").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Der Vertrag selbst läuft bei VHV weiter")
    question.get_by_role("button", name="Behalten").click()

    _find_by_search(page, sandbox)
    page.goto(f"{sandbox.url}/profil/einstellungen")
    settle(page)
    follow(page, "Daten löschen")
    expect(section(page, "Das wird gelöscht").get_by_role("listitem")).to_have_text(
        ["Verträge anderer Gesellschaften1", "Unterlagen dazu1"]
    )
    expect(section(page, "Das bleibt, wie es ist")).to_contain_text("Ihre Einwilligungen")
    page.get_by_role("button", name="Daten löschen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Daten sind gelöscht")

    again = visit(token=sandbox.sign_in(carla), path="/vertraege", size=PHONE)
    assert row_titles(again) == []
    expect(section(again, OWN)).to_contain_text("Nur Sie sehen sie")
    again.goto(f"{sandbox.url}/profil/einstellungen/daten-loeschen")
    settle(again)
    expect(again.locator("main")).to_contain_text("Sie haben nichts hinzugefügt")


def test_F9_one_entry_is_removed_in_english(visit: Visits, sandbox: Sandbox) -> None:
    token = sandbox.sign_in(new_customer(sandbox))
    page = visit(token=token, path="/vertraege/eigene/neu", language="en")
    page.get_by_label("Company").fill("Lemonade")
    page.get_by_role("button", name="Add contract").click()
    expect(page.locator("main")).to_contain_text("Lemonade · Added by you")
    page.get_by_role("button", name="Remove contract").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove contract").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contracts")
    expect(page.locator("main")).not_to_contain_text("Lemonade")
