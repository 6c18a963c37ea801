"""Notices in the browser: one that failed asks for an address, a decision shows its deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import BERTA, HEDWIG
from tests.e2e.browsing import DESKTOP, PHONE
from tests.e2e.pages import follow, section
from tests.e2e.sandbox import wait_for

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

FAILED = "{ viewer { noticeFailedAt } }"


def test_M2_X6_who_cannot_be_reached_is_asked_for_another_address(
    visit: Visits, sandbox: Sandbox
) -> None:
    token = sandbox.token_of(HEDWIG)
    wait_for(
        lambda: sandbox.execute(FAILED, token=token)["viewer"]["noticeFailedAt"],
        "the notice that came back",
        timedelta(seconds=60),
    )
    page = visit(HEDWIG, size=PHONE)
    waiting = section(page, "Zu erledigen")
    expect(waiting).to_contain_text(f"Wir erreichen Sie nicht unter {HEDWIG.email}")
    follow(page, "Neue E-Mail-Adresse angeben")
    expect(page.get_by_role("heading", level=1)).to_have_text("E-Mail-Adresse ändern")
    page = visit(HEDWIG, "/postfach", size=PHONE)
    page.get_by_role("link", name="Neue Bedingungen Ihrer Haftpflicht").click()
    delivery = section(page, "Zustellung")
    expect(delivery).to_contain_text(f"Nicht angekommen: {HEDWIG.email}")
    expect(delivery).to_contain_text("Druck beauftragt am 21. November 2026")
    expect(delivery).not_to_contain_text("Zuerst geöffnetNoch nicht")
    expect(delivery).to_contain_text("Zuerst heruntergeladenNoch nicht")
    with page.expect_download():
        page.get_by_role("link", name="Herunterladen").click()
    page.reload()
    expect(section(page, "Zustellung")).not_to_contain_text("Noch nicht")
    at_home = f"{HEDWIG.display_name}, {HEDWIG.street}, {HEDWIG.city}"
    (letter,) = sandbox.messages("LETTER", at_home)
    assert letter["subject"] == "Neue Bedingungen Ihrer Haftpflicht"


def test_X7_a_decision_shows_until_when_one_can_object(visit: Visits) -> None:
    page = visit(BERTA, "/postfach", size=DESKTOP, language="en")
    row = page.locator("main ul > li").filter(has_text="Ihre Befreiung von Zuzahlungen")
    expect(row).to_contain_text("Objection until 28 December 2026")
    row.get_by_role("link").click()
    expect(page.get_by_text("Objection until 28 December 2026")).to_be_visible()
    expect(page.locator("main")).to_contain_text("counts as announced on 25 November 2026")
    delivery = section(page, "Delivery")
    expect(delivery).to_contain_text(f"to {BERTA.email}")
    expect(delivery).to_contain_text("Counts as announced25 November 2026")
