"""Devices in the browser: remembered, listed, locked, replaced; and "Sofort sperren"."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import PASSWORD
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import (
    approve_with_tan,
    enter_password,
    enter_tan,
    plug_in_authenticator,
    section,
    sign_out,
)
from tests.signing_in import SIGN_IN_WITH_PASSWORD, WHO_AM_I

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

SECURITY = "/profil/sicherheit"
DEVICES = """{ viewer { session { assuranceLevel } devices { name isCurrent } } }"""


def test_F103_X18_a_device_takes_the_tans_place_until_it_is_removed(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(path="/anmelden")
    before = sandbox.newest_id("SMS", carla.phone)
    enter_password(page, carla)
    remember = page.get_by_label("Dieses Gerät merken")
    expect(remember).not_to_be_checked()
    expect(page.locator("main")).to_contain_text("An einem gemeinsamen oder fremden Computer")
    remember.check()
    enter_tan(page, sandbox.tan_after(before, carla.phone))
    expect(page.get_by_role("heading", level=1)).not_to_have_text("TAN eingeben")
    told = sandbox.message_after(0, "MAIL", carla.email)
    assert told["subject"] == "Ein neues Gerät ist gemerkt"

    page.goto(f"{sandbox.url}/profil")
    settle(page)
    sign_out(page)
    texts = sandbox.newest_id("SMS", carla.phone)
    enter_password(page, carla)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Anmelden")
    settle(page)
    assert sandbox.newest_id("SMS", carla.phone) == texts

    page.goto(f"{sandbox.url}{SECURITY}")
    settle(page)
    devices = section(page, "Gemerkte Geräte")
    expect(devices.get_by_role("listitem")).to_have_count(1)
    expect(devices).to_contain_text("(dieses Gerät)")
    devices.get_by_role("listitem").get_by_role("link").click()
    page.get_by_label("Name des Geräts").fill("Mein Laptop")
    page.get_by_role("button", name="Namen speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mein Laptop")
    expect(page.locator("main")).to_contain_text("Das Gerät heißt jetzt „Mein Laptop“.")
    expect(page.locator("main")).to_contain_text("127.0.0.0/24")

    page.get_by_role("button", name="Gerät entfernen").click()
    expect(page.get_by_role("dialog")).to_contain_text("das Gerät „Mein Laptop“ entfernen")
    approve_with_tan(page, sandbox, carla.phone)
    expect(page.get_by_role("heading", level=1)).to_have_text("Das Gerät ist entfernt")
    page.goto(f"{sandbox.url}/anmelden")
    settle(page)
    enter_password(page, carla)
    expect(page.get_by_role("heading", level=1)).to_have_text("TAN eingeben")


def test_F18_F103_a_device_is_still_known_after_the_email_address_changed(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    address = f"neu.{carla.email}"
    page = visit(path="/anmelden")
    before = sandbox.newest_id("SMS", carla.phone)
    enter_password(page, carla)
    page.get_by_label("Dieses Gerät merken").check()
    enter_tan(page, sandbox.tan_after(before, carla.phone))
    expect(page.get_by_role("heading", level=1)).not_to_have_text("TAN eingeben")
    page.goto(f"{sandbox.url}/profil/einstellungen/e-mail")
    page.get_by_label("Neue E-Mail-Adresse").fill(address)
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    approve_with_tan(page, sandbox, carla.phone)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Öffnen Sie jetzt den Link in Ihrer E-Mail"
    )
    mailbox = visit(path=sandbox.path_in(sandbox.message_after(0, "MAIL", address)))
    mailbox.get_by_role("button", name="E-Mail-Adresse bestätigen").click()
    expect(mailbox.get_by_role("heading", level=1)).to_have_text("Ihre neue E-Mail-Adresse gilt")

    page.goto(f"{sandbox.url}/profil")
    settle(page)
    sign_out(page)
    texts = sandbox.newest_id("SMS", carla.phone)
    page.get_by_label("E-Mail-Adresse").fill(address)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Anmelden")
    settle(page)
    assert sandbox.newest_id("SMS", carla.phone) == texts


def test_F72_locking_at_once_ends_everything_and_shows_what_happened(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    elsewhere = sandbox.sign_in(carla)
    page = visit(token=sandbox.sign_in(carla), path=SECURITY, size=PHONE)
    section(page, "Etwas stimmt nicht?").get_by_role("link", name="Sofort sperren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sofort sperren")
    page.get_by_role("button", name="Benutzerkonto sperren").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Benutzerkonto jetzt sperren?")
    dialog.get_by_role("button", name="Abbrechen").click()
    assert sandbox.execute(WHO_AM_I, token=elsewhere)["viewer"] is not None
    page.get_by_role("button", name="Benutzerkonto sperren").click()
    dialog.get_by_role("button", name="Jetzt sperren").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Benutzerkonto ist gesperrt")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    events = section(page, "Was zuletzt geschehen ist").get_by_role("listitem")
    expect(events.first).to_contain_text("Angemeldet")
    expect(page.get_by_role("link", name="Zugang neu einrichten")).to_be_visible()
    assert sandbox.execute(WHO_AM_I, token=elsewhere)["viewer"] is None
    told = sandbox.message_after(0, "MAIL", carla.email, "Ihr Benutzerkonto ist gesperrt")
    assert "/zugang-verloren" in told["text"]

    given = {"input": {"emailAddress": carla.email, "password": PASSWORD}}
    answer = sandbox.execute(SIGN_IN_WITH_PASSWORD, given)["signInWithPassword"]
    assert answer["__typename"] == "SignInRefused"
    sandbox.message_after(0, "MAIL", carla.email, "Ihr Benutzerkonto ist noch gesperrt")


def _remember(page: Page, sandbox: Sandbox, persona: Persona) -> None:
    """Sign in on an English sign-in page and have the device remembered."""
    before = sandbox.newest_id("SMS", persona.phone)
    page.get_by_label("E-mail address").fill(persona.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Remember this device").check()
    page.get_by_label("TAN from the text message").fill(sandbox.tan_after(before, persona.phone))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Enter the TAN")
    settle(page)


def _identify(sandbox: Sandbox, persona: Persona) -> None:
    """Raise the customer's devices, as an identity verification does."""
    with sqlite3.connect(sandbox.data_dir / "portal.db", timeout=20) as database:
        database.execute(
            "UPDATE device SET assurance_level = 'SMART' WHERE user_account_id ="
            " (SELECT id FROM user_account WHERE email_address = ?)",
            [persona.email],
        )
    database.close()


