"""A session that ends by time: what the customer reads, and where it goes on afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA, KLAUS
from tests.e2e.browsing import settle
from tests.e2e.pages import follow, sign_in
from tests.signing_in import WHO_AM_I

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


def test_after_sixteen_idle_minutes_the_sign_in_page_says_so_and_leads_back(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(token=sandbox.sign_in(KLAUS), path="/postfach")
    # The page may just be asking for changes of the postbox.
    visit.expected.append("status of 401")
    with sandbox.travelling():
        sandbox.travel(sandbox.now() + timedelta(minutes=16))
        page.get_by_role("link", name="Verträge").first.click()

        expect(page.get_by_role("alert")).to_contain_text("Ihre Sitzung ist beendet")
        expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
        sign_in(page, sandbox, KLAUS)
        expect(page).to_have_url(f"{sandbox.url}/vertraege")
        expect(page.get_by_role("heading", level=1)).to_have_text("Verträge")


def test_five_minutes_are_enough_once_transactions_were_opened(
    visit: Visits, sandbox: Sandbox
) -> None:
    token = sandbox.sign_in(ANNA)
    page = visit(token=token, path="/vertraege")
    follow(page, "Tagesgeld Plus")
    with sandbox.travelling():
        sandbox.travel(sandbox.now() + timedelta(minutes=6))
        assert sandbox.execute(WHO_AM_I, token=token)["viewer"] is None
        page.reload()
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")


def test_customer_is_warned_before_the_end_and_may_stay(visit: Visits, sandbox: Sandbox) -> None:
    context = visit.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{sandbox.url}/anmelden")
    settle(page)
    sign_in(page, sandbox, KLAUS)
    page.clock.fast_forward("13:30")
    dialog = page.get_by_role("dialog", name="Sind Sie noch da?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Angemeldet bleiben").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Klaus Papier")
