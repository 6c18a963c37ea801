"""Notices as customers see them: sent by the trustee, logged, failed, on paper instead."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select, update

from backend.adapters.mail_smtp import MailServer, SmtpMailSender
from backend.models.customers import CustomerNumber
from backend.models.notices import Notice
from backend.models.outbox import OutboxMessage
from backend.models.user_accounts import Locale, UserAccount
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from backend.services.bounces import Bounce, take_bounce
from backend.services.notices import Paper, list_failed
from backend.services.outbox_delivery import MAX_ATTEMPTS, deliver_mails, print_documents
from tests.noticing import ADDRESS, OPEN, print_orders, reader
from tests.returned_mails import exchange, postfix
from tests.servers import smtp_catcher
from tests.signing_in import CaughtMail

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal

REFUSED = DeliveryRefusedError("the mail server refused the message (550)")


async def _send(portal: Portal, failure: Exception | None = None) -> CaughtMail:
    mail = CaughtMail(failure=failure)
    await deliver_mails(replace(portal.house, mail=mail))
    return mail


def _travel(portal: Portal, **by: int) -> str:
    portal.clock.travel_to(portal.clock.now() + timedelta(**by))
    return portal.clock.now().isoformat()


async def _message_ids(portal: Portal) -> list[str]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(Notice.message_id).order_by(Notice.id)))


async def _bounce(portal: Portal, content: bytes) -> Bounce:
    return await take_bounce(portal.house, content)


@pytest.mark.parametrize(
    ("locale", "subject", "hint"),
    [
        (Locale.DE, "Neues Dokument in Ihrem Postfach", "Spam-Ordner"),
        (Locale.EN, "New document in your postbox", "spam folder"),
    ],
)
async def test_F24_F25_F26_the_notice_comes_from_the_trustee_and_tells_nothing(
    portal: Portal, tmp_path: Path, locale: Locale, subject: str, hint: str
) -> None:
    anna = await reader(portal, tmp_path)
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(locale=locale))
    await anna.deliver("Kuendigung")
    (message,) = (await _send(portal)).sent
    (message_id,) = await _message_ids(portal)
    headers: dict[str, Any] = dict(message.items())
    text = message.get_content()
    assert headers == {
        "From": "Musterland Informatik GmbH <postfach@informatik.musterland.example>",
        "To": ADDRESS,
        "Subject": subject,
        "Date": "Sat, 21 Nov 2026 11:00:00 +0000",
        "Message-ID": f"<{message_id}@informatik.musterland.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": headers["Content-Transfer-Encoding"],
        "MIME-Version": "1.0",
    }
    assert hint in text
    assert "https://portal.test" in text
    for secret in ("Anna", "Beispiel", "Kuendigung", "Sachversicherung"):
        assert secret not in text


async def test_X6_a_letter_shows_how_its_notice_fared_and_when_it_was_read(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    received_at = portal.clock.now().isoformat()
    await anna.deliver("Brief")
    pending = (await anna.letters())["Brief"]
    announced_at = _travel(portal, minutes=1)
    await _send(portal)
    opened_at = _travel(portal, minutes=1)
    await anna.open("Brief")
    downloaded_at = _travel(portal, minutes=1)
    assert await anna.fetch("Brief") == 200
    _travel(portal, minutes=1)
    await anna.open("Brief")
    assert await anna.fetch("Brief") == 200
    letter = (await anna.letters())["Brief"]
    notice = {
        "channel": "MAIL",
        "state": "PENDING",
        "emailAddress": ADDRESS,
        "announcedAt": None,
        "failedAt": None,
        "failure": None,
    }
    assert pending["notices"] == [notice]
    assert (pending["firstOpenedAt"], pending["firstDownloadedAt"]) == (None, None)
    assert letter["notices"] == [notice | {"state": "ANNOUNCED", "announcedAt": announced_at}]
    assert letter["receivedAt"] == received_at
    assert (letter["firstOpenedAt"], letter["firstDownloadedAt"]) == (opened_at, downloaded_at)
    assert (letter["paperOrderedAt"], letter["decisionDates"]) == (None, None)


async def test_X6_looking_at_a_letter_or_asking_for_its_size_is_no_download(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    assert await anna.fetch("Brief", "?show") == 200
    assert await anna.fetch("Brief", method="HEAD") == 200
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(email_address="a@example.org"))
    stranger = await reader(portal, tmp_path)
    url = (await anna.letters())["Brief"]["downloadUrl"]
    headers = {"Authorization": f"Bearer {await stranger.token()}"}
    assert (await portal.client.get(url, headers=headers)).status_code == 404
    assert (await anna.letters())["Brief"]["firstDownloadedAt"] is None


async def test_M2_a_refused_notice_sends_the_letter_on_paper_and_tells_the_customer(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    assert (await anna.look())["noticeFailedAt"] is None
    failed_at = _travel(portal, minutes=1)
    await _send(portal, REFUSED)
    viewer = await anna.look()
    letter = viewer["postbox"]["documents"]["nodes"][0]
    assert viewer["noticeFailedAt"] == failed_at
    assert letter["notices"][0] | {"state": "FAILED", "failure": "REFUSED"} == letter["notices"][0]
    assert letter["notices"][0]["failedAt"] == failed_at
    assert letter["paperOrderedAt"] == failed_at
    await print_documents(portal.house)
    (order,) = await print_orders(portal)
    assert order.print_job is not None
    # The digital copy is still there, unread.
    assert letter["firstOpenedAt"] is None
    assert await anna.fetch("Brief") == 200


async def test_M2_a_notice_that_nobody_takes_for_days_is_given_up(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    down = DeliveryDeferredError("the mail server is not usable: Timeout")
    await _send(portal, down)
    assert (await anna.letters())["Brief"]["notices"][0]["state"] == "PENDING"
    assert await print_orders(portal) == []
    _travel(portal, days=4)
    async with portal.transaction() as session:
        await session.execute(update(OutboxMessage).values(attempts=MAX_ATTEMPTS - 1))
    await _send(portal, down)
    assert (await anna.letters())["Brief"]["notices"][0]["failure"] == "GIVEN_UP"
    assert len(await print_orders(portal)) == 1


async def test_M2_a_notice_that_bounces_later_has_failed_once(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    announced_at = portal.clock.now().isoformat()
    await _send(portal)
    (message_id,) = await _message_ids(portal)
    delayed = postfix(message_id, action="delayed", status="4.4.1")
    assert await _bounce(portal, delayed) is Bounce.DELAYED
    assert (await anna.letters())["Brief"]["notices"][0]["state"] == "ANNOUNCED"
    failed_at = _travel(portal, days=1)
    assert await _bounce(portal, exchange(message_id)) is Bounce.FAILED
    _travel(portal, days=1)
    assert await _bounce(portal, postfix(message_id)) is Bounce.KNOWN
    letter = (await anna.letters())["Brief"]
    assert letter["notices"] == [
        {
            "channel": "MAIL",
            "state": "FAILED",
            "emailAddress": ADDRESS,
            "announcedAt": announced_at,
            "failedAt": failed_at,
            "failure": "BOUNCED",
        }
    ]
    assert letter["paperOrderedAt"] == failed_at
    async with portal.transaction() as session:
        (failed,) = await list_failed(session, since=portal.clock.now() - timedelta(days=9))
    assert (failed.institution_key, failed.external_id) == ("sach", "Brief")
    assert (failed.notice.detail, failed.paper) == ("5.1.10", Paper.ORDERED)


async def test_M2_a_forged_bounce_changes_nothing(portal: Portal, tmp_path: Path) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    await _send(portal)
    before = await anna.look()
    (message_id,) = await _message_ids(portal)
    for guessed in ("0" * 32, message_id[:-1] + "x", message_id.upper(), f"x{message_id}", "%"):
        assert await _bounce(portal, postfix(guessed)) is Bounce.UNMATCHED
    bare = postfix(message_id).replace(b"Message-ID: <", b"X-Message-ID: <")
    assert await _bounce(portal, bare) is Bounce.UNMATCHED
    assert await _bounce(portal, b"Hallo") is Bounce.NO_REPORT
    assert await anna.look() == before
    assert await print_orders(portal) == []


async def test_M2_who_has_read_the_letter_gets_no_paper(portal: Portal, tmp_path: Path) -> None:
    anna = await reader(portal, tmp_path)
    for name in ("gelesen", "gespeichert"):
        await anna.deliver(name)
    await anna.open("gelesen")
    assert await anna.fetch("gespeichert") == 200
    await _send(portal, REFUSED)
    assert {one["notices"][0]["state"] for one in (await anna.letters()).values()} == {"FAILED"}
    assert await print_orders(portal) == []
    async with portal.transaction() as session:
        failed = await list_failed(session, since=portal.clock.now() - timedelta(days=1))
    assert {one.paper for one in failed} == {Paper.RETRIEVED}


async def test_M2_paper_that_is_ordered_already_is_not_ordered_again(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    await _send(portal)
    (message_id,) = await _message_ids(portal)
    await _bounce(portal, postfix(message_id))
    async with portal.transaction() as session:
        await session.execute(update(Notice).values(failed_at=None, failure=None))
    assert await _bounce(portal, postfix(message_id)) is Bounce.FAILED
    assert len(await print_orders(portal)) == 1


async def test_M2_without_a_postal_address_the_operator_is_told(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    async with portal.transaction() as session:
        await session.execute(delete(CustomerNumber))
    await _send(portal, REFUSED)
    assert await print_orders(portal) == []
    async with portal.transaction() as session:
        (failed,) = await list_failed(session, since=portal.clock.now() - timedelta(days=1))
    assert failed.paper is Paper.NONE


async def test_M2_another_address_settles_it_and_so_does_one_that_holds(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("eins")
    failed_at = portal.clock.now().isoformat()
    await _send(portal, REFUSED)
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(email_address="neu@example.org"))
    assert (await anna.look())["noticeFailedAt"] is None
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(email_address=ADDRESS))
    _travel(portal, hours=1)
    await anna.deliver("zwei")
    await _send(portal)
    # Taken by the mail server is not yet there: it may come back for days.
    _travel(portal, days=4, hours=23)
    assert (await anna.look())["noticeFailedAt"] == failed_at
    _travel(portal, hours=1)
    assert (await anna.look())["noticeFailedAt"] is None


async def test_M2_a_real_mail_server_takes_defers_and_refuses(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    with smtp_catcher() as catcher:
        server = MailServer(catcher.host, catcher.port, security="none")
        house = replace(portal.house, mail=SmtpMailSender(server))
        for name, reply in (
            ("taken", "250 OK"),
            ("deferred", "450 4.2.2 <anna@example.org> mailbox full"),
            ("refused", "550 5.1.1 <anna@example.org> no such user"),
        ):
            catcher.replies = {} if name == "taken" else {"RCPT": reply}
            await anna.deliver(name)
            await deliver_mails(house)
    letters = await anna.letters()
    states = {name: letter["notices"][0]["state"] for name, letter in letters.items()}
    assert states == {"taken": "ANNOUNCED", "deferred": "PENDING", "refused": "FAILED"}
    (message_id, *_) = await _message_ids(portal)
    assert [message["Message-ID"] for message in catcher.messages] == [
        f"<{message_id}@informatik.musterland.example>"
    ]
    async with portal.transaction() as session:
        (failed,) = await list_failed(session, since=portal.clock.now() - timedelta(days=1))
    # The server's words may repeat the address: only its code is kept.
    assert failed.notice.detail == "the mail server refused the message (550)"
    assert len(await print_orders(portal)) == 1


async def test_F31_nothing_of_a_notice_is_shown_to_anybody_else(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    await _send(portal, REFUSED)
    other = await reader(portal, tmp_path, email_address="bert@example.org")
    viewer = await other.look()
    assert viewer["noticeFailedAt"] is None
    assert viewer["postbox"]["documents"]["nodes"] == []
    letter = (await anna.letters())["Brief"]["id"]
    opened = await portal.execute(OPEN, {"id": letter}, token=await other.token())
    assert opened == {"openDocument": {"__typename": "NotFound"}}
    assert (await anna.letters())["Brief"]["firstOpenedAt"] is None
