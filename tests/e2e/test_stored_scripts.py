"""Whatever texts a customer or a feed brings, no page takes them for a program."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from backend import database
from backend.app import open_house
from backend.ids import encode_id
from backend.models.contracts import PartyRole
from backend.models.conversations import Conversation, Message, MessageSender
from backend.models.customers import Customer
from backend.models.insurance_details import Coverage, MotorDetails
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.sign_in import UserSession
from backend.models.user_accounts import Passkey, UserAccount
from backend.services.sealed_texts import seal_text
from backend.settings import Settings
from tests import factories
from tests.e2e.browsing import settle
from tests.e2e.newcomer import new_customer
from tests.e2e.script_payloads import EVERYTHING, PAYLOADS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.house import House
    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

WRITTEN = datetime(2026, 11, 20, tzinfo=UTC)


async def _plant(data_dir: Path, email_address: str) -> dict[str, str]:
    """Write the payloads into every text that the pages show; return addresses of single pages."""
    async with open_house(Settings(data_dir=data_dir)) as house:
        async with database.writing(house.sessions) as session:
            account = (
                await session.scalars(
                    select(UserAccount).where(UserAccount.email_address == email_address)
                )
            ).one()
            owner = await session.get_one(Customer, account.customer_id)
        await house.keys.create(owner.uid)
        async with database.writing(house.sessions) as session:
            owner = await session.merge(owner)
            pages = await _plant_contracts(session, owner)
            pages |= await _plant_conversations(session, house, owner)
            _plant_security(session, account.id)
            for number, text in enumerate(PAYLOADS):
                letter = await factories.document(
                    session,
                    owner,
                    WRITTEN,
                    subject=text,
                    sender=text,
                    file_name=f"{text}.bin",
                    media_type="application/octet-stream",
                )
                if number == 0:
                    letter.subject = letter.sender = letter.file_name = EVERYTHING
                    pages["letter"] = f"/postfach/{encode_id('Document', letter.id)}"
            owner.given_name = owner.family_name = EVERYTHING
            await session.execute(
                update(UserSession)
                .where(UserSession.user_account_id == account.id)
                .values(device_name=EVERYTHING)
            )
    return pages


async def _plant_contracts(session: AsyncSession, owner: Customer) -> dict[str, str]:
    for text in PAYLOADS:
        await factories.insurance_contract(session, owner, product_name=text, number=text)
    contract = await factories.insurance_contract(
        session,
        owner,
        product_name=EVERYTHING,
        number=EVERYTHING,
        details=MotorDetails(
            licence_plate=EVERYTHING,
            manufacturer=EVERYTHING,
            model=EVERYTHING,
            vehicle_identification=EVERYTHING,
            no_claims_class=EVERYTHING,
            regional_class=EVERYTHING,
        ),
        coverages=[Coverage(name=text) for text in PAYLOADS],
    )
    account = await factories.savings_account(session, owner, product_name=EVERYTHING)
    for number, text in enumerate(PAYLOADS):
        named = {"given_name": text, "family_name": text, "sequence": number}
        await factories.partner(session, contract, None, role=PartyRole.INSURED, **named)
        await factories.transaction(
            session,
            account,
            "1.00",
            date(2026, 11, 1),
            sequence=number,
            counterparty_name=text,
            remittance_information=text,
        )
    return {
        "contract": f"/vertraege/{encode_id('Contract', contract.id)}",
        "account": f"/konten/{encode_id('Contract', account.id)}/umsaetze",
        "details": f"/konten/{encode_id('Contract', account.id)}/vertragsdetails",
    }


async def _plant_conversations(
    session: AsyncSession, house: House, owner: Customer
) -> dict[str, str]:
    institution = (await factories.institution(session)).id
    conversations = []
    for text in PAYLOADS:
        uid = uuid.uuid4().hex
        conversations.append(
            Conversation(
                uid=uid,
                customer_id=owner.id,
                institution_id=institution,
                subject=await seal_text(
                    house.cipher, owner=owner.uid, place=f"conversation:{uid}", text=text
                ),
                key_owner=owner.uid,
                started_at=WRITTEN,
                last_message_at=WRITTEN,
            )
        )
    session.add_all(conversations)
    await session.flush()
    for text in PAYLOADS:
        uid = uuid.uuid4().hex
        session.add(
            Message(
                uid=uid,
                customer_id=owner.id,
                conversation_id=conversations[-1].id,
                sender=MessageSender.INSTITUTION,
                case_handler=text,
                text=await seal_text(
                    house.cipher, owner=owner.uid, place=f"message:{uid}", text=text
                ),
                key_owner=owner.uid,
                sent_at=WRITTEN,
            )
        )
    thread = encode_id("Conversation", conversations[-1].id)
    return {"thread": f"/postfach/nachrichten/{thread}"}


def _plant_security(session: AsyncSession, account_id: int) -> None:
    for text in PAYLOADS:
        session.add(
            SecurityEvent(
                user_account_id=account_id,
                kind=SecurityEventKind.APPROVAL_GIVEN,
                occurred_at=WRITTEN,
                device_name=text,
                detail=text,
            )
        )
        session.add(
            Passkey(
                user_account_id=account_id,
                credential_id=uuid.uuid4().bytes,
                public_key=b"",
                sign_count=0,
                name=text,
                is_synced=False,
                created_at=WRITTEN,
            )
        )


def _load_all(page: Page, button: str) -> None:
    """Press a button until there are no more rows."""
    more = page.get_by_role("button", name=button)
    while more.count():
        more.first.click()
        settle(page)


def test_no_page_runs_what_a_customer_or_a_feed_wrote(
    visit: Visits, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    carla = new_customer(sandbox)
    token = sandbox.sign_in(carla)
    # Playwright keeps this thread's event loop for itself.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pages = pool.submit(asyncio.run, _plant(sandbox.data_dir, carla.email)).result()
    page = visit(token=token, path="/")
    ran: list[str] = []
    page.expose_function("__xss", lambda: ran.append(page.url))
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    shown = 0
    for address, button in (
        ("/", ""),
        ("/postfach", "Mehr laden"),
        ("/vertraege", "Mehr laden"),
        ("/postfach/nachrichten", "Mehr laden"),
        (pages["thread"], "Ältere Nachrichten zeigen"),
        (pages["account"], "Mehr laden"),
        (pages["contract"], ""),
        (pages["details"], ""),
        (pages["letter"], ""),
        ("/profil", ""),
        ("/profil/sicherheit", ""),
        ("/profil/sicherheit/protokoll", "Mehr laden"),
    ):
        page.goto(f"{sandbox.url}{address}")
        settle(page)
        if button:
            _load_all(page, button)
        text = page.locator("main").text_content() or ""
        found = sum(payload in text for payload in PAYLOADS)
        shown += found
        assert found == len(PAYLOADS) or address in {"/", "/profil"}, (address, found)
        assert page.evaluate(_FOREIGN) == []
    assert ran == []
    with capsys.disabled():
        print(f"\n{len(PAYLOADS)} payloads, shown {shown} times, 0 executed")  # noqa: T201
    assert len(PAYLOADS) >= 110


# Elements that only a payload brings, and links that run instead of lead.
_FOREIGN = """() => [
  ...document.querySelectorAll("main :is(script, iframe, video, math, style, animate, body)"),
  ...[...document.querySelectorAll("*")].filter((one) =>
    [...one.attributes].some(({ name }) => name.startsWith("on"))),
  ...[...document.links].filter(({ protocol }) => !/^(https?|mailto|tel|blob):$/.test(protocol)),
].map((one) => one.outerHTML.slice(0, 200))"""


def test_payloads_would_run_where_they_are_taken_for_markup(visit: Visits) -> None:
    page = visit(path="/anmelden").context.new_page()
    ran: list[int] = []
    page.expose_function("__xss", lambda: ran.append(1))
    page.set_content("".join(f"<div>{payload}</div>" for payload in PAYLOADS))
    expect(page.locator("img").first).to_be_attached()
    page.wait_for_timeout(300)
    assert len(ran) >= 3
