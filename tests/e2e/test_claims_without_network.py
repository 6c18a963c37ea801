"""Claims that are gone on with while there is no network, after the page was opened anew."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, wait_for_shell
from tests.e2e.claiming import (
    KEPT_RECORDS,
    NO_NETWORK,
    begin_claim,
    choose,
    count_claims,
    expect_sent,
    package_of,
    picture,
    review,
    send_button,
    sheet,
)
from tests.e2e.newcomer import new_insured
from tests.e2e.pages import section
from tests.e2e.pdf_readers import pictures_in
from tests.e2e.sandbox import wait_for

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

_FORGETS_WITHIN = timedelta(seconds=10)


def test_F47_F58_a_draft_is_gone_on_with_after_a_reload_without_network_until_signing_out(
    visit: Visits, sandbox: Sandbox
) -> None:
    visit.expected.append(NO_NETWORK)
    carla = new_insured(sandbox)
    token = sandbox.sign_in(carla)
    page = visit(path="/services", token=token, size=PHONE, service_workers="allow")
    wait_for_shell(page)
    begin_claim(page, sandbox)
    choose(page, picture("1.jpg", sheet()))
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("main")).to_contain_text("Dieses Gerät kennt Ihre Verträge vom")
    expect(page.locator("main ol > li")).to_have_count(1)
    choose(page, picture("2.jpg", sheet()))
    review(page)
    # The list shows what waits here, though nobody can tell it what was sent before.
    last_step = page.url
    page.goto(f"{sandbox.url}/rechnungen")
    expect(section(page, "Noch nicht gesendet")).to_contain_text("Arztrechnung")
    expect(section(page, "Gesendet")).to_contain_text("Sie sind offline")
    page.goto(last_step)
    send_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Ihr Gerät erreicht uns gerade nicht")
    assert count_claims(sandbox, token) == 0
    page.context.set_offline(False)
    expect_sent(page)
    expect(page.get_by_role("link", name="Postfach")).to_be_visible()
    document, _ = package_of(sandbox, carla)
    assert len(pictures_in(document)) == 2

    begin_claim(page, sandbox, title="Streng geheim")
    draft = page.url
    kept = page.evaluate(KEPT_RECORDS)
    page.goto(f"{sandbox.url}/profil")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    # The draft stays for the next time, what the server told does not.
    wait_for(
        lambda: page.evaluate(KEPT_RECORDS) == kept - 1 or None, "one record less", _FORGETS_WITHIN
    )
    page.context.set_offline(True)
    page.goto(draft)
    expect(page.get_by_role("alert")).to_contain_text("Sie sind offline")
    expect(page.locator("main ol > li")).to_have_count(0)
    page.goto(f"{sandbox.url}/rechnungen")
    expect(section(page, "Gesendet")).to_contain_text("Sie sind offline")
    expect(page.locator("main")).not_to_contain_text("Streng geheim")