def test_M8_a_new_phone_is_approved_from_the_old_one_by_its_code_and_a_passkey(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    old = visit(path="/anmelden", language="en", size=PHONE)
    plug_in_authenticator(old)
    _remember(old, sandbox, carla)
    _identify(sandbox, carla)
    old.goto(f"{sandbox.url}{SECURITY}")
    settle(old)
    old.get_by_label("Name of the passkey").fill("Old phone")
    old.get_by_role("button", name="Add a passkey").click()
    before = sandbox.newest_id("SMS", carla.phone)
    dialog = old.get_by_role("dialog")
    expect(dialog).to_contain_text("set up a new passkey")
    dialog.get_by_role("button", name="Request a TAN by text message").click()
    dialog.get_by_label("TAN from the text message").fill(sandbox.tan_after(before, carla.phone))
    dialog.get_by_role("button", name="Approve", exact=True).click()
    expect(section(old, "Passkeys")).to_contain_text("Old phone")

    new = visit(path="/anmelden", language="en", size=PHONE)
    _remember(new, sandbox, carla)
    new.goto(f"{sandbox.url}/profil/sicherheit/neues-geraet")
    settle(new)
    new.get_by_role("button", name="Show code").click()
    expect(new.get_by_role("img", name="QR code for your old device")).to_be_visible()
    link = new.locator("main a", has_text=re.compile("/geraet-freigeben#")).inner_text()

    # Signed out on the old phone: the code's link waits until the customer is back.
    old.context.clear_cookies()
    old.goto(link)
    settle(old)
    expect(old.get_by_role("heading", level=1)).to_have_text("Sign in")
    old.get_by_role("button", name="Sign in with a passkey").click()
    expect(old.get_by_role("heading", level=1)).to_have_text("Approve a new device")
    assert "#" not in old.url
    old.get_by_role("button", name="Continue to approval").click()
    expect(dialog).to_contain_text("takes over the assurance level of")
    expect(dialog).to_contain_text("127.0.0.0/24")
    expect(dialog.get_by_role("button", name="Request a TAN by text message")).to_have_count(0)
    dialog.get_by_role("button", name="Approve with a passkey").click()
    expect(old.get_by_role("heading", level=1)).to_have_text("Your new device is approved")

    expect(new.locator("main")).to_contain_text("Your new device is approved")
    expect(new.locator("main")).to_contain_text("smart")
    new.goto(f"{sandbox.url}{SECURITY}")
    settle(new)
    expect(section(new, "Your sign-in")).to_contain_text("smart")
    expect(section(new, "Remembered devices").get_by_role("listitem")).to_have_count(1)
    old.goto(f"{sandbox.url}{SECURITY}")
    settle(old)
    expect(old.get_by_role("heading", level=1)).to_have_text("Sign in")
    sandbox.message_after(0, "MAIL", carla.email, "Ihr neues Gerät ist freigegeben")
