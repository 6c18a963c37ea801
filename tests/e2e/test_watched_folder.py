"""A letter dropped into the watched folder: soon in open pages, and a mail that tells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import HEDWIG, JONAS
from tests.e2e.browsing import PHONE, settle
from tests.e2e.letters import drop_letter
from tests.e2e.pages import section, unread_count

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

SUBJECT = "Ihre neue Schadennummer 4711"


# Of which the folder takes three: it waits until a file stands still.
ARRIVES_WITHIN_MS = 5_000


def test_F23_F24_F26_letter_from_the_watched_folder_shows_in_open_pages_and_a_mail_tells_nothing(
    visit: Visits, sandbox: Sandbox
) -> None:
    before = sandbox.newest_id("MAIL", HEDWIG.email)
    overview = visit(HEDWIG, "/", service_workers="allow")
    postbox = visit(HEDWIG, "/postfach", size=PHONE)
    foreign = visit(JONAS, "/postfach")
    unread = unread_count(overview)
    rows = section(overview, "Postfach").locator("ul > li")
    for page in (overview, postbox, foreign):
        page.evaluate("() => { window.wasNeverLoadedAnew = true; }")

    drop_letter(sandbox, HEDWIG, SUBJECT)
    expect(rows.first).to_contain_text(SUBJECT, timeout=ARRIVES_WITHIN_MS)
    expect(postbox.locator("main ul > li").first).to_contain_text(SUBJECT, timeout=1_000)
    settle(overview)
    assert unread_count(overview) == unread + 1
    assert unread_count(postbox) == unread + 1
    assert SUBJECT not in foreign.locator("main").inner_text()
    for page in (overview, postbox, foreign):
        assert page.evaluate("() => window.wasNeverLoadedAnew") is True
    notice = sandbox.message_after(before, "MAIL", HEDWIG.email)
    assert "Musterland Informatik GmbH" in notice["sender"]
    assert "<postfach@informatik.musterland.example>" in notice["sender"]
    assert notice["subject"] == "Neues Dokument in Ihrem Postfach"
    told = notice["subject"] + notice["text"]
    for secret in (SUBJECT, "4711", "Sachversicherung", "S-2019", HEDWIG.family_name):
        assert secret not in told
    assert "Spam-Ordner" in told
