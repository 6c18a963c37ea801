"""The ways in which an institution takes claims, as its customers read them in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import PIA
from tests.e2e.browsing import DESKTOP

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.e2e.browsing import Visits

pytestmark = pytest.mark.e2e

_TOUCHED = """Object.defineProperty(navigator, "userAgent",
  { get: () => "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1" });"""

_FIELD = '"isOpenToDesktops":'


def _take_phones_only(page: Page) -> None:
    """Answer as a portal does whose policy takes nothing from desktop browsers."""

    def answer(route: Route) -> None:
        response = route.fetch()
        told = response.text().replace('"isOpenToDesktops":true', '"isOpenToDesktops":false')
        route.fulfill(response=response, body=told)

    page.route("**/graphql", answer)


def test_F49_a_desktop_browser_is_led_to_the_phone_where_policy_says_so(visit: Visits) -> None:
    page = visit(PIA, "/rechnungen/neu", size=DESKTOP)
    expect(page.locator("main form")).to_have_count(1)
    _take_phones_only(page)
    page.reload()
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Nehmen Sie dafür Ihr Smartphone")
    expect(refused).to_contain_text("Musterland Krankenversicherung AG nimmt Rechnungen nur vom")
    expect(refused.get_by_role("img")).to_have_accessible_name(
        f"QR-Code mit der Adresse {page.url}"
    )
    expect(page.locator("main form")).to_have_count(0)
    page.add_init_script(_TOUCHED)
    page.reload()
    expect(page.locator("main form")).to_have_count(1)
    page.unroute_all(behavior="wait")
