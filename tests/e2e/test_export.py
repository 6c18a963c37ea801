"""Taking everything along: from the postbox to a ZIP that opens without the portal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA
from tests.e2e.browsing import PHONE
from tests.e2e.pages import section
from tests.exporting import opened

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


def test_X12_X13_all_documents_and_data_are_downloaded_on_a_phone(
    visit: Visits, sandbox: Sandbox
) -> None:
    mails = sandbox.newest_id("MAIL", ANNA.email)
    page = visit(ANNA, "/postfach", language="en", size=PHONE)
    page.get_by_role("link", name="Download all documents").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Take your data along")
    content = section(page, "What is in the file").get_by_role("listitem")
    shown = int(content.first.locator("[class*=figure]").first.inner_text())
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download ZIP file").click()
    download = waiting.value
    expect(page.get_by_role("alert")).to_contain_text("Your browser is downloading the file")

    assert download.suggested_filename.startswith("Customer-portal-export-2026-")
    export = opened(Path(download.path()).read_bytes())
    assert {name.partition("/")[0] for name in export.files} == {"Inbox", "Sent"}
    assert len(export.files) == shown
    assert all(content.startswith(b"%PDF") for content in export.files.values())
    assert '<html lang="en">' in export.index
    assert export.links == ["daten.json", *export.files]
    assert export.data["person"]["givenName"] == "Anna"
    assert len(export.data["contracts"]) >= 8
    assert len(export.data["transactions"]) >= 10
    told = sandbox.message_after(mails, "MAIL", ANNA.email, "Ihre Daten wurden heruntergeladen")
    assert "ZIP-Datei" in told["text"]


def test_X12_the_index_opens_its_files_from_a_disk(
    visit: Visits, sandbox: Sandbox, tmp_path: Path
) -> None:
    response = sandbox.client.get(
        "/export.zip", headers={"Authorization": f"Bearer {sandbox.token_of(ANNA)}"}
    )
    export = opened(response.content)
    for name, content in (("index.html", export.index.encode()), *export.files.items()):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    page = visit.new_context().new_page()
    visit.expected.append("request to another host: file:")
    page.goto((tmp_path / "index.html").as_uri())
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Dokumente und Daten von Anna Beispiel")
    received = [name for name in export.files if name.startswith("Eingang/")]
    rows = page.get_by_role("table", name="Eingang").get_by_role("row")
    expect(rows).to_have_count(1 + len(received))
    hrefs = page.locator("td a").evaluate_all("links => links.map(link => link.href)")
    leads_to = {unquote(href.removeprefix("file://")) for href in hrefs}
    assert leads_to == {str(tmp_path / name) for name in export.files}
