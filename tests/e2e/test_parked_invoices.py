"""Invoices kept on the device, added up, and handed in together later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.claiming import CII
from tests.e2e.browsing import DESKTOP, PHONE, settle, wait_for_shell
from tests.e2e.claiming import (
    KEPT_RECORDS,
    NO_NETWORK,
    choose,
    count_claims,
    expect_sent,
    keep_jpegs,
    made_jpegs,
    package_of,
    picture,
    send_button,
    sheet,
)
from tests.e2e.newcomer import new_insured
from tests.e2e.pages import section
from tests.e2e.pdf_readers import pictures_in
from tests.e2e.wording import words

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


def _begin(page: Page, sandbox: Sandbox, *files: FilePayload, language: str = "de") -> None:
    """Begin an invoice to be kept, as far as its last step."""
    say = words(language)
    page.goto(f"{sandbox.url}/rechnungen/gesammelt")
    page.get_by_role("link", name=say["parked_new"]).click()
    page.get_by_label(say["claims_kind_medical_invoice"]).check()
    page.get_by_role("button", name=say["claims_next"]).click()
    page.get_by_label("Kranken Voll").check()
    page.get_by_role("button", name=say["claims_next"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["claims_pages_title"])
    choose(page, *files)
    page.get_by_role("button", name=say["claims_next"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["parked_step_title"])


def _keep(page: Page, language: str = "de") -> None:
    say = words(language)
    page.get_by_role("button", name=say["parked_keep"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["parked_title"])


def _hand_in_all(page: Page, language: str = "de") -> None:
    """Go on to the last step with everything that is kept."""
    say = words(language)
    page.get_by_role("button", name=say["parked_pick_all"]).click()
    page.get_by_role("button", name=say["parked_go_on"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["claims_review_title"])
    send_button(page, language).wait_for()


def _body(request: object) -> bytes:
    return getattr(request, "post_data_buffer", None) or b""


def _keep_two(page: Page, sandbox: Sandbox) -> list[bytes]:
    """Keep two invoices, the younger one first; the pages in the order in which they are sent."""
    _begin(page, sandbox, picture("labor.jpg", sheet(size=(1200, 1600))))
    page.locator("#amount").fill("viel")
    page.get_by_role("button", name="Sammeln").click()
    expect(page.get_by_role("alert")).to_contain_text("Geben Sie einen Betrag über null ein")
    page.locator("#amount").fill("1,084.63")
    page.locator("#issuedOn").fill("2026-06-30")
    _keep(page)
    younger = made_jpegs(page)
    _begin(page, sandbox, picture("1.jpg", sheet()), picture("2.jpg", sheet(size=(1000, 1400))))
    page.locator("#title").fill("Zahnarzt streng geheim")
    page.locator("#amount").fill("7.215,40")
    page.locator("#issuedOn").fill("2026-05-02")
    _keep(page)
    return made_jpegs(page) + younger


def _set_limits(page: Page) -> None:
    """Set a limit that is missed by a cent, and one that is reached."""
    page.get_by_role("button", name="Grenze festlegen").click()
    page.locator("#threshold").fill("8.300,04")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("main dl")).to_contain_text("8.300,04 € · es fehlen 0,01 €")
    page.get_by_role("button", name="Grenze ändern").click()
    page.locator("#threshold").fill("8300")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("main dl")).to_contain_text("8.300,00 € · erreicht")


def _expect_reminders(page: Page, sandbox: Sandbox) -> None:
    """Read of them before signing out and on the start page; go back to them from there."""
    page.goto(f"{sandbox.url}/profil")
    expect(page.locator("main")).to_contain_text("Dazu gehören 2 gesammelte Rechnungen.")
    page.goto(f"{sandbox.url}/")
    waiting = section(page, "Noch nicht gesendet")
    expect(waiting).to_contain_text("2 Rechnungen, nur auf diesem Gerät")
    expect(waiting).to_contain_text("8.300,03 €")
    expect(waiting).to_contain_text("Ihre Grenze ist erreicht")
    waiting.get_by_role("link").click()


def test_X10_F60_F63_two_parked_invoices_are_added_up_and_become_one_claim(
    visit: Visits, sandbox: Sandbox
) -> None:
    visit.expected.append(NO_NETWORK)
    carla = new_insured(sandbox)
    token = sandbox.sign_in(carla)
    page = visit(path="/services", token=token, size=PHONE, service_workers="allow")
    wait_for_shell(page)
    said: list[bytes] = []
    page.context.on("request", lambda one: said.append(one.url.encode() + _body(one)))
    keep_jpegs(page)
    page.goto(f"{sandbox.url}/rechnungen/gesammelt")
    expect(page.locator("main")).to_contain_text("Noch nichts gesammelt")
    jpegs = _keep_two(page, sandbox)

    page.reload()
    expect(page.locator("main dl")).to_contain_text("8.300,03 € · 2 Rechnungen")
    rows = page.get_by_role("list", name="Was möchten Sie einreichen?").get_by_role("listitem")
    expect(rows.first).to_contain_text("Zahnarzt streng geheim")
    expect(rows.first).to_contain_text("vom 2. Mai 2026 · 2 Seiten")
    _set_limits(page)
    _expect_reminders(page, sandbox)

    page.get_by_role("button", name="Ausgewählte einreichen").click()
    expect(page.get_by_role("alert")).to_contain_text("Wählen Sie mindestens eine Rechnung.")
    _hand_in_all(page)
    expect(page.locator("main")).to_contain_text("Ein PDF mit 3 Seiten")
    page.context.set_offline(True)
    kept = page.evaluate(KEPT_RECORDS)
    send_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Ihr Gerät erreicht uns gerade nicht")
    # Nothing is gone yet; the claim, its PDF and the sealed file are there as well.
    assert page.evaluate(KEPT_RECORDS) == kept + 3
    assert count_claims(sandbox, token) == 0
    page.context.set_offline(False)
    expect_sent(page)
    assert count_claims(sandbox, token) == 1
    document, _ = package_of(sandbox, carla)
    assert pictures_in(document) == jpegs
    assert len(said) > 10
    for private in (b"geheim", b"7215", b"7.215", b"1084", b"8300", b"8.300", b"2026-05-02"):
        assert not [one for one in said if private in one]
    page.goto(f"{sandbox.url}/rechnungen/gesammelt")
    expect(page.locator("main")).to_contain_text("Noch nichts gesammelt")
    expect(page.locator("main")).not_to_contain_text("Noch nicht gesendet")


def test_X9_X10_an_e_invoice_among_them_is_read_and_sent_by_itself_in_the_same_step(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_insured(sandbox, "bkk")
    token = sandbox.sign_in(carla)
    page = visit(path="/", token=token, size=DESKTOP, language="en")
    _begin(page, sandbox, picture("invoice.xml", CII, "application/xml"), language="en")
    expect(page.locator("#amount")).to_have_value("123.45")
    expect(page.locator("#issuedOn")).to_have_value("2026-11-02")
    expect(page.locator("#title")).to_have_value("Dr. Beispiel")
    _keep(page, "en")
    _begin(page, sandbox, picture("1.jpg", sheet()), language="en")
    _keep(page, "en")
    expect(page.locator("main dl")).to_contain_text("€123.45 · 2 invoices, one has no amount")
    _hand_in_all(page, "en")
    expect(page.locator("main")).to_contain_text("These become 2 submissions")
    expect(section(page, "A PDF with one page")).to_be_visible()
    expect(section(page, "Dr. Beispiel")).to_contain_text("€123.45")
    send_button(page, "en").click()
    expect(page.get_by_role("alert")).to_contain_text("Your 2 submissions have arrived")
    expect(page.locator("main")).to_contain_text("Nothing collected yet")
    assert count_claims(sandbox, token) == 2
    page.goto(f"{sandbox.url}/rechnungen")
    settle(page)
    expect(section(page, "Sent")).to_contain_text("Dr. Beispiel")
