"""Joining by oneself: mailbox and phone proved, two texts accepted, contracts by letter (F1–F4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from backend.demo.personas import ANNA, GRACE, THEO, WILMA
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import NORA
from tests.e2e.pages import (
    follow,
    plug_in_authenticator,
    row_titles,
    section,
    sign_out,
    wrong_tan,
)
from tests.e2e.registering import (
    NEW_PASSWORD,
    REGISTER,
    enter_registration_tan,
    expect_title,
    fill_registration,
    link_after,
    send_registration,
    send_tan,
    start_registration,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

CODE = "W11M-A000-DEM0-0010"


def test_F1_F4_wilma_registers_adds_a_passkey_and_links_her_contracts_by_the_letter(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/anmelden")
    follow(page, "Registrieren")
    expect(page.locator("main")).to_contain_text("Schritt 1 von 3")
    link = start_registration(page, sandbox, WILMA)
    expect(page.locator("main")).to_contain_text(f"eine E-Mail an {WILMA.email} geschickt")

    mailbox = visit(path=link)
    plug_in_authenticator(mailbox)
    expect(mailbox.locator("main")).to_contain_text("Schritt 2 von 3")
    assert mailbox.url == f"{sandbox.url}/confirm-registration"
    mailbox.get_by_role("button", name="Weiter").click()
    expect(mailbox.locator("main")).to_contain_text("Schritt 3 von 3")
    expect(mailbox.get_by_role("status")).to_contain_text("eine SMS mit einer TAN an +49 ••• 010")
    # A reload loses neither the spent link nor the place.
    mailbox.reload()
    settle(mailbox)
    tan = send_tan(mailbox, sandbox, WILMA)
    mails = sandbox.newest_id("MAIL", WILMA.email)
    expect(mailbox.get_by_label("TAN aus der SMS")).to_be_focused()
    enter_registration_tan(mailbox, tan)

    expect_title(mailbox, "Ihr Benutzerkonto ist eröffnet")
    opened = "Ihr Benutzerkonto im Kundenportal Musterland ist eröffnet"
    sandbox.message_after(mails, "MAIL", WILMA.email, opened)
    mailbox.get_by_label("Name des Passkeys").fill("Mein Telefon")
    mailbox.get_by_role("button", name="Passkey hinzufügen").click()
    expect(mailbox.get_by_role("alert")).to_contain_text("mit „Mein Telefon“ anmelden")

    follow(mailbox, "Zur Übersicht")
    expect_title(mailbox, "Guten Tag, Wilma Widerruf")
    follow(mailbox, "Verträge hinzufügen")
    _type_letter(mailbox, WILMA, CODE.lower().replace("-", " ").replace("0", "o"))
    expect_title(mailbox, "Ihre Verträge sind da")
    follow(mailbox, "Verträge ansehen")
    assert len(row_titles(mailbox)) > 0

    mailbox.goto(f"{sandbox.url}/profil")
    settle(mailbox)
    sign_out(mailbox)
    mailbox.get_by_role("button", name="Mit Passkey anmelden").click()
    expect_title(mailbox, "Guten Tag, Wilma Widerruf")


def test_F3_texts_are_read_without_signing_in_and_nothing_typed_is_lost(visit: Visits) -> None:
    page = visit(path=REGISTER, size=PHONE)
    fill_registration(page, _newcomer(1))
    for text, title in (
        ("portal", "Nutzungsbedingungen für das Kundenportal"),
        ("postbox", "Nutzungsbedingungen für das Postfach"),
    ):
        page.locator(f"main a[href='/terms/{text}']").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text(title)
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
        follow(page, "Registrieren")
        expect(page.locator("#password")).to_have_value(NEW_PASSWORD)
        expect(page.locator(f"#{text}Terms")).to_be_checked()

    page.get_by_role("link", name="Anmelden").click()
    expect_title(page, "Anmelden")
    follow(page, "Registrieren")
    expect(page.locator("#password")).to_have_value("")
    expect(page.locator("#portalTerms")).not_to_be_checked()


def test_F3_both_texts_must_be_accepted_and_every_gap_has_its_line_and_link(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path=REGISTER)
    newcomer = _newcomer(2)
    fill_registration(page, newcomer)
    page.locator("#givenName").fill(" ")
    page.locator("#birthDate").fill("31.02.1990")
    page.locator("#postboxTerms").uncheck()
    send_registration(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    lines = summary.get_by_role("link").all_inner_texts()
    assert [line.partition(". ")[0] for line in lines] == [
        "Geben Sie Ihren Vornamen ein.",
        "Dieses Datum gibt es nicht",
        "Lesen Sie die Nutzungsbedingungen für das Postfach und stimmen Sie ihnen zu.",
    ]
    summary.get_by_role("link").last.click()
    expect(page.locator("#postboxTerms")).to_be_focused()
    assert sandbox.messages("MAIL", newcomer.email) == []


def test_F20_F21_british_and_irish_numbers_are_refused_with_a_reason_and_a_german_one_goes_on(
    visit: Visits, sandbox: Sandbox
) -> None:
    """Persona 7: Grace O'Connor has moved from London by Cork to Hamburg."""
    page = visit(path=REGISTER)
    newcomer = replace(_newcomer(3), given_name=GRACE.given_name, family_name=GRACE.family_name)
    fill_registration(page, newcomer)
    for refused in ("+44 7400 123456", "+353 85 012 3456"):
        page.locator("#phoneNumber").fill(refused)
        send_registration(page)
        expect(page.locator("#phoneNumber-error")).to_contain_text(
            "eine Mobilnummer aus einem Schengen-Staat"
        )
        expect(page.locator("#phoneNumber")).to_have_value(refused)
        expect(page.locator("#password")).to_have_value(NEW_PASSWORD)
        expect(page.locator("#portalTerms")).to_be_checked()
    assert sandbox.messages("MAIL", newcomer.email) == []

    page.locator("#phoneNumber").fill(newcomer.phone)
    send_registration(page)
    expect_title(page, "Sehen Sie in Ihr E-Mail-Postfach")


