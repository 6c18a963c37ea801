"""Changing personal details in the browser: confirmed, in conflict, refused, not changeable."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA
from tests.e2e.browsing import PHONE, settle
from tests.e2e.claiming import picture, sheet
from tests.e2e.newcomer import new_policyholder
from tests.e2e.pages import approve_with_tan, choose_file, follow, section, visit_with_passkey
from tests.e2e.sandbox import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

DETAILS = "/services/persoenliche-daten"
STATES = "{ viewer { personalDetails { changes { state } } } }"
ANSWERED_WITHIN = timedelta(seconds=40)
OLD = "Anfang 1, 10115 Berlin"
NEW = "Am Kanal 3, 50667 Köln"


def _wait_for(sandbox: Sandbox, token: str, state: str) -> None:
    def look() -> bool | None:
        (details,) = sandbox.execute(STATES, token=token)["viewer"]["personalDetails"]
        states = {one["state"] for one in details["changes"]}
        return states == {state} or None

    wait_for(look, "the core system's answer", ANSWERED_WITHIN)


def _type_address(page: Page, street: str) -> None:
    page.get_by_label("Straße und Hausnummer").fill(street)
    page.get_by_label("Postleitzahl").fill("50667")
    page.get_by_label("Ort", exact=True).fill("Köln")
    page.get_by_role("button", name="Angaben prüfen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte prüfen Sie die Änderung")


def test_F37_F88_an_address_is_changed_by_tan_and_confirmed_and_a_late_one_is_in_conflict(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_policyholder(sandbox)
    page = visit(token=sandbox.sign_in(carla), path="/services", size=PHONE)
    follow(page, "Persönliche Daten ändern")
    expect(section(page, "Adresse")).to_contain_text(OLD)
    page.get_by_role("link", name="Adresse ändern", exact=True).click()
    page.get_by_label("Postleitzahl").fill("5066")
    page.get_by_role("button", name="Angaben prüfen").click()
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text("Eine Postleitzahl in Deutschland hat fünf Ziffern")
    expect(problems).to_contain_text("Bitte geben Sie Straße und Hausnummer ein.")
    _type_address(page, "Am Kanal 3")
    expect(page.locator("main")).to_contain_text(NEW)
    expect(section(page, "Diese Gesellschaften erfahren es")).to_contain_text(OLD)

    # Somebody else, at another device, has come as far with another address.
    late = visit(token=sandbox.sign_in(carla), path=f"{DETAILS}/adresse", size=PHONE)
    _type_address(late, "Woanders 1")

    # Its core system is away until both have tried.
    with sandbox.misbehaving_core("DOWN"):
        page.get_by_role("button", name="Weiter zur Freigabe").click()
        expect(page.get_by_role("dialog")).to_contain_text(f"neue Adresse {NEW}")
        approve_with_tan(page, sandbox, carla.phone)
        expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Änderung ist unterwegs")
        expect(page.locator("main")).to_contain_text("Quittung")

        late.get_by_role("button", name="Weiter zur Freigabe").click()
        expect(late.get_by_role("alert")).to_contain_text("inzwischen geändert")

    page.goto(f"{sandbox.url}{DETAILS}")
    settle(page)
    page.get_by_role("link", name="Namen ändern", exact=True).click()
    page.get_by_label("Nachname").fill("Neumann")
    page.get_by_role("button", name="Angaben prüfen").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte fügen Sie einen Nachweis hinzu")
    choose_file(page, "Nachweis", picture("Urkunde.jpg", sheet(size=(300, 400))))
    expect(page.get_by_role("list", name="Anhänge")).to_contain_text("Geprüft")
    page.get_by_role("button", name="Angaben prüfen").click()
    expect(page.locator("main")).to_contain_text("Urkunde.jpg")
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    expect(page.get_by_role("dialog")).to_contain_text("neuer Name Carla Neumann")
    approve_with_tan(page, sandbox, carla.phone)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Änderung ist unterwegs")

    token = sandbox.sign_in(carla)
    _wait_for(sandbox, token, "CONFIRMED")
    page.goto(f"{sandbox.url}{DETAILS}")
    settle(page)
    expect(section(page, "Adresse")).to_contain_text(NEW)
    expect(section(page, "Name")).to_contain_text("Carla Neumann")
    expect(section(page, "Ihre Änderungen")).to_contain_text(f"bisher {OLD} · bestätigt")
    expect(page.locator("main")).not_to_contain_text("Woanders")


def test_F37_M3_an_address_is_changed_by_passkey_and_refused_by_the_institution(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_policyholder(sandbox)
    page = visit_with_passkey(visit, sandbox, carla)
    dialog = page.get_by_role("dialog")
    page.goto(f"{sandbox.url}{DETAILS}")
    settle(page)
    page.get_by_role("link", name="Change address", exact=True).click()
    page.get_by_label("Street and number").fill("1 Quay")
    page.get_by_label("Town or city").fill("Dublin")
    page.get_by_label("Country").select_option(label="Ireland")
    page.get_by_role("button", name="Check the details").click()
    expect(page.locator("main")).to_contain_text("1 Quay, Dublin, IE")
    page.get_by_role("button", name="Continue to approval").click()
    with sandbox.misbehaving_core("REFUSES"):
        dialog.get_by_role("button", name="Approve with a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your change is on its way")
        _wait_for(sandbox, sandbox.sign_in(carla), "REFUSED")

    page.goto(f"{sandbox.url}/")
    settle(page)
    to_do = section(page, "To do")
    to_do.get_by_role("link", name="Refused: Neue Adresse: 1 Quay, Dublin, IE").click()
    expect(page.locator("main")).to_contain_text("lehnt gerade alles ab.")
    expect(page.get_by_role("link", name=re.compile("^Write to "))).to_be_visible()
    page.goto(f"{sandbox.url}{DETAILS}")
    settle(page)
    expect(section(page, "Address")).to_contain_text(OLD)
    expect(section(page, "Your changes")).to_contain_text("refused: ")

    # The name by the same passkey, while nobody answers; once somebody does, it is confirmed.
    page.get_by_role("link", name="Change name", exact=True).click()
    page.get_by_label("Family name").fill("Newman")
    choose_file(page, "Evidence", picture("deed.jpg", sheet(size=(300, 400))))
    expect(page.get_by_role("list", name="Attachments")).to_contain_text("Checked")
    page.get_by_role("button", name="Check the details").click()
    with sandbox.misbehaving_core("DOWN"):
        page.get_by_role("button", name="Continue to approval").click()
        dialog.get_by_role("button", name="Approve with a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your change is on its way")
        page.goto(f"{sandbox.url}{DETAILS}")
        settle(page)
        expect(section(page, "Your changes")).to_contain_text("not confirmed yet")
    sandbox.wait_for_answer(sandbox.sign_in(carla), "CONFIRMED")
    page.reload()
    settle(page)
    expect(section(page, "Name")).to_contain_text("Carla Newman")


def test_F38_what_a_bank_changes_itself_says_why_and_begins_a_message(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(token=sandbox.sign_in(ANNA), path=DETAILS, size=PHONE)
    name = section(page, "Name")
    expect(name).to_contain_text("wenn sie Ihren neuen Ausweis selbst gesehen hat")
    name.get_by_role("link", name="Nachricht an Musterland Bank AG schreiben").click()
    expect(page.get_by_label("Betreff")).to_have_value("Namen ändern")
    page.goto(f"{sandbox.url}{DETAILS}/name")
    settle(page)
    told = page.get_by_role("group", name="Wer soll es erfahren?")
    expect(told).to_contain_text("Musterland Sachversicherung AG")
    expect(told).not_to_contain_text("Musterland Bank AG")
