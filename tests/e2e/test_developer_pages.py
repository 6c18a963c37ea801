"""The pages for developers: /sandbox signs in by the real way, /graphiql asks this portal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import GRACE, JONAS
from tests.e2e.browsing import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

EXAMPLES = ("ViewerWithContracts", "SavingsWithTransactions", "Postbox", "Help", "Institutions")


def test_one_press_signs_a_persona_in_with_the_tan_from_the_text_message(visit: Visits) -> None:
    page = visit(path="/sandbox", size=PHONE)
    page.get_by_role("button", name=f"Als {JONAS.display_name} anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Jonas Beispiel")


def test_a_persona_who_prefers_english_gets_an_english_portal(visit: Visits) -> None:
    page = visit(path="/sandbox")
    page.get_by_role("button", name=f"Als {GRACE.display_name} anmelden").click()
    expect(page.get_by_role("navigation", name="Main navigation").first).to_be_visible()


def test_the_clock_travels_to_the_next_day(visit: Visits, sandbox: Sandbox) -> None:
    with sandbox.travelling():
        before = sandbox.now()
        page = visit(path="/sandbox")
        page.get_by_role("button", name="1 Tag vor").click()
        expect(page.get_by_text("Hier ist es jetzt")).to_be_attached()
        # The page knows whole seconds only.
        assert round((sandbox.now() - before) / timedelta(days=1)) == 1


def test_the_explorer_answers_every_example_for_the_signed_in_customer(visit: Visits) -> None:
    page = visit(JONAS, "/graphiql")
    expect(page.get_by_text("Angemeldet als Jonas Beispiel")).to_be_visible()
    answers = {name: _run(page, name) for name in EXAMPLES}
    assert {name: answer.get("errors") for name, answer in answers.items()} == dict.fromkeys(
        EXAMPLES
    )
    assert answers["ViewerWithContracts"]["data"]["viewer"]["displayName"] == "Jonas Beispiel"
    expect(page.locator(".result-window")).to_contain_text("Musterland Bank AG")


def test_the_explorer_shows_the_schema_to_read_and_to_pick_from(visit: Visits) -> None:
    page = visit(path="/graphiql")
    panel = page.locator(".graphiql-plugin")
    page.get_by_role("button", name="Show Documentation Explorer").click()
    panel.get_by_role("link", name="Query", exact=True).click()
    expect(panel).to_contain_text("The institutions of the group.")
    page.get_by_role("button", name="Show GraphiQL Explorer").click()
    expect(panel).to_contain_text("institutions")


def _run(page: Page, name: str) -> dict[str, dict[str, dict[str, str]]]:
    page.locator(".graphiql-tab", has_text=name).locator("button").first.click()
    with page.expect_response(
        lambda response: f"query {name}" in (response.request.post_data or "")
    ) as sent:
        page.locator(".graphiql-execute-button").click()
    answer: dict[str, dict[str, dict[str, str]]] = sent.value.json()
    return answer
