"""Registering in the browser: what is typed, the link from the mailbox, the TAN from the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from backend.demo.personas import Persona
    from tests.e2e.sandbox import Sandbox

NEW_PASSWORD = "Vier Störche auf dem Dach"
REGISTER = "/registrieren"


def fill_registration(page: Page, newcomer: Persona) -> None:
    """Type everything that the form asks for, as people write it, and tick both boxes."""
    year, month, day = newcomer.birth_date.split("-")
    page.locator("#emailAddress").fill(newcomer.email)
    page.locator("#phoneNumber").fill(newcomer.phone.replace("+49", "0"))
    page.locator("#password").fill(NEW_PASSWORD)
    page.locator("#givenName").fill(newcomer.given_name)
    page.locator("#familyName").fill(newcomer.family_name)
    page.locator("#birthDate").fill(f"{int(day)}.{int(month)}.{year}")
    page.locator("#portalTerms").check()
    page.locator("#postboxTerms").check()


def send_registration(page: Page) -> None:
    """Send the form."""
    page.locator("main form button[type=submit]").click()


def start_registration(page: Page, sandbox: Sandbox, newcomer: Persona) -> str:
    """Take the first step and return the path of the link that arrives."""
    before = sandbox.newest_id("MAIL", newcomer.email)
    fill_registration(page, newcomer)
    send_registration(page)
    expect_title(page, "Sehen Sie in Ihr E-Mail-Postfach")
    return link_after(sandbox, before, newcomer)


def link_after(sandbox: Sandbox, number: int, newcomer: Persona) -> str:
    """Wait for the mail that follows `number` and return the path of its link."""
    return sandbox.path_in(sandbox.message_after(number, "MAIL", newcomer.email))


def send_tan(page: Page, sandbox: Sandbox, newcomer: Persona, button: str = "TAN senden") -> str:
    """Ask for a TAN and return what the phone receives."""
    before = sandbox.newest_id("SMS", newcomer.phone)
    page.get_by_role("button", name=button, exact=True).click()
    return sandbox.tan_after(before, newcomer.phone)


def enter_registration_tan(page: Page, tan: str) -> None:
    """Type a TAN and send it."""
    page.get_by_label("TAN aus der SMS").fill(tan)
    page.get_by_role("button", name="Benutzerkonto eröffnen").click()


def expect_title(page: Page, title: str) -> None:
    """Wait for a page by its heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
