"""The keyboard alone: every step with Tab, Enter and Space, and always a visible focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import MEHMET, PASSWORD
from tests.e2e.browsing import PHONE, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

_MOST_STEPS = 60

# What has the focus, by its name, and whether that can be seen: an outline around it, or around
# the box that makes a whole row pressable.
_FOCUSED = """() => {
  const element = document.activeElement;
  const outlined = (style) =>
    style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = element.getBoundingClientRect();
  const label = element.labels?.[0]?.innerText ?? element.getAttribute("aria-label");
  return {
    name: (label ?? element.innerText ?? "").trim().replaceAll(/\\s+/g, " "),
    isVisible: outlined(getComputedStyle(element))
      || (getComputedStyle(element, "::after").content !== "none"
        && outlined(getComputedStyle(element, "::after"))),
    isOnScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""


def test_keyboard_alone_signs_in_and_opens_a_letter(visit: Visits, sandbox: Sandbox) -> None:
    page = visit(path="/anmelden")
    _tab_to(page, "E-Mail-Adresse")
    page.keyboard.type(MEHMET.email)
    _tab_to(page, "Passwort")
    page.keyboard.type(PASSWORD)
    _tab_to(page, "Passwort anzeigen")
    page.keyboard.press("Space")
    expect(page.locator("#password")).to_have_attribute("type", "text")
    before = sandbox.newest_id("SMS", MEHMET.phone)
    _tab_to(page, "Weiter")
    page.keyboard.press("Enter")
    expect(page.locator("#tan")).to_be_focused()
    page.keyboard.type(sandbox.tan_after(before, MEHMET.phone))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Mehmet Yılmaz")
    settle(page)

    _tab_to(page, "Alle Briefe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Postfach")).to_be_focused()
    settle(page)
    _tab_to(page, "Beitragsrechnung 2026 Haftpflicht")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beitragsrechnung 2026 Haftpflicht")
    settle(page)
    _tab_to(page, "Herunterladen")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(".pdf")


def test_first_tab_offers_to_skip_to_the_content(visit: Visits) -> None:
    page = visit(path="/anmelden")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED)["name"] == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize(
    "path",
    ["/", "/vertraege", "/postfach", "/profil/einstellungen", "/profil/sicherheit", "/hilfe"],
)
def test_every_step_of_the_keyboard_is_visible_and_none_is_a_trap(visit: Visits, path: str) -> None:
    page = visit(MEHMET, path, size=PHONE)
    invisible = []
    seen: list[str] = []
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        focused = page.evaluate(_FOCUSED)
        seen.append(focused["name"])
        if not (focused["isVisible"] and focused["isOnScreen"]):
            invisible.append(focused)
    else:
        raise AssertionError(f"the focus never leaves {path}: {seen}")
    assert invisible == []
    assert len(seen) > 5


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus, and can be seen to have it."""
    passed = []
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        assert focused["isVisible"], f"the focus on {focused['name']!r} can't be seen"
        if focused["name"].removeprefix("Ungelesen: ") == name:
            return
        passed.append(focused["name"])
    raise AssertionError(f"{name} can't be reached with Tab; passed {passed}")
