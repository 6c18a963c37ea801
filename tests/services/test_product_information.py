"""Product information: no mail leaves without a consent that counts now, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from backend.models.audit import AuditEntry
from backend.models.consents import ProductMail
from backend.models.customers import CustomerNumber
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.ports import DeliveryDeferredError
from backend.services.outbox import list_dead_letters
from backend.services.outbox_delivery import deliver_product_mails
from backend.services.product_information import send_mailing
from tests import factories
from tests.consenting import EMAIL, PHONE, agree_by_email, grant, withdraw
from tests.signing_in import CaughtMail

if TYPE_CHECKING:
    from backend.services.product_information import MailingReport
    from tests.portal import Portal


@pytest.fixture
def mail(portal: Portal) -> CaughtMail:
    """A mail server that keeps what it gets."""
    caught = CaughtMail()
    portal.app.state.house = replace(portal.house, mail=caught)
    return caught


async def _customer(portal: Portal, number: str, key: str = "sach") -> str:
    async with portal.transaction() as session:
        person = await factories.customer(session, number)
        user = await factories.user_account(session, person, email_address=f"{number}@example.org")
        institution = await factories.institution(session, key)
        session.add(
            CustomerNumber(institution_id=institution.id, number=number, customer_id=person.id)
        )
    return await portal.sign_in(user)


async def _send(portal: Portal, subject: str = "Neu: Fahrradschutz") -> MailingReport:
    async with portal.transaction() as session:
        institution = await factories.institution(session)
    return await send_mailing(portal.house, institution, subject=subject, text="Ab morgen.")


async def _deliver(portal: Portal, mail: CaughtMail) -> list[str]:
    before = len(mail.sent)
    await deliver_product_mails(replace(portal.house, mail=mail))
    return [str(message["To"]) for message in mail.sent[before:]]


async def test_F19_only_who_confirmed_gets_it_and_learns_how_to_end_it(
    portal: Portal, mail: CaughtMail
) -> None:
    agreed = await _customer(portal, "agreed")
    await agree_by_email(portal, agreed)
    await grant(portal, await _customer(portal, "pending"), EMAIL)
    await grant(portal, await _customer(portal, "phone"), PHONE)
    withdrew = await _customer(portal, "withdrew")
    await agree_by_email(portal, withdrew)
    await withdraw(portal, withdrew, EMAIL)
    await agree_by_email(portal, await _customer(portal, "elsewhere", "leben"))
    report = await _send(portal)
    assert (report.enqueued, report.left_out) == (1, 1)
    assert await _deliver(portal, mail) == ["agreed@example.org"]
    [message] = mail.sent
    assert message["Subject"] == "Neu: Fahrradschutz"
    assert str(message["From"]).startswith("Musterland Sachversicherung AG <")
    text = message.get_content()
    assert text.startswith("Ab morgen.\n")
    assert "https://portal.test/profil/einstellungen/einwilligungen" in text


async def test_F19_what_still_waits_for_the_mail_server_does_not_outlive_a_withdrawal(
    portal: Portal, mail: CaughtMail
) -> None:
    token = await _customer(portal, "agreed")
    await agree_by_email(portal, token)
    await _send(portal)
    mail.failure = DeliveryDeferredError("down")
    assert await _deliver(portal, mail) == []
    mail.failure = None
    await withdraw(portal, token, EMAIL)
    async with portal.transaction() as session:
        for message in await session.scalars(
            select(OutboxMessage).where(OutboxMessage.topic == OutboxTopic.PRODUCT_MAIL)
        ):
            message.available_at = portal.clock.now()
    assert await _deliver(portal, mail) == []
    async with portal.transaction() as session:
        [message] = await session.scalars(
            select(OutboxMessage).where(OutboxMessage.topic == OutboxTopic.PRODUCT_MAIL)
        )
        assert (message.payload, message.last_error) == (
            b"",
            "not sent: the consent was withdrawn",
        )
        assert message.delivered_at is not None
        assert await list_dead_letters(session) == []


async def test_the_same_mail_reaches_nobody_twice_and_whoever_agreed_since(
    portal: Portal, mail: CaughtMail
) -> None:
    await agree_by_email(portal, await _customer(portal, "first"))
    await _send(portal)
    await agree_by_email(portal, await _customer(portal, "second"))
    report = await _send(portal)
    assert (report.enqueued, report.left_out) == (1, 1)
    assert (await _send(portal, "Anderes")).enqueued == 2
    assert sorted(await _deliver(portal, mail)) == [
        "first@example.org",
        "first@example.org",
        "second@example.org",
        "second@example.org",
    ]


async def test_the_audit_log_says_that_a_mailing_went_out_and_names_nobody(
    portal: Portal, mail: CaughtMail
) -> None:
    await agree_by_email(portal, await _customer(portal, "agreed"))
    await _send(portal)
    async with portal.transaction() as session:
        [entry] = await session.scalars(select(AuditEntry))
        [sent] = await session.scalars(select(ProductMail))
    assert (entry.action, entry.subject) == ("product_information.enqueued", "sach")
    assert '"mails": 1' in entry.detail or '"mails":1' in entry.detail
    assert sent.mailing in entry.detail
    assert "agreed@" not in entry.detail
    assert await _deliver(portal, mail) == ["agreed@example.org"]
