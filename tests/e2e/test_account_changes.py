"""Changing what signs in and where messages go: approved by passkey or TAN, told to both sides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import PASSWORD
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import (
    approve_with_tan,
    enter_approval_tan,
    plain,
    plug_in_authenticator,
    request_approval_tan,
    section,
    wrong_tan,
)
from tests.signing_in import SIGN_IN_WITH_PASSWORD, WHO_AM_I

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

SETTINGS = "/profil/einstellungen"
SECURITY = "/profil/sicherheit"
NEW_PASSWORD = "Vier Störche auf dem Dach"


def test_F18_F22_password_changed_by_tan_ends_the_other_sessions(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    elsewhere = sandbox.sign_in(carla)
    page = visit(token=sandbox.sign_in(carla), path=SETTINGS)
    section(page, "Ihre Kontodaten").get_by_role("link", name="Ändern Passwort").click()
    _ask_for_new_password(page)
    expect(page.get_by_role("dialog")).to_contain_text("Ihr Passwort ändern")
    approve_with_tan(page, sandbox, carla.phone)

    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr neues Passwort gilt")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("main")).to_contain_text("Auf einem anderen Gerät haben wir Sie abgemeldet")
    assert sandbox.execute(WHO_AM_I, token=elsewhere)["viewer"] is None
    assert "Passwort" in sandbox.message_after(0, "MAIL", carla.email)["subject"]
    assert _first_step(sandbox, carla.email, PASSWORD) == "SignInRefused"
    page.reload()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Passwort ändern")
    with sandbox.travelling():
        # Three text messages to one number are enough for ten minutes.
        sandbox.travel(sandbox.now() + timedelta(minutes=11))
        assert _first_step(sandbox, carla.email, NEW_PASSWORD) == "TanRequired"


def test_F18_new_email_address_holds_once_its_link_was_opened_even_signed_out(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    address = f"neu.{carla.email}"
    page = visit(token=sandbox.sign_in(carla), path=f"{SETTINGS}/e-mail", size=PHONE)
    page.get_by_label("Neue E-Mail-Adresse").fill(address)
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"Ihre E-Mail-Adresse ändern in {address}")
    approve_with_tan(page, sandbox, carla.phone)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Öffnen Sie jetzt den Link in Ihrer E-Mail"
    )
    expect(page.locator("main")).to_contain_text(address)
    told = sandbox.message_after(0, "MAIL", carla.email)
    assert told["subject"] == "Ihre E-Mail-Adresse soll geändert werden"

    link = sandbox.path_in(sandbox.message_after(0, "MAIL", address))
    mailbox = visit(path=link)
    mailbox.get_by_role("button", name="E-Mail-Adresse bestätigen").click()
    expect(mailbox.get_by_role("heading", level=1)).to_have_text("Ihre neue E-Mail-Adresse gilt")
    expect(mailbox.locator("main")).to_contain_text(f"Melden Sie sich ab jetzt mit {address} an")

    page.get_by_role("link", name="Zurück zu den Einstellungen").click()
    expect(section(page, "Ihre Kontodaten")).to_contain_text(address)
    assert _first_step(sandbox, carla.email, PASSWORD) == "SignInRefused"
    assert _first_step(sandbox, address, PASSWORD) == "TanRequired"

    again = visit(path=link)
    again.get_by_role("button", name="E-Mail-Adresse bestätigen").click()
    expect(again.get_by_role("alert")).to_contain_text("Dieser Link gilt nicht mehr")


def test_F18_F20_new_phone_number_is_approved_by_the_old_and_confirmed_by_the_new(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    spare = new_customer(sandbox).phone.replace("+4917139", "+4917239")
    page = visit(token=sandbox.sign_in(carla), path=f"{SETTINGS}/mobilnummer")
    page.get_by_label("Neue Mobilnummer").fill(spare.replace("+49", "0"))
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ihre Mobilnummer ändern in")
    expect(dialog.get_by_role("button", name="Mit Passkey freigeben")).to_have_count(0)
    approve_with_tan(page, sandbox, carla.phone)

    expect(page.get_by_role("heading", level=1)).to_have_text("Neue Mobilnummer bestätigen")
    tan = sandbox.tan_after(0, spare)
    field = page.get_by_label("TAN von der neuen Nummer")
    field.fill(wrong_tan(tan))
    page.get_by_role("button", name="Nummer bestätigen").click()
    expect(page.get_by_role("alert")).to_contain_text("Sie haben noch 4 Versuche")
    field.fill(tan)
    page.get_by_role("button", name="Nummer bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre neue Mobilnummer gilt")
    page.get_by_role("link", name="Zurück zu den Einstellungen").click()
    expect(section(page, "Ihre Kontodaten")).to_contain_text(f"+49 ••• {spare[-3:]}")


def test_X4_M3_passkey_is_removed_by_its_own_signature_without_a_tan(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=SECURITY)
    plug_in_authenticator(page)
    page.get_by_label("Name des Passkeys").fill("Mein Telefon")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_role("dialog")).to_contain_text("einen neuen Passkey einrichten")
    approve_with_tan(page, sandbox, carla.phone)
    expect(section(page, "Passkeys")).to_contain_text("Passkey eingerichtet")
    texts = sandbox.newest_id("SMS", carla.phone)
    page.get_by_role("button", name="Entfernen Mein Telefon").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("den Passkey „Mein Telefon“ entfernen")
    dialog.get_by_role("button", name="Mit Passkey freigeben").click()

    passkeys = section(page, "Passkeys")
    expect(passkeys).to_contain_text("Der Passkey „Mein Telefon“ ist entfernt")
    expect(passkeys).to_contain_text("Sie haben noch keinen Passkey")
    expect(passkeys).not_to_contain_text("Passkey eingerichtet")
    expect(dialog).to_have_count(0)
    assert sandbox.newest_id("SMS", carla.phone) == texts
    expect(section(page, "Sicherheitsprotokoll")).to_contain_text("Passkey entfernt: Mein Telefon")


def test_F22_wrong_tan_says_how_many_attempts_are_left_and_changes_nothing(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=f"{SETTINGS}/passwort")
    _ask_for_new_password(page)
    tan = request_approval_tan(page, sandbox, carla.phone)
    dialog = page.get_by_role("dialog")

    enter_approval_tan(page, "12 34")
    expect(dialog.get_by_role("alert")).to_have_text(
        "Eine TAN hat 6 Ziffern. Geben Sie alle 6 ein."
    )
    for left in ("4 Versuche", "3 Versuche", "2 Versuche", "einen Versuch"):
        enter_approval_tan(page, wrong_tan(tan))
        expect(dialog.get_by_role("alert")).to_contain_text(f"Sie haben noch {left}")
        expect(dialog.get_by_label("TAN aus der SMS")).to_be_focused()
    enter_approval_tan(page, wrong_tan(tan))
    expect(dialog.get_by_role("alert")).to_contain_text("Das ist nicht freigegeben")
    dialog.get_by_role("button", name="Schließen").click()

    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Neues Passwort")).to_have_value(NEW_PASSWORD)
    assert _first_step(sandbox, carla.email, PASSWORD) == "TanRequired"


def test_approval_after_its_time_is_refused_and_what_was_typed_is_still_there(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=f"{SETTINGS}/passwort")
    _ask_for_new_password(page)
    tan = request_approval_tan(page, sandbox, carla.phone)
    with sandbox.travelling():
        sandbox.travel(sandbox.now() + timedelta(minutes=11))
        enter_approval_tan(page, tan)
        alert = page.get_by_role("dialog").get_by_role("alert")
        expect(alert).to_contain_text("Die Zeit für diese Freigabe ist abgelaufen")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_label("Neues Passwort")).to_have_value(NEW_PASSWORD)
        assert _first_step(sandbox, carla.email, NEW_PASSWORD) == "SignInRefused"


def test_approval_dialog_keeps_the_focus_and_gives_it_back_when_cancelled(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=f"{SETTINGS}/passwort")
    _ask_for_new_password(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="TAN per SMS anfordern")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.querySelector('dialog').contains(document.activeElement)"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Weiter zur Freigabe")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passwort ändern")


def test_fields_say_what_is_wrong_when_they_are_left(visit: Visits, sandbox: Sandbox) -> None:
    token = sandbox.sign_in(new_customer(sandbox))
    page = visit(token=token, path=f"{SETTINGS}/passwort")
    page.get_by_label("Neues Passwort").fill("kurz")
    page.get_by_label("Jetziges Passwort").fill("irgendeines")
    expect(page.locator("#newPassword-error")).to_contain_text("Bisher sind es 4")
    assert page.locator("#newPassword").get_attribute("aria-invalid") == "true"
    page.get_by_label("Neues Passwort").fill(NEW_PASSWORD)
    page.get_by_label("Passwörter anzeigen").check()
    expect(page.locator("#newPassword-error")).to_have_count(0)
    expect(page.locator("#newPassword")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    expect(page.locator("#currentPassword-error")).to_contain_text(
        "Das ist nicht Ihr jetziges Passwort"
    )
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute(
        "href", "#currentPassword"
    )

    page.goto(f"{sandbox.url}{SETTINGS}/mobilnummer")
    settle(page)
    page.get_by_label("Neue Mobilnummer").fill("+1 202 555 0123")
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    expect(page.locator("#phoneNumber-error")).to_contain_text("Schengen-Staat")


def test_X18_one_other_session_or_all_are_ended_and_the_log_says_so(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    tablet, laptop = sandbox.sign_in(carla), sandbox.sign_in(carla)
    page = visit(token=sandbox.sign_in(carla), path=SECURITY)
    devices = page.get_by_role("list", name="Angemeldete Geräte")
    expect(devices.get_by_role("listitem")).to_have_count(3)
    expect(devices.get_by_role("listitem").filter(has_text="(dieses Gerät)")).to_have_count(1)
    devices.get_by_role("button", name="Abmelden").last.click()
    expect(devices.get_by_role("listitem")).to_have_count(2)
    expect(section(page, "Angemeldete Geräte")).to_contain_text("ist abgemeldet")
    alive = [t for t in (tablet, laptop) if sandbox.execute(WHO_AM_I, token=t)["viewer"]]
    assert len(alive) == 1

    page.get_by_role("button", name="Alle anderen Geräte abmelden").click()
    page.get_by_role("dialog").get_by_role("button", name="Jetzt abmelden").click()
    expect(section(page, "Angemeldete Geräte")).to_contain_text("Ein anderes Gerät ist abgemeldet")
    expect(devices.get_by_role("listitem")).to_have_count(1)
    assert sandbox.execute(WHO_AM_I, token=alive[0])["viewer"] is None
    expect(section(page, "Sicherheitsprotokoll")).to_contain_text("Abgemeldet")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Freigabe abgelehnt: Ihr Passwort ändern", "Angemeldet"]),
        ("en", ["Approval refused: change your password", "Signed in"]),
    ],
)
def test_X4_security_log_tells_in_words_what_happened(
    visit: Visits, sandbox: Sandbox, language: str, words: list[str]
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=f"{SETTINGS}/passwort", language=language)
    page.locator("#currentPassword").fill(PASSWORD)
    page.locator("#newPassword").fill(NEW_PASSWORD)
    page.locator("main form button[type=submit]").click()
    before = sandbox.newest_id("SMS", carla.phone)
    page.get_by_role("dialog").get_by_role("button").first.click()
    page.locator("#approvalTan").fill(wrong_tan(sandbox.tan_after(before, carla.phone)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("4")
    page.keyboard.press("Escape")

    page.goto(f"{sandbox.url}{SECURITY}/protokoll")
    settle(page)
    rows = page.locator("main").get_by_role("listitem").all_inner_texts()
    assert [plain(row.split("\n")[0]) for row in rows] == words


def test_link_without_its_secret_says_what_to_do(visit: Visits) -> None:
    page = visit(path="/confirm-email-address")
    expect(page.get_by_role("alert")).to_contain_text("Öffnen Sie ihn noch einmal aus der E-Mail")


def _ask_for_new_password(page: Page) -> None:
    page.get_by_label("Jetziges Passwort").fill(PASSWORD)
    page.get_by_label("Neues Passwort").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Weiter zur Freigabe").click()


def _first_step(sandbox: Sandbox, email_address: str, password: str) -> str:
    """Return what the first step of a sign-in by password is answered with."""
    given = {"input": {"emailAddress": email_address, "password": password}}
    answer: str = sandbox.execute(SIGN_IN_WITH_PASSWORD, given)["signInWithPassword"]["__typename"]
    return answer
