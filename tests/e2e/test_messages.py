"""Messages in the browser: a letter answered with a photo, and a message that is hard to send."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import JONAS
from tests.e2e.browsing import DESKTOP, PHONE, settle
from tests.e2e.newcomer import new_customer
from tests.e2e.pages import choose_file, row_titles, unread_count
from tests.security.hostile_files import located_photo
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

MESSAGES = "/postfach/nachrichten"
COUNT = "{ viewer { conversations { nodes { messages { totalCount } } } } }"


def _desk(sandbox: Sandbox, *arguments: str, text: str = "") -> str:
    """Run `kundenportal desk` on the sandbox's folder and return what it prints."""
    return subprocess.run(
        [sys.executable, "-m", "backend.cli", "desk", *arguments],
        input=text,
        capture_output=True,
        check=True,
        text=True,
        env=os.environ
        | {"KUNDENPORTAL_DATA_DIR": str(sandbox.data_dir), "KUNDENPORTAL_SANDBOX": "true"},
    ).stdout


def _attach(page: Page, label: str, name: str, media_type: str, content: bytes) -> None:
    choose_file(page, label, {"name": name, "mimeType": media_type, "buffer": content})


def test_F109_F84_F83_a_letter_is_answered_with_a_photo_and_the_answer_is_read(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(JONAS, "/postfach", size=DESKTOP)
    [subject] = row_titles(page)
    page.locator("main ul > li a").first.click()
    page.locator("main").get_by_role("link", name="Antworten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nachricht schreiben")
    expect(page.locator("main")).to_contain_text(subject)
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.get_by_role("alert")).to_contain_text("Schreiben Sie eine Nachricht.")

    page.get_by_label("Ihre Nachricht").fill("Guten Tag,\nanbei das Foto.")
    _attach(page, "Dateien anhängen (freiwillig)", "Küche.heic.jpg", "image/jpeg", located_photo())
    expect(page.get_by_role("list", name="Anhänge")).to_contain_text("Geprüft")
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("main ol")).to_contain_text("anbei das Foto.")
    expect(page.locator("main ol")).to_contain_text("Noch nicht gelesen")

    page.goto(f"{sandbox.url}/postfach?ordner=gesendet")
    settle(page)
    assert row_titles(page) == ["Küche.heic.jpg"]

    # The one that was written in last.
    number = _desk(sandbox, "list").splitlines()[-1].split()[0]
    shown = _desk(sandbox, "show", number, "--case-handler", "Petra Muster", "--reason", "Rückruf")
    assert "anbei das Foto." in shown
    before = sandbox.newest_id("MAIL", JONAS.email)
    _desk(sandbox, "answer", number, "--case-handler", "Petra Muster", text="Vielen Dank.")
    told = sandbox.message_after(before, "MAIL", JONAS.email)
    assert told["subject"] == "Neue Nachricht in Ihrem Postfach"
    assert "Vielen Dank." not in told["text"]

    # Told to the open page; the badge counts the conversation.
    expect(page.get_by_role("link", name="Nachrichten (1 neu)")).to_be_visible()
    settle(page)
    assert unread_count(page) == 1
    page.goto(f"{sandbox.url}{MESSAGES}")
    settle(page)
    page.locator("main ul > li a").first.click()
    expect(page.locator("main ol > li").last).to_contain_text("Petra Muster")
    expect(page.locator("main ol > li").last).to_contain_text("Vielen Dank.")
    expect(page.locator("main ol > li").first).to_contain_text("Gelesen am")
    page.get_by_label("Ihre Nachricht").fill("Gern geschehen.")
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.get_by_text("Ihre Nachricht ist gesendet")).to_be_visible()
    expect(page.locator("main ol > li")).to_have_count(3)
    expect(page.get_by_label("Ihre Nachricht")).to_have_value("")
    page.goto(f"{sandbox.url}{MESSAGES}")
    settle(page)
    expect(page.get_by_role("link", name="Nachrichten", exact=True)).to_be_visible()
    page.goto(f"{sandbox.url}/profil/sicherheit/protokoll")
    expect(page.locator("main")).to_contain_text(
        "Ihre Nachrichten gelesen von: Petra Muster (Rückruf)"
    )


def _losing_answers(route: Route) -> None:
    """Let a message reach the server and lose what it answers."""
    if "idempotencyKey" in (route.request.post_data or ""):
        route.fetch()
        route.abort()
    else:
        route.continue_()


def test_a_refused_file_is_told_and_a_lost_answer_sends_nothing_twice(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    token = sandbox.sign_in(carla)
    page = visit(token=token, path=MESSAGES, size=PHONE, language="en")
    visit.expected.append("ERR_FAILED")
    expect(page.locator("main")).to_contain_text("No messages yet")
    page.get_by_role("link", name="Write a message").click()
    page.get_by_label("To", exact=True).select_option(label="Musterland Bank AG")
    page.get_by_label("Subject").fill("A question")
    page.get_by_label("Your message").fill("How do I read my statement?")
    hostile = pdf("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
    _attach(page, "Attach files (optional)", "bill.pdf", "application/pdf", hostile)
    files = page.get_by_role("list", name="Attachments")
    expect(files).to_contain_text("Refused: This PDF contains programs")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("alert")).to_contain_text("Remove the files that we can't take.")
    page.get_by_role("button", name=re.compile("Remove")).click()
    # Its words are ours in every browser, and the keyboard reaches it.
    button = page.get_by_role("button", name="Attach files (optional) Choose files", exact=True)
    with page.expect_file_chooser():
        # Focused only now: a key may overtake the order to report choosers, focusing can't.
        button.focus()
        page.keyboard.press("Enter")
    _attach(page, "Attach files (optional)", "photo.jpg", "image/jpeg", located_photo())
    expect(files).to_contain_text("Checked")

    page.route("**/graphql", _losing_answers)
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("alert")).to_contain_text("could not reach")
    expect(page.get_by_text("Your draft is on this device only.")).to_be_visible()
    page.unroute("**/graphql")
    page.reload()
    settle(page)
    page.get_by_label("To", exact=True).select_option(label="Musterland Bank AG")
    expect(page.get_by_label("Your message")).to_have_value("How do I read my statement?")
    expect(files).to_contain_text("photo.jpg")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A question")
    conversations = sandbox.execute(COUNT, token=token)["viewer"]["conversations"]["nodes"]
    assert conversations == [{"messages": {"totalCount": 1}}]
    assert page.evaluate("Object.keys(localStorage).filter(k => /draft|sending/.test(k))") == []
