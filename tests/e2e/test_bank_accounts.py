"""Changing the bank account of contracts in the browser: approved, waiting, refused, overtaken."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_debited, new_saver
from tests.e2e.pages import approve_with_tan, follow, section, visit_with_passkey
from tests.e2e.sandbox import COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

CHANGE = "/services/bankverbindung"
HISTORY = f"{CHANGE}/verlauf"
VIENNA = "AT61 1904 3002 3457 3201"
PARIS = "FR14 2004 1010 0505 0001 3M02 606"


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


def _token_in(page: Page) -> str:
    """Return the session of a page: an approval renews it."""
    [token] = [one["value"] for one in page.context.cookies() if one["name"] == COOKIE]
    return token


def _look_at_review(page: Page, iban: str) -> None:
    """Choose the only contract, type the account and look at what it changes."""
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Weiter zum neuen Konto").click()
    page.get_by_label("IBAN", exact=True).fill(iban)
    page.get_by_role("button", name="Angaben prüfen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte prüfen Sie die Änderung")


def _change(page: Page, sandbox: Sandbox, persona: Persona, iban: str) -> None:
    _look_at_review(page, iban)
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    approve_with_tan(page, sandbox, persona.phone)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Ihre neue Bankverbindung ist vorgemerkt"
    )


def test_M2_M3_F88_a_change_by_passkey_waits_for_a_core_system_that_is_away(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_debited(sandbox)
    page = visit_with_passkey(visit, sandbox, carla)
    texts = sandbox.newest_id("SMS", carla.phone)
    with sandbox.misbehaving_core("DOWN"):
        page.goto(sandbox.url + CHANGE)
        settle(page)
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Continue to the new account").click()
        page.get_by_label("IBAN", exact=True).fill(VIENNA)
        page.get_by_role("button", name="Check the details").click()
        expect(page.locator("main")).to_contain_text("goes on for the new account")
        page.get_by_role("button", name="Continue to approval").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("IBAN ending in 3201")
        dialog.get_by_role("button", name="Approve with a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your new bank account is noted")
        assert sandbox.newest_id("SMS", carla.phone) == texts

        # Nobody answers, and that is said: what is known, until when, and who looks after it.
        follow(page, "My requests")
        row = page.locator("main li").first
        expect(row).to_contain_text("Received · Musterland Sachversicherung AG")
        row.get_by_role("link").click()
        steps = section(page, "What happened so far")
        expect(steps).to_contain_text("No answer yet")
        expect(steps).to_contain_text("If not, our customer service looks after it.")
        page.goto(sandbox.url + HISTORY)
        settle(page)
        expect(page.locator("main")).to_contain_text("changed by you, not confirmed yet")

    sandbox.wait_for_answer(_token_in(page), "CONFIRMED")
    page.reload()
    settle(page)
    expect(page.locator("main")).not_to_contain_text("not confirmed yet")
    page.goto(f"{sandbox.url}/services/auftraege")
    settle(page)
    expect(row).to_contain_text("Confirmed · Musterland Sachversicherung AG")


def test_F88_M2_after_a_refusal_the_account_before_holds_again(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_debited(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=CHANGE, size=PHONE)
    with sandbox.misbehaving_core("REFUSES"):
        _change(page, sandbox, carla, VIENNA)
        sandbox.wait_for_answer(_token_in(page), "REFUSED")
    page.get_by_role("link", name="Alle Bankverbindungen").click()
    settle(page)
    refused = page.locator("main li", has_text="abgelehnt:")
    expect(refused).to_contain_text("3201")
    expect(refused).to_contain_text("lehnt gerade alles ab.")
    expect(page.locator("main li", has_text="0001")).to_contain_text("seit 1. Januar 2024")
    page.get_by_role("link", name="Bankverbindung ändern").click()
    settle(page)
    expect(page.locator("main")).to_contain_text("Jetzt: DE43")


def test_F88_whoever_was_overtaken_is_told_and_sees_the_account_of_the_other(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_debited(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=CHANGE, size=PHONE)
    _look_at_review(page, PARIS)
    quicker = page.context.new_page()
    quicker.goto(sandbox.url + CHANGE)
    settle(quicker)
    _change(quicker, sandbox, carla, VIENNA)
    quicker.close()

    page.get_by_role("button", name="Weiter zur Freigabe").click()
    expect(page.get_by_role("alert")).to_contain_text("haben sich inzwischen geändert")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(sandbox.url + HISTORY)
    settle(page)
    expect(page.locator("main li", has_text="3201")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("2606")
    page.goto(sandbox.url + CHANGE)
    settle(page)
    _look_at_review(page, PARIS)
    expect(page.locator("main")).to_contain_text("3201")


def test_F67_F88_a_payout_account_moves_to_another_of_ones_own(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_saver(sandbox)
    page = visit(token=sandbox.sign_in(carla), path="/vertraege", size=PHONE)
    follow(page, "Tagesgeld Plus")
    follow(page, "Vertragsdetails")
    page.get_by_role("button", name="Auszahlungskonto").click()
    expect(page.locator("main")).to_contain_text("DE43")
    follow(page, "Bankverbindung ändern")
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="Weiter zum neuen Konto").click()
    page.get_by_label("IBAN", exact=True).fill(VIENNA)
    whose = page.get_by_label("Wem gehört das Konto?")
    whose.select_option("other")
    page.get_by_label("Kontoinhaber").fill("Jemand Anderes")
    page.get_by_role("button", name="Angaben prüfen").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "nur auf ein Konto, das auf Ihren Namen läuft"
    )
    whose.select_option("own")
    page.get_by_role("button", name="Angaben prüfen").click()
    expect(page.locator("main")).to_contain_text("Auszahlungen gehen auf das neue Konto.")
    with sandbox.misbehaving_core("DOWN"):
        page.get_by_role("button", name="Weiter zur Freigabe").click()
        approve_with_tan(page, sandbox, carla.phone)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Ihre neue Bankverbindung ist vorgemerkt"
        )
    sandbox.wait_for_answer(_token_in(page), "CONFIRMED")
    page.goto(sandbox.url + HISTORY)
    settle(page)
    expect(page.locator("main li", has_text="3201")).to_contain_text("seit")
    expect(page.locator("main")).not_to_contain_text("noch nicht bestätigt")


def test_F67_M3_a_payout_account_changed_by_passkey_is_refused_and_the_one_before_holds(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_saver(sandbox)
    page = visit_with_passkey(visit, sandbox, carla)
    page.goto(sandbox.url + CHANGE)
    settle(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continue to the new account").click()
    page.get_by_label("IBAN", exact=True).fill(VIENNA)
    page.get_by_role("button", name="Check the details").click()
    expect(page.locator("main")).to_contain_text("Payouts go to the new account.")
    with sandbox.misbehaving_core("REFUSES"):
        page.get_by_role("button", name="Continue to approval").click()
        page.get_by_role("dialog").get_by_role("button", name="Approve with a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your new bank account is noted")
        sandbox.wait_for_answer(_token_in(page), "REFUSED")
    page.goto(sandbox.url + HISTORY)
    settle(page)
    expect(page.locator("main li", has_text="3201")).to_contain_text("refused: ")
    expect(page.locator("main li", has_text="0001")).to_contain_text("since 1 January 2024")


def test_F68_a_mandate_that_ends_soon_waits_on_the_start_page_and_leads_to_a_message(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_debited(sandbox, last_used_on=date(2023, 12, 31))
    page = visit(token=sandbox.sign_in(carla), path="/", size=PHONE)
    to_do = section(page, "Zu erledigen")
    expect(to_do).to_contain_text("Es gilt bis 31. Dezember 2026, wenn vorher nichts mehr")
    to_do.get_by_role("link", name="Lastschriftmandat erneuern: ").click()
    expect(page.get_by_label("Betreff")).to_have_value(
        re.compile("^Lastschriftmandat erneuern: H-")
    )
    expect(page.locator("main")).to_contain_text("Musterland Sachversicherung AG")
    page.go_back()
    settle(page)
    page.get_by_role("button", name="English").click()
    to_do = section(page, "To do")
    expect(to_do).to_contain_text("Renew the direct debit mandate: ")
    expect(to_do).to_contain_text("It holds until 31 December 2026")
