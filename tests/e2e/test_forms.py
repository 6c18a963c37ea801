"""The download centre in the browser: found, taken along, sent back filled in (F110)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import JONAS
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import apply_filter, choose_file, follow, open_filter, row_titles
from tests.security.hostile_files import located_photo

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


def test_F110_a_form_is_found_downloaded_and_sent_back(visit: Visits, sandbox: Sandbox) -> None:
    token = sandbox.sign_in(new_customer(sandbox))
    page = visit(token=token, path="/services", size=PHONE)
    follow(page, "Formulare herunterladen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Formulare")
    expect(page.get_by_role("status").filter(has_text="8 Formulare")).to_be_visible()

    apply_filter(page, suche="vollmachten")
    expect(page.get_by_role("status").filter(has_text="1 Formular")).to_be_visible()
    assert "suche=vollmachten" in page.url
    form = page.locator("main li", has_text="Kontovollmacht")
    with page.expect_download() as download:
        form.get_by_role("link", name="Herunterladen Kontovollmacht").click()
    assert download.value.suggested_filename == "BANK-0402.pdf"
    content = Path(download.value.path()).read_bytes()
    delivered = sandbox.data_dir / "feeds/bank/forms/BANK-0402.pdf"
    assert hashlib.sha256(content).digest() == hashlib.sha256(delivered.read_bytes()).digest()

    form.get_by_role("link", name="Ausgefüllt zurücksenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nachricht schreiben")
    expect(page.locator("main")).to_contain_text("An: Musterland Bank AG")
    expect(page.get_by_label("Betreff")).to_have_value("Kontovollmacht")
    page.get_by_label("Ihre Nachricht").fill("Anbei das ausgefüllte Formular.")
    choose_file(
        page,
        "Dateien anhängen (freiwillig)",
        {"name": "vollmacht.jpg", "mimeType": "image/jpeg", "buffer": located_photo()},
    )
    expect(page.get_by_role("list", name="Anhänge")).to_contain_text("Geprüft")
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontovollmacht")
    page.goto(f"{sandbox.url}/postfach?ordner=gesendet")
    settle(page)
    assert row_titles(page) == ["vollmacht.jpg"]


def test_F110_no_form_a_broken_connection_and_english_are_told(visit: Visits) -> None:
    page = visit(JONAS, "/services/formulare?suche=Raumfahrt", language="en")
    expect(page.get_by_role("status").filter(has_text="No form matches")).to_be_visible()
    page.get_by_role("button", name="Reset filter").last.click()
    expect(page.get_by_text("8 forms")).to_be_visible()
    expect(page.locator("main li").first).to_contain_text("Authority over an account")
    open_filter(page)
    page.get_by_label("From").select_option(label="Musterland BKK")
    page.get_by_label("For what").select_option(label="Personal details")
    visit.expected.append("ERR_FAILED")
    page.route("**/graphql", lambda route: route.abort())
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    page.unroute("**/graphql")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("1 form", exact=True)).to_be_visible()
    expect(page.locator("main li").filter(has_text="Family insurance")).to_be_visible()
