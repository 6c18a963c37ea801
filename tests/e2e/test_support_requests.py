"""A message to the support desk in the browser: what is seen is what goes, offline included."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import MEHMET
from tests.e2e.browsing import PHONE, settle
from tests.e2e.pages import follow

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

SENT = """{ viewer { conversations { nodes { messages { nodes { text attachments { sha256 } } } } }
  receipts { nodes { kind } } } }"""
KEPT = "Object.keys(localStorage).filter(key => /draft|sending/.test(key))"
DESK = "portal-support@musterland.example"
SAID = "Die Umsätze bleiben leer."


def test_F125_F126_F127_what_was_looked_at_is_sent_and_nothing_else(
    visit: Visits, sandbox: Sandbox
) -> None:
    token = sandbox.sign_in(MEHMET)
    page = visit(token=token, path="/profil", size=PHONE)
    visit.expected.append("ERR_INTERNET_DISCONNECTED")
    follow(page, "Technische Daten")
    expect(page.locator("main")).to_contain_text(page.evaluate("navigator.userAgent"))
    expect(page.locator("main")).to_contain_text("127.0.0.0/24")
    expect(page.locator("main")).to_contain_text("Musterland Sachversicherung AG")
    follow(page, "Nachricht an den Support")
    seen = _write(page)

    _lose_the_network(page)
    expect(page.locator("main pre").last).to_have_text(seen)
    before = sandbox.newest_id("MAIL", DESK)
    page.get_by_role("button", name="An den Support senden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Nachricht ist gesendet")
    receipt = page.get_by_role("link", name=re.compile("Quittung Nr. .* herunterladen"))
    expect(receipt).to_be_visible()
    assert page.evaluate(KEPT) == []
    mail = sandbox.message_after(before, "MAIL", DESK)
    for secret in (SAID, MEHMET.email, MEHMET.family_name, "127.0.0"):
        assert secret not in mail["text"] + mail["subject"]

    viewer = sandbox.execute(SENT, token=token)["viewer"]
    assert viewer["receipts"]["nodes"][0] == {"kind": "SUPPORT_REQUEST"}
    [message] = viewer["conversations"]["nodes"][0]["messages"]["nodes"]
    assert message["text"] == SAID
    assert message["attachments"] == [{"sha256": hashlib.sha256(seen.encode()).hexdigest()}]
    _read_again(page, sandbox, seen)


def _write(page: Page) -> str:
    """Write with nothing along, then with one group; return its text as it is shown."""
    to_review = page.get_by_role("button", name="Nachricht prüfen")
    expect(page.get_by_role("checkbox")).to_have_count(3)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    for text, problem in (("", "Schreiben Sie, was nicht"), ("x" * 5001, "auf 5.000 Zeichen")):
        page.get_by_label("Ihre Nachricht").fill(text)
        to_review.click()
        expect(page.get_by_role("alert")).to_contain_text(problem)
    page.get_by_label("Ihre Nachricht").fill(SAID)
    to_review.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Das geht an den Support")
    expect(page.locator("main")).to_contain_text("Es gehen keine technischen Daten mit.")
    page.get_by_role("button", name="Ändern").click()
    page.get_by_label("Verbindung").check()
    to_review.click()
    seen = page.locator("main pre").last.text_content() or ""
    assert seen.startswith("Verbindung\nAdresse des Portals: ")
    assert "127.0.0.0/24" in seen
    assert page.evaluate("navigator.userAgent") not in seen
    return seen


def _lose_the_network(page: Page) -> None:
    """Fail to send: the message stays on the device as it was looked at."""
    page.context.set_offline(True)
    page.get_by_role("button", name="An den Support senden").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("Die Nachricht liegt nur auf diesem Gerät.")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    settle(page)


def _read_again(page: Page, sandbox: Sandbox, seen: str) -> None:
    """Find what was sent, byte for byte, under "Gesendet"; the next message begins empty."""
    follow(page, "Gesendete technische Daten ansehen")
    expect(page.locator("main pre")).to_have_text(seen)
    with page.expect_download() as download:
        page.get_by_role("link", name="Herunterladen").click()
    assert Path(download.value.path()).read_bytes() == seen.encode()
    assert download.value.suggested_filename == "technische-daten.txt"
    page.get_by_role("button", name="English").click()
    page.goto(f"{sandbox.url}/postfach?ordner=gesendet")
    settle(page)
    expect(page.locator("main")).to_contain_text("Technische Daten")
    page.goto(f"{sandbox.url}/profil/technische-daten/support")
    settle(page)
    expect(page.get_by_label("Connection", exact=True)).not_to_be_checked()
    expect(page.get_by_label("Your message")).to_have_value("")
