"""Changing the bank account of contracts in the browser: wrong, approved by TAN, on file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA
from tests.e2e.browsing import PHONE
from tests.e2e.pages import approve_with_tan

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

CHANGE = "/services/bankverbindung"
HISTORY = f"{CHANGE}/verlauf"
VIENNA = "AT61 1904 3002 3457 3201"


def test_F36_F88_a_bank_account_is_changed_and_its_history_shows_it(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(token=sandbox.sign_in(ANNA), path="/services", size=PHONE)
    page.get_by_role("link", name="Bankverbindung ändern").click()
    page.get_by_role("button", name="Weiter zum neuen Konto").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte wählen Sie mindestens einen Vertrag.")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Weiter zum neuen Konto").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Das neue Konto")
    page.get_by_label("IBAN", exact=True).fill("TR33 0006 1005 1978 6457 8413 26")
    expect(page.locator("#iban-error")).to_contain_text("gehört nicht zum SEPA-Raum")
    page.get_by_label("IBAN", exact=True).fill("DE89 3704 0044 0532 0130 00")
    expect(page.get_by_role("status").filter(has_text="Commerzbank")).to_be_visible()
    page.get_by_label("IBAN", exact=True).fill(VIENNA)
    page.get_by_role("button", name="Angaben prüfen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte prüfen Sie die Änderung")
    expect(page.locator("main")).to_contain_text(VIENNA)
    signing = page.get_by_role("checkbox")
    if signing.count():
        signing.check()
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    expect(page.get_by_role("dialog")).to_contain_text("IBAN endet auf 3201")
    approve_with_tan(page, sandbox, ANNA.phone)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Ihre neue Bankverbindung ist vorgemerkt"
    )
    expect(page.locator("main")).to_contain_text("Quittung")

    page.get_by_role("link", name="Alle Bankverbindungen").click()
    expect(page.locator("main")).to_contain_text("noch nicht bestätigt")
    expect(page.locator("main")).not_to_contain_text(VIENNA)
