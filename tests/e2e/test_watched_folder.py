"""A letter dropped into the watched folder: in the postbox, and a mail that tells nothing."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import HEDWIG

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

SUBJECT = "Ihre neue Schadennummer 4711"


def test_F24_F26_letter_from_the_watched_folder_arrives_with_a_notice_that_tells_nothing(
    visit: Visits, sandbox: Sandbox
) -> None:
    before = sandbox.newest_id("MAIL", HEDWIG.email)
    _drop(sandbox.data_dir / "inbox" / "sach", _any_letter(sandbox.data_dir))
    notice = sandbox.message_after(before, "MAIL", HEDWIG.email)

    page = visit(HEDWIG, "/postfach")
    expect(page.locator("main ul > li").first).to_contain_text(SUBJECT)
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
