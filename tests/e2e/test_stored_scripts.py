"""Whatever texts a customer or a feed brings, no page takes them for a program."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import settle
from tests.e2e.newcomer import new_customer
from tests.e2e.script_payloads import EVERYTHING, PAYLOADS
from tests.e2e.script_planting import plant_scripts

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


# The newest only, a name, or what is on file as the values of fields.
SHOWS_FEW = {
    "/",
    "/profil",
    "/services/persoenliche-daten/adresse",
    "/services/persoenliche-daten/name",
}
SEND_SUPPORT_REQUEST = """mutation($input: SendSupportRequestInput!) {
  sendSupportRequest(input: $input) { ... on SupportRequest { diagnostics { id } } }
}"""


def _send_diagnostics(sandbox: Sandbox, token: str) -> str:
    """Send payloads as technical data; return the address at which their customer sees them."""
    given = {"text": "Bitte sehen.", "idempotencyKey": "scripts", "diagnostics": EVERYTHING}
    answer = sandbox.execute(SEND_SUPPORT_REQUEST, {"input": given}, token)
    return f"/postfach/{answer['sendSupportRequest']['diagnostics']['id']}"


def _load_all(page: Page, button: str) -> None:
    """Press a button until there are no more rows."""
    more = page.get_by_role("button", name=button)
    while more.count():
        more.first.click()
        settle(page)


def test_no_page_runs_what_a_customer_or_a_feed_wrote(
    visit: Visits, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    carla = new_customer(sandbox)
    token = sandbox.sign_in(carla)
    # Playwright keeps this thread's event loop for itself.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pages = pool.submit(asyncio.run, plant_scripts(sandbox.data_dir, carla.email)).result()
    pages["diagnostics"] = _send_diagnostics(sandbox, token)
    page = visit(token=token, path="/")
    ran: list[str] = []
    page.expose_function("__xss", lambda: ran.append(page.url))
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    shown = 0
    for address, button in (
        ("/", ""),
        ("/postfach", "Mehr laden"),
        ("/vertraege", "Mehr laden"),
        ("/postfach/nachrichten", "Mehr laden"),
        (pages["thread"], "Ältere Nachrichten zeigen"),
        (pages["account"], "Mehr laden"),
        (pages["contract"], ""),
        (pages["details"], ""),
        (pages["letter"], ""),
        (pages["diagnostics"], ""),
        ("/services/auftraege", "Mehr laden"),
        (pages["submission"], ""),
        (pages["own"], ""),
        (f"{pages['own']}/aendern", ""),
        (pages["own account"], "Mehr laden"),
        ("/services/persoenliche-daten", ""),
        ("/services/persoenliche-daten/adresse", ""),
        ("/services/persoenliche-daten/name", ""),
        ("/profil", ""),
        ("/profil/sicherheit", ""),
        ("/profil/sicherheit/protokoll", "Mehr laden"),
    ):
        page.goto(f"{sandbox.url}{address}")
        settle(page)
        if button:
            _load_all(page, button)
        text = page.locator("main").text_content() or ""
        found = sum(payload in text for payload in PAYLOADS)
        shown += found
        assert found == len(PAYLOADS) or address in SHOWS_FEW, (address, found)
        assert page.evaluate(_FOREIGN) == []
    assert ran == []
    with capsys.disabled():
        print(f"\n{len(PAYLOADS)} payloads, shown {shown} times, 0 executed")  # noqa: T201
    assert len(PAYLOADS) >= 110


# Elements that only a payload brings, and links that run instead of lead.
_FOREIGN = """() => [
  ...document.querySelectorAll("main :is(script, iframe, video, math, style, animate, body)"),
  ...[...document.querySelectorAll("*")].filter((one) =>
    [...one.attributes].some(({ name }) => name.startsWith("on"))),
  ...[...document.links].filter(({ protocol }) => !/^(https?|mailto|tel|blob):$/.test(protocol)),
].map((one) => one.outerHTML.slice(0, 200))"""


def test_payloads_would_run_where_they_are_taken_for_markup(visit: Visits) -> None:
    page = visit(path="/anmelden").context.new_page()
    ran: list[int] = []
    page.expose_function("__xss", lambda: ran.append(1))
    page.set_content("".join(f"<div>{payload}</div>" for payload in PAYLOADS))
    expect(page.locator("img").first).to_be_attached()
    page.wait_for_timeout(300)
    assert len(ran) >= 3
