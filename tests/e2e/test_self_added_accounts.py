"""Accounts of other banks in the browser: uploaded, continued, refused, deleted (F9-F11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.adding import camt
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import choose_file, follow, plain, section
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

IBAN = "DE02120300000000202051"
BANK = "Deutsche Kreditbank Berlin"
DAY = date(2026, 11, 19)
OWN = "Ihre Verträge und Konten bei anderen"
FILES = "Umsatzdateien Ihrer Bank"


def _camt(number: int, opening: str, closing: str, *entries: tuple[str, str]) -> FilePayload:
    day = DAY + timedelta(days=number - 1)
    head = feeds.statement(day, number=number, opening=opening, closing=closing, iban=IBAN)
    content = camt((head, [feeds.entry(amount, text, day) for amount, text in entries]))
    return {"name": f"camt{number}.xml", "mimeType": "text/xml", "buffer": content}


FIRST = _camt(1, "0.00", "1435.70", ("1500.00", "Gehalt"), ("-64.30", "Abschlag Strom"))
SECOND = _camt(2, "1435.70", "1384.20", ("-51.50", "Wocheneinkauf"))
EXPORT: FilePayload = {
    "name": "umsaetze.csv",
    "mimeType": "application/vnd.ms-excel",
    "buffer": "Buchungstag;Wertstellung (Valuta);Vorgang;Buchungstext;Umsatz in EUR\n"
    "20.11.2026;20.11.2026;Lastschrift;Auftraggeber: Verein;-12,00\n"
    "20.11.2026;20.11.2026;Lastschrift;Auftraggeber: Verein;zwölf\n".encode("cp1252"),
}
HOSTILE: FilePayload = {
    "name": "bombe.xml",
    "mimeType": "text/xml",
    "buffer": FIRST["buffer"].replace(b"?>", b"?><!DOCTYPE a [<!ENTITY x 'x'>]>", 1),
}
NONE: FilePayload = {"name": "brief.txt", "mimeType": "text/plain", "buffer": b"Guten Tag."}


def _refuse(page: Page) -> None:
    for file, reason in ((HOSTILE, "Anweisungen"), (NONE, "kein Kontoauszug")):
        choose_file(page, FILES, file)
        refused = page.get_by_role("alert").filter(has_text=file["name"])
        expect(refused).to_contain_text("nichts übernommen")
        expect(refused).to_contain_text(reason)


def _add(page: Page) -> None:
    choose_file(page, FILES, FIRST)
    expect(page.get_by_text("camt1.xml: übernommen")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text=BANK)
    expect(row).to_contain_text("2 neue Umsätze")
    choose_file(page, FILES, FIRST | {"name": "nochmal.xml"})
    expect(page.get_by_text("nochmal.xml: nichts Neues")).to_be_visible()
    expect(row.last).to_contain_text("0 neue Umsätze, 2 waren schon da")
    choose_file(page, FILES, SECOND)
    expect(row.last).to_contain_text("1 neuer Umsatz")


def _add_export(page: Page) -> None:
    """Send an export that names no account: the customer says which one it is."""
    choose_file(page, FILES, EXPORT)
    iban = page.get_by_label("IBAN dieses Kontos")
    iban.fill("DE02 1203 0000 0000 2020 15")
    page.get_by_role("button", name="Umsätze übernehmen").click()
    expect(page.get_by_text("Die Prüfziffer")).to_be_visible()
    iban.fill("DE43 9999 9999 0001 0000 01")
    page.get_by_role("button", name="Umsätze übernehmen").click()
    noticed = page.get_by_text("Zeile 3: Dieser Umsatz ist nicht lesbar")
    expect(noticed).to_be_visible()


def test_F9_F10_an_account_of_another_bank_is_uploaded_continued_and_deleted_with_the_data(
    visit: Visits, sandbox: Sandbox
) -> None:
    clara = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(clara), path="/vertraege", size=PHONE)
    follow(page, "Konto hinzufügen")
    _refuse(page)
    _add(page)
    _add_export(page)

    page.goto(f"{sandbox.url}/")
    settle(page)
    own = section(page, OWN)
    expect(own).to_contain_text("Von Ihnen hinzugefügt")
    assert "1.384,20 €" in plain(own.inner_text())
    follow(page, BANK)
    expect(page.get_by_role("heading", level=1)).to_have_text(BANK)
    assert "Wocheneinkauf" in page.locator("main").inner_text()
    page.goto(f"{page.url}?suche=strom")
    settle(page)
    expect(page.locator("main ul > li")).to_have_count(1)
    expect(page.locator("main ul > li")).to_contain_text("Abschlag Strom")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.startswith("Umsaetze-2051-")

    page.get_by_label("Ihr Name für dieses Konto").fill("Haushalt")
    page.get_by_role("button", name="Namen speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Haushalt")

    page.goto(f"{sandbox.url}/profil/einstellungen/daten-loeschen")
    settle(page)
    expect(section(page, "Das wird gelöscht").get_by_role("listitem")).to_have_text(
        ["Konten anderer Banken2", "Umsätze dazu4"]
    )
    page.get_by_role("button", name="Daten löschen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Daten sind gelöscht")
    follow(page, "Zu Ihren Verträgen")
    expect(section(page, OWN)).to_contain_text("Nur Sie sehen sie")


def test_F9_one_account_is_removed_in_english(visit: Visits, sandbox: Sandbox) -> None:
    token = sandbox.sign_in(new_customer(sandbox))
    page = visit(token=token, path="/konten/eigene/neu", language="en")
    choose_file(page, "Transaction files of your bank", FIRST)
    follow(page, BANK)
    page.get_by_role("button", name="Remove account").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contracts")
    expect(page.locator("main")).not_to_contain_text(BANK)
