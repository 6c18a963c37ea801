"""Receipts in the browser: given after an approval, listed, and verified without the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.cli import main
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import approve_with_tan, choose_file, follow
from tests.receipt_vectors import read

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

# As a browser that knows WebCrypto, but not this signature.
WITHOUT_ED25519 = """if (crypto.subtle) crypto.subtle.importKey = () =>
  Promise.reject(new DOMException("unknown", "NotSupportedError"))"""


def _download(page: Page, link: str, path: Path) -> Path:
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name=link).click()
    download.value.save_as(path)
    return path


def test_M1_X8_what_was_approved_has_a_receipt_that_is_verified_offline(
    visit: Visits, sandbox: Sandbox, tmp_path: Path
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path="/profil/einstellungen/e-mail", size=PHONE)
    page.get_by_label("Neue E-Mail-Adresse").fill(f"quittung.{carla.email}")
    page.get_by_role("button", name="Weiter zur Freigabe").click()
    approve_with_tan(page, sandbox, carla.phone)
    first = _download(page, "herunterladen", tmp_path / "first.json")

    page.goto(f"{sandbox.url}/profil")
    settle(page)
    follow(page, "Quittungen")
    row = page.locator("main li", has_text="Ihre E-Mail-Adresse ändern in quittung.")
    expect(row).to_contain_text("Nr. ")
    again = _download(page, "Herunterladen", tmp_path / "again.json")
    assert json.loads(first.read_text())["statement"] == json.loads(again.read_text())["statement"]
    assert main(["verify-receipt", str(again)]) == 0

    follow(page, "Quittung prüfen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quittung prüfen")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    choose_file(page, "Quittung", again)
    expect(page.get_by_role("alert")).to_contain_text("Diese Quittung ist echt")
    expect(page.locator("main")).to_contain_text(f"quittung.{carla.email}")
    forged = json.loads(again.read_text())
    forged["statement"]["issuedAt"] = "2026-01-01T00:00:00.000000Z"
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    choose_file(page, "Quittung", tmp_path / "forged.json")
    expect(page.get_by_role("alert")).to_contain_text("Diese Quittung stimmt nicht")
    expect(page.get_by_role("alert")).to_contain_text("Inhalt, Zeit oder Nummer wurde verändert")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("alert")).to_contain_text("This receipt is not right")


def test_M1_a_file_is_compared_with_what_was_sent_in(visit: Visits, tmp_path: Path) -> None:
    page = visit(path="/quittung-pruefen", language="en")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    choose_file(page, "Receipt", tmp_path / "letter.pdf")
    expect(page.get_by_role("alert")).to_contain_text("The file is no receipt")
    choose_file(page, "Receipt", _receipt_of_another_house(tmp_path))
    choose_file(page, "The file you sent in", tmp_path / "letter.pdf")
    expect(page.get_by_role("alert")).to_contain_text("The content is not what was sent in")
    expect(page.get_by_role("alert")).to_contain_text("does not come from us")
    (tmp_path / "invoice.pdf").write_bytes(b"file 3")
    choose_file(page, "The file you sent in", tmp_path / "invoice.pdf")
    expect(page.get_by_role("alert")).not_to_contain_text("The content is not what was sent in")


def test_M1_a_browser_that_cannot_verify_says_so(visit: Visits) -> None:
    context = visit.new_context()
    context.add_init_script(WITHOUT_ED25519)
    page = context.new_page()
    page.goto(f"{visit.sandbox.url}/quittung-pruefen")
    expect(page.locator("main")).to_contain_text("Dieser Browser kann das nicht")
    expect(page.locator("main input")).to_have_count(0)


def _receipt_of_another_house(folder: Path) -> Path:
    path = folder / "receipt-3.json"
    path.write_text(json.dumps(read()["receipts"][3]), encoding="utf-8")
    return path
