"""Whatever a mail server does at whatever point: no notice is lost, none loops, none hides (M2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from backend.models.notices import Notice, NoticeFailure, NoticeState
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.services.outbox_delivery import deliver_mails
from tests.faulty_smtp import Fault, FaultySmtp, Stage, faulty_smtp
from tests.noticing import print_orders, reader
from tests.servers import free_port, write_certificate

if TYPE_CHECKING:
    from pathlib import Path

    from backend.house import House
    from tests.portal import Portal

CONVERSATION = (Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA)
# Where the server judges this sender, recipient or content; before that it judges the set-up.
JUDGED = (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.END)
BROKEN_OFF = (*CONVERSATION, Stage.CONTENT, Stage.END)
DEFERRING = [
    *((stage, Fault.CUT) for stage in BROKEN_OFF),
    *((stage, Fault.SILENT) for stage in BROKEN_OFF),
    *((stage, Fault.TEMPORARY) for stage in (*CONVERSATION, Stage.END)),
    *((stage, Fault.PERMANENT) for stage in (Stage.GREETING, Stage.EHLO)),
]
DEFERRING_TLS = [
    (Stage.STARTTLS, Fault.CUT),
    (Stage.STARTTLS, Fault.TEMPORARY),
    (Stage.STARTTLS, Fault.PERMANENT),
    (Stage.HANDSHAKE, Fault.CUT),
]
LOST_ANSWERS = [Fault.CUT, Fault.SILENT]
HARMLESS = [
    *((stage, Fault.SLOW) for stage in (*CONVERSATION, Stage.END, Stage.KEPT, Stage.QUIT)),
    *((Stage.QUIT, fault) for fault in (Fault.CUT, Fault.TEMPORARY, Fault.PERMANENT)),
]


async def _outbox(portal: Portal) -> OutboxMessage:
    async with portal.transaction() as session:
        is_mail = OutboxMessage.topic == OutboxTopic.MAIL
        return (await session.scalars(select(OutboxMessage).where(is_mail))).one()


async def _notice(portal: Portal) -> Notice:
    async with portal.transaction() as session:
        return (await session.scalars(select(Notice))).one()


async def _expect_announced(portal: Portal) -> None:
    """The notice went out, nothing waits, and nobody has to do anything."""
    message, notice = await _outbox(portal), await _notice(portal)
    assert notice.state is NoticeState.ANNOUNCED
    assert notice.announced_at == message.delivered_at == portal.clock.now()
    assert (message.payload, message.dead_at, message.last_error) == (b"", None, None)
    assert await print_orders(portal) == []


async def _lose_and_recover(portal: Portal, folder: Path, server: FaultySmtp) -> None:
    """Send to a server that fails, then, with nothing restarted, to the same one mended."""
    anna = await reader(portal, folder)
    await anna.deliver("Brief")
    house = replace(portal.house, mail=server.sender())
    assert await deliver_mails(house) == 1
    message = await _outbox(portal)
    assert (message.delivered_at, message.dead_at, message.attempts) == (None, None, 1)
    assert (await _notice(portal)).state is NoticeState.PENDING
    assert await deliver_mails(house) == 0  # it waits before it tries again
    server.mend()
    portal.clock.travel_to(message.available_at)
    assert await deliver_mails(house) == 1
    await _expect_announced(portal)


@pytest.mark.parametrize(("stage", "fault"), DEFERRING)
async def test_M2_a_mail_outlives_whatever_breaks_off(
    portal: Portal, tmp_path: Path, stage: Stage, fault: Fault
) -> None:
    async with faulty_smtp(FaultySmtp(stage, fault)) as server:
        await _lose_and_recover(portal, tmp_path, server)
    assert server.message_ids == [f"<{(await _notice(portal)).message_id}@{_domain(portal)}>"]


@pytest.mark.parametrize(("stage", "fault"), DEFERRING_TLS)
async def test_M2_a_mail_outlives_failing_tls_and_never_goes_without(
    portal: Portal, tmp_path: Path, stage: Stage, fault: Fault
) -> None:
    certificate = write_certificate(tmp_path / "server.pem")
    async with faulty_smtp(FaultySmtp(stage, fault, certificate)) as server:
        await _lose_and_recover(portal, tmp_path, server)
    assert len(server.mails) == 1


@pytest.mark.parametrize("fault", LOST_ANSWERS)
async def test_M2_a_mail_whose_answer_was_lost_comes_twice_under_one_id(
    portal: Portal, tmp_path: Path, fault: Fault
) -> None:
    async with faulty_smtp(FaultySmtp(Stage.KEPT, fault)) as server:
        await _lose_and_recover(portal, tmp_path, server)
    first, second = server.mails
    assert first.as_bytes() == second.as_bytes()
    assert set(server.message_ids) == {f"<{(await _notice(portal)).message_id}@{_domain(portal)}>"}


@pytest.mark.parametrize(("stage", "fault"), HARMLESS)
async def test_M2_a_slow_server_and_an_odd_farewell_are_no_failures(
    portal: Portal, tmp_path: Path, stage: Stage, fault: Fault
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    async with faulty_smtp(FaultySmtp(stage, fault)) as server:
        assert await deliver_mails(replace(portal.house, mail=server.sender())) == 1
    assert len(server.mails) == 1
    await _expect_announced(portal)


@pytest.mark.parametrize("stage", JUDGED)
async def test_M2_what_is_refused_for_good_goes_on_paper_and_is_not_tried_again(
    portal: Portal, tmp_path: Path, stage: Stage
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    async with faulty_smtp(FaultySmtp(stage, Fault.PERMANENT)) as server:
        house = replace(portal.house, mail=server.sender())
        assert await deliver_mails(house) == 1
        failed_at = portal.clock.now()
        server.mend()
        portal.clock.travel_to(failed_at + timedelta(days=7))
        assert await deliver_mails(house) == 0
    assert server.mails == []
    message, notice = await _outbox(portal), await _notice(portal)
    assert (message.dead_at, message.attempts) == (failed_at, 1)
    assert message.last_error == "the mail server refused the message (550)"
    assert (notice.state, notice.failure) == (NoticeState.FAILED, NoticeFailure.REFUSED)
    assert [order.document_id for order in await print_orders(portal)] == [notice.document_id]
    # The customer is asked for an address that works.
    assert (await anna.look())["noticeFailedAt"] == failed_at.isoformat()


async def test_M2_a_refused_recipient_holds_up_nobody_else(portal: Portal, tmp_path: Path) -> None:
    gone = await reader(portal, tmp_path / "gone", email_address="gone@example.org")
    anna = await reader(portal, tmp_path / "anna")
    for somebody in (gone, anna):
        await somebody.deliver(f"Brief-{somebody.account.customer_id}")
    async with faulty_smtp(FaultySmtp(refused=frozenset({"gone@example.org"}))) as server:
        assert await deliver_mails(replace(portal.house, mail=server.sender())) == 2
    assert [mail["To"] for mail in server.mails] == [anna.account.email_address]
    [order] = await print_orders(portal)
    assert order.document_id in {notice.document_id for notice in await _failed(portal)}
    assert (await gone.look())["noticeFailedAt"] == portal.clock.now().isoformat()
    assert (await anna.look())["noticeFailedAt"] is None


async def test_M2_a_server_that_is_down_for_three_days_gets_the_mail_on_the_fourth(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    server = FaultySmtp(port=free_port())
    house = replace(portal.house, mail=server.sender())
    attempts = await _outlast(portal, house, timedelta(days=3))
    # Often enough to notice that it is back, and seldom enough to leave it in peace.
    assert 72 <= attempts <= 125
    async with faulty_smtp(server):
        assert await deliver_mails(house) == 1
    assert len(server.mails) == 1
    await _expect_announced(portal)


async def test_M2_a_server_that_stays_down_is_given_up_after_four_days_and_the_letter_printed(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    await anna.deliver("Brief")
    began = portal.clock.now()
    await _outlast(
        portal, replace(portal.house, mail=FaultySmtp(port=free_port()).sender()), timedelta(days=9)
    )
    [notice] = await _failed(portal)
    assert notice.failure is NoticeFailure.GIVEN_UP
    assert notice.failed_at is not None
    assert timedelta(days=3.5) < notice.failed_at - began < timedelta(days=4.5)
    assert [order.document_id for order in await print_orders(portal)] == [notice.document_id]


async def _outlast(portal: Portal, house: House, time: timedelta) -> int:
    """Let the mail job run whenever something is due until then; return how often it tried."""
    until, attempts = portal.clock.now() + time, 0
    while portal.clock.now() < until:
        attempts += await deliver_mails(house)
        async with portal.transaction() as session:
            is_mail = (OutboxMessage.topic == OutboxTopic.MAIL, OutboxMessage.dead_at.is_(None))
            due = await session.scalar(select(OutboxMessage.available_at).where(*is_mail))
        portal.clock.travel_to(due or until)
    return attempts


async def _failed(portal: Portal) -> list[Notice]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(Notice).where(Notice.failed_at.is_not(None))))


def _domain(portal: Portal) -> str:
    return portal.house.group.trustee.email_address.partition("@")[2]
