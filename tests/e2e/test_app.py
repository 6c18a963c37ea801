"""The app around the pages: unknown addresses, no network, installing, small screens, motion."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from backend.demo.personas import ANNA
from tests.e2e.browsing import PHONE, settle, wait_for_shell

if TYPE_CHECKING:
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e


def test_address_without_a_page_leads_back_to_the_start_page(visit: Visits) -> None:
    page = visit(ANNA, "/gibt/es/nicht")
    expect(page.get_by_role("heading", level=1)).to_have_text("Diese Seite gibt es nicht")
    page.get_by_role("link", name="Zur Übersicht", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Anna Beispiel")


def test_without_network_the_page_says_so_and_goes_on_afterwards(visit: Visits) -> None:
    visit.expected.append("ERR_INTERNET_DISCONNECTED")
    page = visit(ANNA, "/services", service_workers="allow")
    wait_for_shell(page)
    page.context.set_offline(True)
    page.get_by_role("link", name="Profil von").click()
    failed = page.get_by_text("Sie sind offline")
    expect(failed).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Profil")
    expect(failed).to_have_count(0)


def test_a_network_that_is_back_before_the_page_listens_is_noticed(visit: Visits) -> None:
    page = visit(ANNA, "/services")
    page.evaluate(
        """() => {
          let isOnline = false;
          Object.defineProperty(navigator, "onLine", { get: () => isOnline });
          const { fetch } = window;
          window.fetch = (...request) =>
            isOnline ? fetch(...request) : Promise.reject(new TypeError("Failed to fetch"));
          new MutationObserver(() => {
            if (isOnline || !document.querySelector("main [role=alert]")) return;
            isOnline = true;
            dispatchEvent(new Event("online"));
          }).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    page.get_by_role("link", name="Profil von").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Profil")
    expect(page.locator("main [role=alert]")).to_have_count(0)


def test_F14_portal_can_be_installed_and_its_shell_opens_offline_without_personal_data(
    visit: Visits, sandbox: Sandbox
) -> None:
    visit.expected.append("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    page = visit(ANNA, service_workers="allow")
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"] == f"{sandbox.url}/manifest.webmanifest"
    wait_for_shell(page)
    problems = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A fresh profile of an automated browser is a private one, and nothing else is wrong.
    assert [p["errorId"] for p in problems if p["errorId"] != "in-incognito"] == []

    # Its own idea of the network would hide that there is none.
    devtools.detach()

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("Sie sind offline").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Anna Beispiel")
    stored = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) found.push(request.url);
          return found;
        }"""
    )
    paths = [urlsplit(url).path for url in stored]
    assert not [path for path in paths if path == "/graphql" or "/documents/" in path]


def test_nothing_moves_for_those_who_asked_for_less_motion(visit: Visits) -> None:
    page = visit(ANNA, size=PHONE, reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) => {
          const style = getComputedStyle(element);
          const seconds = (text) => Math.max(...text.split(",").map(parseFloat));
          return seconds(style.transitionDuration) > 0.01
            || (style.animationName !== "none" && seconds(style.animationDuration) > 0.01);
        }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_headings_take_the_focus_after_a_change_of_page(visit: Visits) -> None:
    page = visit(ANNA)
    page.get_by_role("link", name="Services").first.click()
    expect(page.get_by_role("heading", level=1, name="Services")).to_be_focused()
    settle(page)
    assert page.title() == "Services – Kundenportal"
