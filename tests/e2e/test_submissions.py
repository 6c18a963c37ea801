"""What became of a change, in the browser: done, refused with a reason, and a core system away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backend import database
from backend.app import open_house
from backend.clock import TravellingClock
from backend.demo.load import STARTS_AT
from backend.models.receipts import ReceiptKind
from backend.models.submissions import SubmissionKind
from backend.models.user_accounts import UserAccount
from backend.services import receipts
from backend.services.receipts import issue_receipt
from backend.services.submissions import submit
from backend.settings import Settings
from tests import factories
from tests.e2e.browsing import DESKTOP, PHONE, settle
from tests.e2e.newcomer import new_customer, run_apart
from tests.e2e.pages import follow, section

if TYPE_CHECKING:
    from pathlib import Path

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

LIST = "/services/auftraege"
SUBJECT = "Bankverbindung ändern in DE59 •••• 0004"


async def _submit(data_dir: Path, persona: Persona) -> None:
    settings = Settings(data_dir=data_dir, group_file=data_dir / "group.toml")
    clock = TravellingClock(start=STARTS_AT, path=data_dir / "clock")
    async with (
        open_house(settings, clock=clock) as house,
        database.writing(house.sessions) as session,
    ):
        account = (
            await session.scalars(
                select(UserAccount).where(UserAccount.email_address == persona.email)
            )
        ).one()
        await submit(
            session,
            house,
            customer_id=account.customer_id,
            institution_id=(await factories.institution(session)).id,
            kind=SubmissionKind.BANK_ACCOUNT_CHANGED,
            subject=SUBJECT,
            payload={"iban": "DE59999999990001000004"},
        )
        await issue_receipt(
            session,
            house,
            kind=ReceiptKind.APPROVED_OPERATION,
            customer_id=account.customer_id,
            submission=receipts.Submission.of_values(SUBJECT, {}),
        )


def test_M2_a_refusal_waits_on_the_start_page_until_it_was_read(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    token = sandbox.sign_in(carla)
    with sandbox.misbehaving_core("REFUSES"):
        run_apart(_submit(sandbox.data_dir, carla))
        sandbox.wait_for_answer(token, "REFUSED")
    mail = sandbox.message_after(0, "MAIL", carla.email, "Neues zu einem Ihrer Aufträge")
    assert "DE59" not in mail["text"]

    page = visit(token=token, path="/", size=PHONE)
    to_do = section(page, "Zu erledigen")
    expect(to_do).to_contain_text("Musterland Sachversicherung AG hat geantwortet.")
    to_do.get_by_role("link", name=f"Abgelehnt: {SUBJECT}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    expect(page.locator("main")).to_contain_text("lehnt gerade alles ab.")
    steps = section(page, "Was bisher geschah").get_by_role("listitem")
    expect(steps).to_have_text(
        [re.compile("^Eingegangen"), re.compile("^Übermittelt"), re.compile("^Abgelehnt")]
    )
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Quittung Nr. .* herunterladen")).click()
    assert download.value.suggested_filename.startswith("quittung-")
    page.get_by_role("link", name="Nachricht an Musterland Sachversicherung AG schreiben").click()
    expect(page.get_by_label("Betreff")).to_have_value(f"Abgelehnt: {SUBJECT}")
    page.go_back()
    settle(page)

    page.get_by_role("button", name="English").click()
    expect(section(page, "What happened so far")).to_contain_text("Refused")
    page.go_back()
    settle(page)
    expect(page.locator("main")).not_to_contain_text("Refused: ")


def test_M2_a_change_is_confirmed_once_the_core_system_is_back(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    panel = visit(path="/sandbox", size=DESKTOP)
    panel.get_by_label("So verhalten sie sich").select_option("BROKEN")
    settle(panel)
    run_apart(_submit(sandbox.data_dir, carla))

    token = sandbox.sign_in(carla)
    page = visit(token=token, path="/services", size=DESKTOP)
    follow(page, "Meine Aufträge")
    row = page.locator("main li", has_text=SUBJECT)
    expect(row).to_contain_text("Eingegangen · Musterland Sachversicherung AG")
    follow(page, SUBJECT)
    expect(section(page, "Was bisher geschah")).to_contain_text("Antwort steht noch aus")

    panel.get_by_label("So verhalten sie sich").select_option("TWICE")
    expect(panel.locator("main")).to_contain_text("BANK_ACCOUNT_CHANGED", timeout=30_000)
    sandbox.wait_for_answer(token, "CONFIRMED")
    page.goto(f"{sandbox.url}{LIST}")
    settle(page)
    expect(row).to_contain_text("Bestätigt · Musterland Sachversicherung AG")
    panel.get_by_label("So verhalten sie sich").select_option("NONE")


def test_M2_nothing_submitted_and_a_wrong_link_are_explained(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(token=sandbox.sign_in(carla), path=LIST, language="en", size=PHONE)
    expect(page.locator("main")).to_contain_text("You have no request yet.")
    page.goto(f"{sandbox.url}{LIST}/nonsense")
    settle(page)
    expect(page.locator("main")).to_contain_text("There is no such request.")
    follow(page, "See all requests")
    expect(page.get_by_role("heading", level=1)).to_have_text("My requests")
