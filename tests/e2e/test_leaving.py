"""Leaving in the browser: withdrawal in two steps (F5), deletion once approved (F6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.clock import BERLIN
from backend.demo.load import STARTS_AT
from backend.demo.personas import PASSWORD
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import follow, plain, section
from tests.signing_in import SIGN_IN_WITH_PASSWORD, WHO_AM_I

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

SETTINGS = "/profil/einstellungen"


def test_F5_withdrawn_in_two_steps_within_the_period_and_not_after(
    visit: Visits, sandbox: Sandbox
) -> None:
    wilma = new_customer(sandbox, created_at=STARTS_AT)
    token = sandbox.sign_in(wilma)
    page = visit(token=token, path=SETTINGS)
    agreement = section(page, "Nutzungsvertrag")
    expect(agreement).to_contain_text("Möglich bis 7. Dezember 2026, ohne Angabe von Gründen")
    footer = page.get_by_role("contentinfo")
    footer.get_by_role("link", name="Vertrag widerrufen (bis 7. Dezember 2026)").click()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vertrag widerrufen")
    declaration = section(page, "Das erklären Sie")
    expect(declaration).to_contain_text(wilma.display_name)
    expect(declaration).to_contain_text("Nutzungsvertrag für das Kundenportal Musterland")
    expect(declaration).to_contain_text(wilma.email)
    page.get_by_role("button", name="Widerruf bestätigen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Widerruf ist angekommen")
    expect(page.get_by_role("link", name="Postfach")).to_have_count(0)
    assert sandbox.execute(WHO_AM_I, token=token)["viewer"] is None
    receipt = sandbox.message_after(0, "MAIL", wilma.email, "Wir haben Ihren Widerruf erhalten")
    assert f"Hiermit widerrufe ich, {wilma.display_name}, den am 21. November 2026" in plain(
        receipt["text"]
    )
    assert "Anlage: Bestätigung Widerruf.pdf" in receipt["text"]
    sandbox.message_after(0, "MAIL", wilma.email, "Ihr Benutzerkonto ist gelöscht")
    assert _first_step(sandbox, wilma.email) == "SignInRefused"

    late = new_customer(sandbox, created_at=STARTS_AT)
    with sandbox.travelling():
        sandbox.travel(datetime(2026, 12, 8, 0, 0, 30, tzinfo=BERLIN))
        page = visit(token=sandbox.sign_in(late), path=SETTINGS)
        expect(section(page, "Nutzungsvertrag")).to_contain_text("Benutzerkonto löschen")
        expect(page.get_by_role("link", name="Vertrag widerrufen")).to_have_count(0)
        page.goto(f"{sandbox.url}{SETTINGS}/widerruf")
        settle(page)
        expect(page.locator("main")).to_contain_text("Die Frist für den Widerruf ist vorbei")
        expect(page.get_by_role("button", name="Widerruf bestätigen")).to_have_count(0)


def test_F6_F8_account_deleted_in_english_on_a_phone_once_approved(
    visit: Visits, sandbox: Sandbox
) -> None:
    grace = new_customer(sandbox)
    token = sandbox.sign_in(grace)
    page = visit(token=token, path=SETTINGS, language="en", size=PHONE)
    follow(page, "Delete the user account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete the user account")
    expect(section(page, "What stays locked")).to_contain_text(
        "The portal will store nothing about you."
    )
    expect(page.get_by_role("link", name="Take your data along")).to_be_visible()
    page.get_by_role("button", name="Continue to approval").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("delete your user account for good")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert sandbox.execute(WHO_AM_I, token=token)["viewer"] is not None

    page.get_by_role("button", name="Continue to approval").click()
    before = sandbox.newest_id("SMS", grace.phone)
    dialog.get_by_role("button", name="Request a TAN by text message").click()
    dialog.get_by_label("TAN from the text message").fill(sandbox.tan_after(before, grace.phone))
    dialog.get_by_role("button", name="Approve", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your user account has been deleted")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("link", name="Postbox")).to_have_count(0)
    # The account spoke German: so does its certificate.
    mail = sandbox.message_after(0, "MAIL", grace.email, "Ihr Benutzerkonto ist gelöscht")
    assert "Anlage: Löschbestätigung.pdf" in mail["text"]
    assert _first_step(sandbox, grace.email) == "SignInRefused"
    follow(page, "Register")
    expect(page.get_by_role("heading", level=1)).to_have_text("Register")
    page.goto(f"{sandbox.url}{SETTINGS}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def _first_step(sandbox: Sandbox, email_address: str) -> str:
    given = {"input": {"emailAddress": email_address, "password": PASSWORD}}
    result: str = sandbox.execute(SIGN_IN_WITH_PASSWORD, given)["signInWithPassword"]["__typename"]
    return result
