"""The whole way of a customer: join, link, sign in, add a device, change the phone, withdraw."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from playwright.sync_api import expect

from backend import database
from tests import factories
from tests.e2e.browsing import DESKTOP, PHONE, settle
from tests.e2e.newcomer import NORA
from tests.e2e.pages import plug_in_authenticator
from tests.e2e.registering import NEW_PASSWORD, REGISTER, fill_registration, link_after
from tests.e2e.wording import words
from tests.signing_in import SIGN_IN_WITH_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Locator, Page, ViewportSize

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

INSTITUTION = "Musterland Sachversicherung AG"


@dataclass(frozen=True)
class Journey:
    """One customer before one screen, in one language."""

    page: Page
    sandbox: Sandbox
    customer: Persona
    say: Mapping[str, str]

    def go(self, path: str) -> None:
        """Open a page of the portal."""
        self.page.goto(self.sandbox.url + path)
        settle(self.page)

    def press(self, key: str) -> None:
        """Press the page's button with these words."""
        self.page.get_by_role("button", name=self.say[key], exact=True).click()

    def field(self, key: str) -> Locator:
        """Return the field with this label."""
        return self.page.get_by_label(self.say[key], exact=True)

    def arrives_at(self, key: str) -> None:
        """Wait for the page with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say[key])

    def tan_after(self, press: str, phone: str) -> str:
        """Press what sends a TAN and return what the phone receives."""
        before = self.sandbox.newest_id("SMS", phone)
        self.press(press)
        return self.sandbox.tan_after(before, phone)


@pytest.mark.parametrize(("language", "size"), [("de", DESKTOP), ("en", PHONE)])
def test_F1_F18_F103_F5_the_whole_way_by_passkey_and_by_password_with_a_remembered_device(
    visit: Visits, sandbox: Sandbox, language: str, size: ViewportSize
) -> None:
    number = {"de": 401, "en": 402}[language]
    customer = structs.replace(
        NORA, key=f"journey{number}", family_name=f"Weg {number}", phone=f"+491713920{number}"
    )
    code = _letter_to(sandbox, customer, f"S300{number}")
    page = visit(path=REGISTER, language=language, size=size)
    plug_in_authenticator(page)
    journey = Journey(page, sandbox, customer, words(language))

    _register(journey)
    _link(journey, f"S300{number}", code)
    _sign_out(journey)
    journey.press("sign_in_passkey_action")
    expect(page.get_by_role("heading", level=1)).to_contain_text(customer.given_name)

    elsewhere = replace(journey, page=visit(path="/anmelden", language=language, size=size))
    _sign_in_and_remember(elsewhere)
    _sign_out(elsewhere)
    _sign_in_with_device(elsewhere)
    journey.go("/profil/sicherheit")
    devices = page.get_by_role("list", name=journey.say["devices_title"])
    expect(devices.get_by_role("listitem")).to_have_count(1)

    _change_phone(journey, spare=f"+491723920{number}")
    _withdraw(journey)
    given = {"input": {"emailAddress": customer.email, "password": NEW_PASSWORD}}
    answer = sandbox.execute(SIGN_IN_WITH_PASSWORD, given)["signInWithPassword"]
    assert answer["__typename"] == "SignInRefused"


def _letter_to(sandbox: Sandbox, customer: Persona, number: str) -> str:
    """Let an institution know the person and write to them; return the letter's code."""

    async def write() -> str:
        engine = database.create_engine(f"sqlite+aiosqlite:///{sandbox.data_dir / 'portal.db'}")
        try:
            async with database.writing(database.create_sessions(engine)) as session:
                owner = await factories.customer(
                    session,
                    customer.given_name,
                    customer.family_name,
                    birth_date=customer.birth_date,
                )
                await factories.insurance_contract(session, owner, number=f"V-{number}")
                return await factories.activation_code(
                    session, owner, number=number, created_at=sandbox.now()
                )
        finally:
            await engine.dispose()

    # Playwright keeps this thread's event loop for itself.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, write()).result()


def _register(journey: Journey) -> None:
    page, sandbox, customer = journey.page, journey.sandbox, journey.customer
    before = sandbox.newest_id("MAIL", customer.email)
    fill_registration(page, customer)
    journey.press("registration_action")
    journey.arrives_at("registration_sent_title")
    journey.go(link_after(sandbox, before, customer))
    journey.press("registration_continue")
    tan = journey.tan_after("registration_send_tan", customer.phone)
    journey.field("account_tan").fill(tan)
    journey.press("registration_open_account")
    journey.arrives_at("registration_done_title")
    journey.field("profile_passkey_name").fill("Passkey 1")
    journey.press("profile_passkey_add")
    expect(page.get_by_role("alert")).to_contain_text("Passkey 1")


def _link(journey: Journey, number: str, code: str) -> None:
    page, customer = journey.page, journey.customer
    year, month, day = customer.birth_date.split("-")
    journey.go("/kundennummer")
    page.locator("#institution").select_option(label=INSTITUTION)
    page.locator("#customerNumber").fill(number)
    page.locator("#birthDate").fill(f"{int(day)}.{int(month)}.{year}")
    page.locator("#activationCode").fill(code)
    journey.press("contracts_add")
    journey.arrives_at("registration_linked_title")


def _sign_out(journey: Journey) -> None:
    journey.go("/profil")
    journey.press("profile_sign_out")
    journey.arrives_at("sign_in_title")


def _enter_password(journey: Journey) -> None:
    journey.field("sign_in_email").fill(journey.customer.email)
    journey.field("sign_in_password").fill(NEW_PASSWORD)


def _sign_in_and_remember(journey: Journey) -> None:
    _enter_password(journey)
    tan = journey.tan_after("sign_in_password_action", journey.customer.phone)
    journey.field("sign_in_tan").fill(tan)
    journey.page.get_by_label(journey.say["account_remember_device"]).check()
    journey.press("sign_in_tan_action")
    _is_in(journey)


def _sign_in_with_device(journey: Journey) -> None:
    texts = journey.sandbox.newest_id("SMS", journey.customer.phone)
    _enter_password(journey)
    journey.press("sign_in_password_action")
    _is_in(journey)
    assert journey.sandbox.newest_id("SMS", journey.customer.phone) == texts


def _is_in(journey: Journey) -> None:
    heading = journey.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(journey.customer.given_name)
    settle(journey.page)


def _change_phone(journey: Journey, *, spare: str) -> None:
    page, sandbox = journey.page, journey.sandbox
    journey.go("/profil/einstellungen/mobilnummer")
    journey.field("profile_phone_new").fill(spare.replace("+49", "0"))
    journey.press("profile_to_approval")
    tan = journey.tan_after("approvals_tan_request", journey.customer.phone)
    before = sandbox.newest_id("SMS", spare)
    page.locator("#approvalTan").fill(tan)
    journey.press("approvals_tan_action")
    journey.field("profile_phone_tan").fill(sandbox.tan_after(before, spare))
    journey.press("profile_phone_confirm")
    journey.arrives_at("profile_phone_done_title")


def _withdraw(journey: Journey) -> None:
    page = journey.page
    footer = page.get_by_role("contentinfo")
    offer = journey.say["leaving_withdraw_footer"].partition("{")[0]
    footer.get_by_role("link", name=offer).click()
    settle(page)
    journey.press("leaving_withdraw_confirm")
    journey.arrives_at("leaving_withdrawn_title")
