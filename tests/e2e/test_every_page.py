"""Every page in both languages, both themes and on every screen: accessible, and pictured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.browsing import DESKTOP, NARROW, PHONE, settle
from tests.e2e.places import PLACES, Place, open_place
from tests.e2e.screens import is_wanted, take_picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits

pytestmark = pytest.mark.e2e

SCREENS = {"desktop": DESKTOP, "phone": PHONE}
# Both themes in both languages, and both screens: colours don't depend on the language.
EXAMINED = {
    "de": {("desktop", "light"), ("phone", "dark")},
    "en": {("desktop", "dark"), ("phone", "light")},
}
_AXE = Axe()
# WCAG 2.2 A and AA, and good practice; a violation as one line for each place where it is.
_FIND_VIOLATIONS = """async () => {
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run({ runOnly, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}"""
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_is_accessible_in_both_themes_on_every_screen(
    visit: Visits, place: Place, language: str
) -> None:
    page = open_place(visit, place, language=language)
    page.evaluate(_AXE.axe_script)
    found = []
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            is_examined = (screen, theme) in EXAMINED[language]
            is_pictured = is_wanted(place, screen, theme, language)
            if is_examined or is_pictured:
                _switch_theme(page, theme)
            if is_examined:
                found += [f"{theme} {screen}: {line}" for line in page.evaluate(_FIND_VIOLATIONS)]
            if is_pictured:
                take_picture(page, f"{place.name}-{screen}-{theme}-{language}")
                page.set_viewport_size(size)
    assert page.locator("html").get_attribute("lang") == language
    assert found == []

    # Reflow (WCAG 1.4.10): nobody scrolls sideways on a screen 320 pixels wide.
    page.set_viewport_size(NARROW)
    settle(page)
    assert page.evaluate(_OVERFLOW) == 0


def test_violation_would_be_found(visit: Visits) -> None:
    page = visit(path="/anmelden")
    page.evaluate("document.querySelector('label[for=password]').remove()")
    page.evaluate(_AXE.axe_script)
    lines: Any = page.evaluate(_FIND_VIOLATIONS)
    assert [line.split(":")[0] for line in lines] == ["label at #password"]


def _switch_theme(page: Page, theme: str) -> None:
    """Switch as the page's own switch does, without pressing it: not every page has one."""
    page.evaluate(
        """theme => {
          document.documentElement.dataset.theme = theme;
          // Until the second frame the old colours may still be on the screen.
          return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }""",
        theme,
    )
    settle(page)
