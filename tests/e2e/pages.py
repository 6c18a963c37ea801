"""The portal's pages as a customer uses them: small functions, no state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from backend.demo.personas import PASSWORD
from tests.e2e.browsing import settle

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import FilePayload, Locator, Page

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox


def row_titles(page: Page) -> list[str]:
    """Return the titles of the page's rows that lead somewhere, from top to bottom.

    Unread letters say so before their subject, for those who don't see the bold type.
    """
    titles = page.locator("main ul > li a").all_inner_texts()
    return [plain(title).removeprefix("Ungelesen: ") for title in titles]


def section(page: Page, title: str) -> Locator:
    """Return the part of a page under a heading."""
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.locator("section").filter(has=heading)


def follow(page: Page, name: str) -> None:
    """Press a link of the page's content by its words and wait for its page."""
    before = page.url
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_url(lambda url: url != before)
    settle(page)


def enter_password(page: Page, persona: Persona, password: str = PASSWORD) -> None:
    """Take the first step of signing in."""
    page.get_by_label("E-Mail-Adresse").fill(persona.email)
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Weiter").click()


def enter_tan(page: Page, tan: str) -> None:
    """Take the second step of signing in."""
    page.get_by_label("TAN aus der SMS").fill(tan)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def sign_in(page: Page, sandbox: Sandbox, persona: Persona) -> None:
    """Sign in on the sign-in page with password and the TAN from the text message."""
    before = sandbox.newest_id("SMS", persona.phone)
    enter_password(page, persona)
    enter_tan(page, sandbox.tan_after(before, persona.phone))
    expect(page.get_by_role("heading", level=1)).not_to_have_text("TAN eingeben")
    settle(page)


def approve_with_tan(page: Page, sandbox: Sandbox, phone: str) -> None:
    """Approve what the dialog shows with the TAN that the phone receives."""
    enter_approval_tan(page, request_approval_tan(page, sandbox, phone))


def request_approval_tan(page: Page, sandbox: Sandbox, phone: str) -> str:
    """Ask for a TAN in the approval dialog and return what the phone receives."""
    before = sandbox.newest_id("SMS", phone)
    page.get_by_role("dialog").get_by_role("button", name="TAN per SMS anfordern").click()
    return sandbox.tan_after(before, phone)


def enter_approval_tan(page: Page, tan: str) -> None:
    """Type a TAN into the approval dialog and send it."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("TAN aus der SMS").fill(tan)
    dialog.get_by_role("button", name="Freigeben", exact=True).click()


def wrong_tan(right: str) -> str:
    """Return another TAN than the right one."""
    return f"{(int(right) + 1) % 1_000_000:06}"


def visit_with_passkey(visit: Visits, sandbox: Sandbox, persona: Persona) -> Page:
    """Open the page of security, in English, and add a key there, approved by TAN."""
    page = visit(token=sandbox.sign_in(persona), path="/profil/sicherheit", language="en")
    plug_in_authenticator(page)
    page.get_by_label("Name of the passkey").fill("My key")
    page.get_by_role("button", name="Add a passkey").click()
    before = sandbox.newest_id("SMS", persona.phone)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Request a TAN by text message").click()
    dialog.get_by_label("TAN from the text message").fill(sandbox.tan_after(before, persona.phone))
    dialog.get_by_role("button", name="Approve", exact=True).click()
    expect(section(page, "Passkeys")).to_contain_text("My key")
    return page


def plug_in_authenticator(page: Page) -> None:
    """Give the browser a device with a fingerprint reader that always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_out(page: Page) -> None:
    """Sign out in the profile."""
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")


def open_filter(page: Page) -> None:
    """Unfold the filter if it is folded."""
    toggle = page.get_by_role("button", name="Filter", exact=True)
    if toggle.is_visible() and toggle.get_attribute("aria-expanded") == "false":
        toggle.click()


def apply_filter(page: Page, **values: str) -> None:
    """Fill fields of the filter by their names and apply it."""
    open_filter(page)
    for name, value in values.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Anwenden").click()


def choose_file(page: Page, label: str, file: Path | FilePayload) -> None:
    """Press the button of a file field by the field's words and choose a file."""
    with page.expect_file_chooser() as chooser:
        page.get_by_label(label, exact=True).click()
    chooser.value.set_files(file)


def unread_count(page: Page) -> int:
    """Return the number beside Postfach, 0 without one."""
    navigation = page.get_by_role("navigation", name="Hauptnavigation")
    badge = navigation.get_by_role("link", name="Postfach").locator("[aria-hidden=true]").last
    text = badge.inner_text() if badge.count() else ""
    return int(text) if text.isdigit() else 0


def plain(text: str) -> str:
    """Return text with ordinary spaces, as a person reads it."""
    return " ".join(text.split())
