"""Giving a consent, confirming it from the mailbox and taking it back, all in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import plain, section

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


def test_F19_consent_by_email_is_given_confirmed_and_taken_back_where_it_was_given(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path="/profil/einstellungen")
    consents = section(page, "Zustimmung und Einwilligungen")
    consents.get_by_role("link", name="Bearbeiten").click()
    settle(page)
    by_email = section(page, "Produktinformationen per E-Mail")
    expect(by_email.get_by_role("status")).to_have_text("Nicht erteilt")
    expect(by_email).to_contain_text("Für Anrufe gilt sie nicht")
    by_email.get_by_role("button", name="Einwilligen").click()
    expect(by_email.get_by_role("status")).to_contain_text("Noch nicht bestätigt")
    expect(by_email).to_contain_text(carla.email)

    mail = sandbox.message_after(0, "MAIL", carla.email)
    assert mail["subject"] == "Bitte bestätigen: Produktinformationen per E-Mail"
    link = sandbox.path_in(mail)
    mailbox = visit(path=link)
    mailbox.get_by_role("button", name="Einwilligung bestätigen").click()
    expect(mailbox.get_by_role("heading", level=1)).to_have_text("Ihre Einwilligung gilt")
    again = visit(path=link)
    again.get_by_role("button", name="Einwilligung bestätigen").click()
    expect(again.get_by_role("alert")).to_contain_text("Dieser Link gilt nicht mehr")

    page.reload()
    settle(page)
    expect(by_email.get_by_role("status")).to_contain_text("Erteilt am")
    by_email.get_by_role("button", name="Einwilligung zurücknehmen").click()
    expect(by_email.get_by_role("status")).to_contain_text("Zurückgenommen am")
    expect(by_email.get_by_role("button", name="Einwilligen")).to_be_focused()
    for title in ("Produktinformationen per Telefon", "Auswertung meiner Umsätze"):
        expect(section(page, title).get_by_role("status")).to_have_text("Nicht erteilt")

    page.get_by_role("link", name="Verlauf ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verlauf")
    rows = page.get_by_role("list", name="Verlauf").get_by_role("listitem")
    expect(rows).to_have_count(3)
    assert [plain(row.split("\n")[0]) for row in rows.all_inner_texts()] == [
        "Produktinformationen per E-Mail: zurückgenommen",
        "Produktinformationen per E-Mail: erteilt",
        "Produktinformationen per E-Mail: angefragt",
    ]
    expect(rows.nth(1)).to_contain_text("über den Link in der E-Mail")
    expect(rows.nth(1)).to_contain_text("Text vom 1. Januar 2025")


def test_F28_F107_delivery_is_changed_per_company_on_a_phone(visit: Visits) -> None:
    page = visit(ANNA, "/profil/einstellungen", language="en", size=PHONE)
    delivery = section(page, "Delivery of your letters")
    expect(delivery.get_by_role("listitem").filter(has_text="BKK")).to_contain_text("on paper only")
    delivery.get_by_role("link", name="Change").click()
    settle(page)
    insurer = section(page, "Musterland Lebensversicherung AG")
    expect(insurer.get_by_role("status")).to_contain_text("Digitally to the postbox, since")
    insurer.get_by_role("button", name="Send on paper as well").click()
    expect(insurer.get_by_role("status")).to_contain_text("Digitally to the postbox and on paper")

    fund = section(page, "Musterland BKK")
    expect(fund.get_by_role("status")).to_have_text("On paper only")
    expect(fund).to_contain_text("Official decisions start time limits")
    fund.get_by_role("button", name="Switch on digital letters").click()
    expect(fund.get_by_role("status")).to_contain_text("Digitally to the postbox, since")
    expect(fund).not_to_contain_text("Official decisions start time limits")
    fund.get_by_role("button", name="Switch back to paper").click()
    expect(fund.get_by_role("status")).to_contain_text("On paper only, since")
    insurer.get_by_role("button", name="Send digitally only").click()
    expect(insurer.get_by_role("status")).not_to_contain_text("paper")

    page.get_by_role("link", name="View history").click()
    rows = page.get_by_role("list", name="History").get_by_role("listitem")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("Musterland Lebensversicherung AG: digitally to the postbox")
    expect(rows.nth(2)).to_contain_text("Musterland BKK: digitally to the postbox")
    expect(rows.nth(2)).to_contain_text("text of 1 January 2025")
