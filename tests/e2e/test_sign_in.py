"""Signing in and out: two factors, a passkey, what the cookie is like, and that out means out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import GRACE, HEDWIG, KLAUS, MEHMET
from tests.e2e.browsing import settle
from tests.e2e.pages import (
    approve_with_tan,
    enter_password,
    enter_tan,
    plug_in_authenticator,
    sign_in,
    sign_out,
    wrong_tan,
)
from tests.e2e.sandbox import COOKIE
from tests.signing_in import WHO_AM_I

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


def test_F103_password_and_tan_from_the_text_message_open_the_start_page(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/anmelden")
    sign_in(page, sandbox, KLAUS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Klaus Papier")


def test_wrong_tan_is_refused_with_the_same_words_as_a_wrong_password(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/anmelden")
    enter_password(page, MEHMET, password="nicht sein Passwort")
    words_for_password = page.get_by_role("alert").inner_text()

    before = sandbox.newest_id("SMS", MEHMET.phone)
    enter_password(page, MEHMET)
    right = sandbox.tan_after(before, MEHMET.phone)
    enter_tan(page, wrong_tan(right))

    assert page.get_by_role("alert").inner_text() == words_for_password
    assert "TAN eingeben" in page.get_by_role("heading", level=1).inner_text()
    assert sandbox.execute(WHO_AM_I, token=_cookie(page))["viewer"] is None


def test_F103_passkey_added_in_the_profile_signs_in_without_password_and_tan(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(token=sandbox.sign_in(GRACE), path="/profil/sicherheit")
    plug_in_authenticator(page)
    page.get_by_label("Name des Passkeys").fill("Mein Telefon")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    approve_with_tan(page, sandbox, GRACE.phone)
    expect(page.get_by_role("alert")).to_contain_text("Ab jetzt können Sie sich mit „Mein Telefon“")
    expect(page.get_by_role("list", name="Passkeys")).to_contain_text("Mein Telefon")

    page.goto(f"{sandbox.url}/profil")
    sign_out(page)
    texts = sandbox.newest_id("SMS", GRACE.phone)
    page.get_by_role("button", name="Mit Passkey anmelden").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Grace O'Connor")
    assert sandbox.newest_id("SMS", GRACE.phone) == texts


def test_cancelled_passkey_leaves_the_way_by_password_open(visit: Visits) -> None:
    page = visit(path="/anmelden")
    plug_in_authenticator(page)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("nehmen Sie Ihr Passwort")
    expect(page.get_by_label("E-Mail-Adresse")).to_be_visible()


def test_session_cookie_is_bound_to_this_host_and_hidden_from_scripts(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/anmelden")
    sign_in(page, sandbox, HEDWIG)

    [cookie] = page.context.cookies()
    assert cookie["value"]
    assert {name: value for name, value in cookie.items() if name != "value"} == {
        "name": COOKIE,
        "domain": "localhost",
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": True,
        "sameSite": "Strict",
    }
    assert page.evaluate("document.cookie") == ""


def test_signing_out_ends_the_session_on_the_server(visit: Visits, sandbox: Sandbox) -> None:
    token = sandbox.sign_in(HEDWIG)
    page = visit(token=token)
    page.goto(f"{sandbox.url}/profil")
    sign_out(page)

    expect(page.get_by_role("alert")).to_contain_text("Sie sind abgemeldet")
    assert page.context.cookies() == []
    assert sandbox.execute(WHO_AM_I, token=token)["viewer"] is None
    page.go_back()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")


def test_signed_out_customer_returns_to_the_page_asked_for(visit: Visits, sandbox: Sandbox) -> None:
    page = visit(path="/vertraege?suche=Haft")
    expect(page).to_have_url(re.compile(r"/anmelden\?zurueck=%2Fvertraege%3Fsuche%3DHaft$"))
    sign_in(page, sandbox, HEDWIG)
    expect(page).to_have_url(f"{sandbox.url}/vertraege?suche=Haft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verträge")


def _cookie(page: Page) -> str:
    return next((cookie["value"] for cookie in page.context.cookies()), "none")
