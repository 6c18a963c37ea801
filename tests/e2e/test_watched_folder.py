"""A letter dropped into the watched folder: soon in open pages, and a mail that tells nothing."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import HEDWIG, JONAS
from tests.e2e.browsing import PHONE, settle
from tests.e2e.pages import section, unread_count

if TYPE_CHECKING:
    from pathlib import Path

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

    _drop(sandbox.data_dir / "inbox" / "sach", _any_letter(sandbox.data_dir))
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


def _any_letter(data_dir: Path) -> bytes:
    """Return the content of one of the demo world's letters."""
    return next((data_dir / "feeds" / "sach" / "documents").glob("*.pdf")).read_bytes()


def _drop(folder: Path, content: bytes) -> None:
    """Hand a letter over as an institution does: files first, the manifest last and at once."""
    # Another end makes it another file: a letter already known would change nothing.
    content += b"\n% handed over by the browser tests\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "handed-over.pdf").write_bytes(content)
    entry = {
        "id": f"SACH-2026-{hashlib.sha256(content).hexdigest()[:6]}",
        "customer_number": HEDWIG.numbers["sach"],
        "contract_number": None,
        "kind": "LETTER",
        "date": "2026-11-21",
        "sha256": hashlib.sha256(content).hexdigest(),
        "subject": SUBJECT,
        "official_decision": True,
        "file": "handed-over.pdf",
        "sender": "Musterland Sachversicherung AG",
        "direction": "INCOMING",
    }
    unfinished = folder / "manifest.json.part"
    unfinished.write_text(json.dumps([entry]), encoding="utf-8")
    unfinished.rename(folder / "manifest.json")
