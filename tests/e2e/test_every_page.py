"""Every page in both languages, both themes and on both screens: accessible, and pictured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.browsing import DESKTOP, PHONE, settle
from tests.e2e.places import PLACES, Place, open_place
from tests.e2e.screens import is_wanted, take_picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits

pytestmark = pytest.mark.e2e

SCREENS = {"desktop": DESKTOP, "phone": PHONE}
_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_AXE = Axe()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_is_accessible_in_both_themes_on_both_screens(
    visit: Visits, place: Place, language: str
) -> None:
    page = open_place(visit, place, language=language)
    found = []
    for theme in ("light", "dark"):
        _switch_theme(page, theme)
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            settle(page)
            found += [f"{theme} {screen}: {line}" for line in violations(page)]
            if is_wanted(place, screen, theme, language):
                take_picture(page, f"{place.name}-{screen}-{theme}-{language}")
    assert page.locator("html").get_attribute("lang") == language
    assert found == []


def violations(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA and good practice, one line each."""
    results = _AXE.run(page, options=_RULES).response["violations"]
    return [
        f"{violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in results
        for node in violation["nodes"]
    ]


def _switch_theme(page: Page, theme: str) -> None:
    """Switch as the page's own switch does, without pressing it: not every page has one."""
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