def test_F1_known_and_unknown_addresses_see_the_same_page_and_only_the_mailbox_knows(
    visit: Visits, sandbox: Sandbox
) -> None:
    known = replace(_newcomer(4), key=ANNA.key)
    before = sandbox.newest_id("MAIL", ANNA.email)
    seen = []
    for person in (_newcomer(4), known):
        page = visit(path=REGISTER)
        fill_registration(page, person)
        send_registration(page)
        expect_title(page, "Sehen Sie in Ihr E-Mail-Postfach")
        text = page.locator("main").inner_text().replace(person.email, "…")
        seen.append(re.sub(r"\d\d:\d\d Uhr", "Uhr", text))
    assert seen[0] == seen[1]
    told = sandbox.message_after(before, "MAIL", ANNA.email)
    assert told["subject"] == "Sie haben schon ein Benutzerkonto"


def test_F1_mail_is_sent_again_and_what_was_typed_can_be_changed(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path=REGISTER)
    newcomer = _newcomer(5)
    first = start_registration(page, sandbox, newcomer)
    before = sandbox.newest_id("MAIL", newcomer.email)
    page.get_by_role("button", name="Noch einmal senden").click()
    expect(page.get_by_role("alert")).to_contain_text("noch eine E-Mail")
    assert link_after(sandbox, before, newcomer) != first
    page.get_by_role("button", name="Angaben ändern").click()
    expect_title(page, "Registrieren")
    expect(page.locator("#familyName")).to_have_value(newcomer.family_name)


def test_F1_theo_mistypes_the_tan_until_it_is_used_up_and_a_new_one_opens_the_account(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path=REGISTER, size=PHONE)
    page.goto(sandbox.url + start_registration(page, sandbox, THEO))
    settle(page)
    page.get_by_role("button", name="Weiter").click()
    tan = send_tan(page, sandbox, THEO)
    alert = page.get_by_role("alert")
    enter_registration_tan(page, "12 34")
    expect(alert).to_contain_text("Eine TAN hat 6 Ziffern")
    for left in ("4 Versuche", "3 Versuche", "2 Versuche", "einen Versuch"):
        enter_registration_tan(page, wrong_tan(tan))
        expect(alert).to_contain_text(f"Sie haben noch {left}")
    enter_registration_tan(page, wrong_tan(tan))
    expect(alert).to_contain_text("Fordern Sie eine neue an")

    newer = send_tan(page, sandbox, THEO, "Neue TAN senden")
    expect(page.get_by_role("status")).to_contain_text("Nur die neueste TAN gilt")
    enter_registration_tan(page, newer)
    expect_title(page, "Ihr Benutzerkonto ist eröffnet")
    follow(page, "Verträge hinzufügen")

    _type_letter(page, THEO, CODE)
    expect(page.get_by_role("alert")).to_contain_text("Diese Angaben passen nicht zusammen")
    expect(page.get_by_label("Aktivierungscode")).to_have_value(CODE)
    follow(page, "Übersicht")
    expect(section(page, "Verträge")).to_contain_text("Wir sehen noch keinen Vertrag von Ihnen")


def test_F1_link_is_good_once_and_used_again_it_says_what_to_do(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path=REGISTER)
    link = start_registration(page, sandbox, _newcomer(6))
    first, second = visit(path=link), visit(path=link)
    first.get_by_role("button", name="Weiter").click()
    expect_title(first, "Mobilnummer bestätigen")
    second.get_by_role("button", name="Weiter").click()
    expect(second.get_by_role("alert")).to_contain_text("Der Link oder die TAN gilt nicht mehr")
    second.get_by_role("link", name="Noch einmal registrieren").click()
    expect_title(second, "Registrieren")


def test_F1_without_network_the_link_is_not_spent_and_goes_on_later(
    visit: Visits, sandbox: Sandbox
) -> None:
    visit.expected.append("ERR_INTERNET_DISCONNECTED")
    page = visit(path=REGISTER)
    page.goto(sandbox.url + start_registration(page, sandbox, _newcomer(7)))
    settle(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("alert")).to_contain_text("Wir konnten den Server nicht erreichen")
    page.context.set_offline(False)
    page.get_by_role("button", name="Weiter").click()
    expect_title(page, "Mobilnummer bestätigen")


def test_contracts_are_added_from_the_profile_too(visit: Visits) -> None:
    page = visit(NORA, "/profil")
    follow(page, "Verträge hinzufügen")
    expect(page.get_by_label("Aktivierungscode")).to_be_visible()


def test_link_without_its_secret_says_what_to_do(visit: Visits) -> None:
    page = visit(path="/confirm-registration")
    expect(page.get_by_role("alert")).to_contain_text("Öffnen Sie ihn noch einmal aus der E-Mail")


def _newcomer(number: int) -> Persona:
    return replace(WILMA, key=f"nele{number}", phone=f"+49171392030{number}")


def _type_letter(page: Page, person: Persona, code: str) -> None:
    year, month, day = person.birth_date.split("-")
    page.get_by_label("Gesellschaft").select_option(label="Musterland Sachversicherung AG")
    page.get_by_label("Kundennummer").fill(person.numbers["sach"])
    page.get_by_label("Geburtsdatum").fill(f"{day}{month}{year}")
    page.get_by_label("Aktivierungscode").fill(code)
    page.get_by_role("button", name="Verträge hinzufügen").click()
