"""Getting back in: a passkey for a forgotten password, a letter when everything is lost (X19)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from backend.demo.personas import PASSWORD
from tests.e2e.browsing import PHONE, settle
from tests.e2e.newcomer import new_customer, new_policyholder
from tests.e2e.pages import (
    approve_with_tan,
    enter_password,
    enter_tan,
    follow,
    plug_in_authenticator,
    section,
    sign_out,
    wrong_tan,
)
from tests.e2e.registering import NEW_PASSWORD, expect_title
from tests.signing_in import SIGN_IN_WITH_PASSWORD, WHO_AM_I

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

LOST = "/zugang-verloren"


def test_X19_forgotten_password_is_replaced_by_link_and_passkey(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    elsewhere = sandbox.sign_in(carla)
    page = visit(token=sandbox.sign_in(carla), path="/profil/sicherheit")
    plug_in_authenticator(page)
    page.get_by_label("Name des Passkeys").fill("Mein Laptop")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    approve_with_tan(page, sandbox, carla.phone)
    expect(section(page, "Passkeys")).to_contain_text("Mein Laptop")
    page.goto(f"{sandbox.url}/profil")
    settle(page)
    sign_out(page)

    follow(page, "Zugang verloren?")
    page.get_by_role("button", name="Link senden").click()
    expect(page.locator("#emailAddress-error")).to_be_visible()
    _open_link(page, sandbox, carla, "Weiter")
    expect_title(page, "Womit zeigen Sie, dass Sie es sind?")
    expect(page.locator("main")).to_contain_text("Wer ein Telefon stiehlt, hat oft beides")
    expect(page.get_by_role("button", name="Brief anfordern")).to_have_count(0)
    # A reload loses neither the spent link nor the place.
    page.reload()
    settle(page)
    page.get_by_role("button", name="Mit Passkey weiter").click()
    expect_title(page, "Neues Passwort wählen")
    page.get_by_label("Neues Passwort").fill("kurz")
    page.get_by_role("button", name="Mit Passkey bestätigen").click()
    expect(page.locator("#newPassword-error")).to_contain_text("Bisher sind es 4")
    page.get_by_label("Neues Passwort").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Mit Passkey bestätigen").click()

    expect_title(page, "Sie haben wieder Zugang")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    follow(page, "Zur Übersicht")
    expect_title(page, f"Guten Tag, {carla.display_name}")
    assert sandbox.execute(WHO_AM_I, token=elsewhere)["viewer"] is None
    sandbox.message_after(0, "MAIL", carla.email, "Ihr Passwort wurde geändert")
    assert _first_step(sandbox, carla, PASSWORD) == "SignInRefused"


def test_X19_forgotten_password_is_replaced_by_link_and_remembered_device(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(path="/anmelden")
    before = sandbox.newest_id("SMS", carla.phone)
    enter_password(page, carla)
    page.get_by_label("Dieses Gerät merken").check()
    enter_tan(page, sandbox.tan_after(before, carla.phone))
    expect_title(page, f"Guten Tag, {carla.display_name}")
    page.goto(f"{sandbox.url}/profil")
    settle(page)
    sign_out(page)

    follow(page, "Zugang verloren?")
    _open_link(page, sandbox, carla, "Weiter")
    page.get_by_role("button", name="Mit diesem Gerät weiter").click()
    expect_title(page, "Neues Passwort wählen")
    page.get_by_label("Neues Passwort").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Neues Passwort speichern").click()
    expect_title(page, "Sie haben wieder Zugang")
    assert _first_step(sandbox, carla, PASSWORD) == "SignInRefused"
    assert _first_step(sandbox, carla, NEW_PASSWORD) == "TanRequired"

    elsewhere = visit(path=LOST)
    _open_link(elsewhere, sandbox, carla, "Weiter")
    expect(section(elsewhere, "Mit einem gemerkten Gerät")).to_contain_text(
        "Öffnen Sie den Link aus der E-Mail auf einem Gerät"
    )
    expect(elsewhere.get_by_role("button", name="Mit diesem Gerät weiter")).to_have_count(0)


def test_X19_everything_lost_comes_back_by_letter_and_phone(
    visit: Visits, sandbox: Sandbox
) -> None:
    boris = new_policyholder(sandbox)
    elsewhere = sandbox.sign_in(boris)
    letters = _newest_letter(sandbox)
    page = visit(path="/anmelden", language="en", size=PHONE)
    follow(page, "Lost access?")
    _open_link(page, sandbox, boris, "Continue")
    expect_title(page, "How do you show that it is you?")
    page.get_by_role("button", name="Ask for a letter").click()
    expect_title(page, "Your letter is on its way")
    sandbox.message_after(0, "SMS", boris.phone)
    code = _code_after(sandbox, letters, boris)

    page.goto(sandbox.url + LOST)
    settle(page)
    _open_link(page, sandbox, boris, "Continue")
    page.get_by_role("button", name="Enter code").click()
    _type_code(page, boris, "0000-0000-0000-0000")
    expect(page.get_by_role("alert")).to_contain_text("don't belong together")
    _type_code(page, boris, code.lower().replace("-", " "))

    expect_title(page, "Password and mobile number")
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("checkbox", name="I have a new mobile number").check()
    spare = replace(boris, phone="+491723920777")
    page.get_by_label("New mobile number", exact=True).fill("+44 7400 123456")
    page.get_by_role("button", name="Continue to review").click()
    expect_title(page, "Please check")
    page.get_by_role("button", name="Send TAN").click()
    expect(page.locator("#phoneNumber-error")).to_contain_text("Schengen country")
    page.get_by_label("New mobile number", exact=True).fill(spare.phone)
    page.get_by_role("button", name="Continue to review").click()
    main = page.locator("main")
    expect(main).to_contain_text("All passkeys and remembered devices")
    expect(main).to_contain_text(spare.phone)
    before = sandbox.newest_id("SMS", spare.phone)
    page.get_by_role("button", name="Send TAN").click()
    tan = sandbox.tan_after(before, spare.phone)
    expect(page.get_by_label("TAN from the text message")).to_be_focused()
    _type_tan(page, wrong_tan(tan))
    expect(page.get_by_role("alert")).to_contain_text("4 attempts left")
    _type_tan(page, tan)

    expect_title(page, "You have access again")
    _add_passkey(page)
    assert sandbox.execute(WHO_AM_I, token=elsewhere)["viewer"] is None
    assert _first_step(sandbox, boris, PASSWORD) == "SignInRefused"
    warned = sandbox.messages("SMS", boris.phone)[0]["text"]
    assert "Diese Nummer gilt nicht mehr" in warned


def test_X19_without_passkey_and_address_the_way_leads_to_customer_service(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_customer(sandbox)
    page = visit(path=LOST, size=PHONE)
    _open_link(page, sandbox, carla, "Weiter")
    expect(page.get_by_role("alert")).to_contain_text("So können wir Ihnen hier nicht helfen")
    expect(page.locator("main")).to_contain_text("Telefon")


def test_X19_a_used_or_old_link_says_what_to_do(visit: Visits, sandbox: Sandbox) -> None:
    carla = new_customer(sandbox)
    page = visit(path=LOST)
    link = _link_after(page, sandbox, carla)
    first, second = visit(path=link), visit(path=link)
    first.get_by_role("button", name="Weiter").click()
    expect(first.get_by_role("button", name="Weiter")).to_have_count(0)
    second.get_by_role("button", name="Weiter").click()
    expect(second.get_by_role("alert")).to_contain_text("Bitte beginnen Sie noch einmal")
    follow(second, "Neuen Link anfordern")
    expect_title(second, "Zugang verloren?")
    page.get_by_role("button", name="Adresse ändern").click()
    late = visit(path=_link_after(page, sandbox, carla))
    with sandbox.travelling():
        sandbox.travel(sandbox.now() + timedelta(minutes=61))
        late.get_by_role("button", name="Weiter").click()
        expect(late.get_by_role("alert")).to_contain_text("gilt nicht mehr")


def _link_after(page: Page, sandbox: Sandbox, person: Persona) -> str:
    """Ask for a link and return the path of the one that arrives."""
    before = sandbox.newest_id("MAIL", person.email)
    page.locator("#emailAddress").fill(person.email)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#emailAddress")).to_have_count(0)
    return sandbox.path_in(sandbox.message_after(before, "MAIL", person.email))


def _add_passkey(page: Page) -> None:
    plug_in_authenticator(page)
    page.get_by_label("Name of the passkey").fill("New phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("New phone")


def _open_link(page: Page, sandbox: Sandbox, person: Persona, continue_button: str) -> None:
    page.goto(sandbox.url + _link_after(page, sandbox, person))
    settle(page)
    assert page.url.endswith("/zugang-wiederherstellen")
    page.get_by_role("button", name=continue_button).click()


def _newest_letter(sandbox: Sandbox) -> int:
    caught = sandbox.client.get("/sandbox/api/messages").raise_for_status().json()["messages"]
    return max((one["id"] for one in caught if one["channel"] == "LETTER"), default=0)


def _code_after(sandbox: Sandbox, number: int, person: Persona) -> str:
    """Wait for the letter to a person and return its code."""
    street = f"{person.display_name}, {person.street}, {person.city}"
    text = sandbox.message_after(number, "LETTER", street)["text"]
    found = re.search(r"^> (\S+)$", text, re.MULTILINE)
    assert found is not None, text
    return found.group(1)


def _type_code(page: Page, person: Persona, code: str) -> None:
    year, month, day = person.birth_date.split("-")
    page.locator("#activationCode").fill(code)
    page.locator("#birthDate").fill(f"{day}.{month}.{year}")
    page.locator("main form button[type=submit]").click()


def _type_tan(page: Page, tan: str) -> None:
    page.get_by_label("TAN from the text message").fill(tan)
    page.get_by_role("button", name="Get access again").click()


def _first_step(sandbox: Sandbox, person: Persona, password: str) -> str:
    given = {"input": {"emailAddress": person.email, "password": password}}
    answer: str = sandbox.execute(SIGN_IN_WITH_PASSWORD, given)["signInWithPassword"]["__typename"]
    return answer
