"""The outbox: written with its cause, delivered at least once under one id, failures visible."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from backend.services.outbox import (
    enqueue_mail,
    enqueue_sms,
    list_dead_letters,
)
from backend.services.outbox_delivery import (
    LEASE,
    MAX_ATTEMPTS,
    deliver_mails,
    deliver_sms,
    lease_due,
)
from tests.signing_in import CaughtMail, CaughtSms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.portal import Portal

PHONE = "+4915112345678"


async def _put_sms(portal: Portal, text: str = "Hallo") -> str:
    async with portal.transaction() as session:
        return await enqueue_sms(
            session,
            portal.house.outbox,
            phone_number=PHONE,
            text=text,
            expires_at=portal.clock.now() + timedelta(days=7),
        )


async def _put_mail(portal: Portal, address: str = "anna@example.org") -> str:
    async with portal.transaction() as session:
        return await enqueue_mail(
            session, portal.house.outbox, email_address=address, subject="Betreff", text="Text"
        )


async def _rows(portal: Portal) -> Sequence[OutboxMessage]:
    async with portal.transaction() as session:
        return (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))).all()


async def _dead(portal: Portal) -> list[tuple[str, str | None]]:
    async with portal.transaction() as session:
        return [(row.message_id, row.last_error) for row in await list_dead_letters(session)]


def _travel(portal: Portal, by: timedelta) -> None:
    portal.clock.travel_to(portal.clock.now() + by)


async def test_a_message_is_handed_over_once_and_its_content_forgotten(portal: Portal) -> None:
    sms = CaughtSms()
    house = replace(portal.house, sms=sms)
    message_id = await _put_sms(portal)
    assert await deliver_sms(house) == 1
    assert await deliver_sms(house) == 0
    assert sms.sent == [(PHONE, "Hallo", message_id)]
    (row,) = await _rows(portal)
    assert row.delivered_at == portal.clock.now()
    assert row.payload == b""


async def test_a_cause_that_fails_sends_nothing(portal: Portal) -> None:
    async with portal.transaction() as session:
        await enqueue_mail(
            session, portal.house.outbox, email_address="a@b.de", subject="x", text="y"
        )
        await session.rollback()
    assert await _rows(portal) == []
    assert not portal.house.work_waits.is_set()


async def test_the_worker_is_nudged_when_the_cause_has_committed(portal: Portal) -> None:
    async with portal.transaction() as session:
        await enqueue_mail(
            session, portal.house.outbox, email_address="a@b.de", subject="x", text="y"
        )
        assert not portal.house.work_waits.is_set()
    assert portal.house.work_waits.is_set()


async def test_waiting_content_is_sealed(portal: Portal) -> None:
    await _put_sms(portal, "123456 ist Ihre TAN")
    (row,) = await _rows(portal)
    assert b"123456" not in row.payload
    assert PHONE.encode() not in row.payload


async def test_content_moved_to_another_message_is_never_sent(portal: Portal) -> None:
    sms = CaughtSms()
    first, second = await _put_sms(portal, "eins"), await _put_sms(portal, "zwei")
    async with portal.transaction() as session:
        payload = await session.scalar(
            select(OutboxMessage.payload).where(OutboxMessage.message_id == first)
        )
        await session.execute(
            update(OutboxMessage).where(OutboxMessage.message_id == second).values(payload=payload)
        )
    await deliver_sms(replace(portal.house, sms=sms))
    assert [text for _, text, _ in sms.sent] == ["eins"]
    assert [message_id for message_id, _ in await _dead(portal)] == [second]


async def test_without_a_port_messages_wait(portal: Portal) -> None:
    await _put_sms(portal)
    await _put_mail(portal)
    assert await deliver_sms(portal.house) == 0
    assert await deliver_mails(portal.house) == 0
    assert [(row.attempts, row.leased_until) for row in await _rows(portal)] == [(0, None)] * 2
    assert await deliver_sms(replace(portal.house, sms=CaughtSms())) == 1


async def test_a_deferred_message_is_tried_again_later_and_later(portal: Portal) -> None:
    sms = CaughtSms(failure=DeliveryDeferredError("the SMS gateway is not usable: Timeout"))
    house = replace(portal.house, sms=sms)
    await _put_sms(portal)
    delays = []
    for _ in range(14):
        assert await deliver_sms(house) == 1
        assert await deliver_sms(house) == 0
        (row,) = await _rows(portal)
        assert row.last_error == "the SMS gateway is not usable: Timeout"
        delays.append((row.available_at - portal.clock.now()).total_seconds())
        portal.clock.travel_to(row.available_at)
    longest = [min(3600.0, 5.0 * 2**attempt) for attempt in range(14)]
    assert all(limit / 2 <= delay <= limit for delay, limit in zip(delays, longest, strict=True))
    sms.failure = None
    assert await deliver_sms(house) == 1
    assert len(sms.sent) == 1
    assert await _dead(portal) == []


async def test_a_refused_message_is_a_dead_letter_at_once(portal: Portal) -> None:
    sms = CaughtSms(failure=DeliveryRefusedError("the SMS gateway refused the text (400)"))
    message_id = await _put_sms(portal)
    await deliver_sms(replace(portal.house, sms=sms))
    assert await _dead(portal) == [(message_id, "the SMS gateway refused the text (400)")]
    _travel(portal, timedelta(days=1))
    assert await deliver_sms(replace(portal.house, sms=CaughtSms())) == 0


async def test_a_message_that_fails_too_often_is_a_dead_letter(portal: Portal) -> None:
    message_id = await _put_mail(portal)
    async with portal.transaction() as session:
        await session.execute(update(OutboxMessage).values(attempts=MAX_ATTEMPTS - 1))
    mail = CaughtMail(failure=DeliveryDeferredError("the mail server is not usable"))
    await deliver_mails(replace(portal.house, mail=mail))
    assert await _dead(portal) == [(message_id, "the mail server is not usable")]


async def test_an_unexpected_failure_is_retried_and_leaks_no_content(portal: Portal) -> None:
    sms = CaughtSms(failure=RuntimeError("could not send 123456"))
    await _put_sms(portal, "123456")
    await deliver_sms(replace(portal.house, sms=sms))
    (row,) = await _rows(portal)
    assert (row.last_error, row.dead_at) == ("RuntimeError", None)


async def test_a_tan_that_has_expired_is_not_sent_any_more(portal: Portal) -> None:
    sms = CaughtSms()
    message_id = await _put_sms(portal)
    _travel(portal, timedelta(days=7))
    await deliver_sms(replace(portal.house, sms=sms))
    assert sms.sent == []
    assert await _dead(portal) == [(message_id, "expired before it could be delivered")]
    assert (await _rows(portal))[0].payload == b""


async def test_one_bad_message_does_not_hold_up_the_others(portal: Portal) -> None:
    mail = CaughtMail()
    bad = await _put_mail(portal, "not an address")
    good = await _put_mail(portal)
    await deliver_mails(replace(portal.house, mail=mail))
    assert [message["Message-ID"] for message in mail.sent] == [
        f"<{good}@informatik.musterland.example>"
    ]
    assert [message_id for message_id, _ in await _dead(portal)] == [bad]


async def test_a_worker_killed_after_its_lease_leaves_the_message_to_the_next(
    portal: Portal,
) -> None:
    class Hanging(CaughtSms):
        async def send(self, *_: str) -> None:
            reached.set()
            await asyncio.Event().wait()

    reached = asyncio.Event()
    message_id = await _put_sms(portal)
    killed = asyncio.create_task(deliver_sms(replace(portal.house, sms=Hanging())))
    await reached.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    sms = CaughtSms()
    house = replace(portal.house, sms=sms)
    assert await deliver_sms(house) == 0
    _travel(portal, LEASE)
    assert await deliver_sms(house) == 1
    assert sms.sent == [(PHONE, "Hallo", message_id)]


async def test_a_worker_whose_lease_ran_out_does_not_undo_the_next_one(portal: Portal) -> None:
    class Slow(CaughtSms):
        async def send(self, *_: str) -> None:
            reached.set()
            await goes_on.wait()
            raise DeliveryRefusedError("too late")

    reached, goes_on = asyncio.Event(), asyncio.Event()
    await _put_sms(portal)
    slow = asyncio.create_task(deliver_sms(replace(portal.house, sms=Slow())))
    await reached.wait()
    _travel(portal, LEASE)
    busy = CaughtSms(failure=DeliveryDeferredError("busy"))
    await deliver_sms(replace(portal.house, sms=busy))
    goes_on.set()
    await slow
    assert await _dead(portal) == []
    assert (await _rows(portal))[0].last_error == "busy"


async def test_parallel_workers_deliver_each_message_once(portal: Portal) -> None:
    sms = CaughtSms()
    house = replace(portal.house, sms=sms)
    put = {await _put_sms(portal, str(number)) for number in range(60)}

    async def work() -> None:
        while await deliver_sms(house):
            pass

    await asyncio.gather(*(work() for _ in range(6)))
    assert len(sms.sent) == 60
    assert {message_id for _, _, message_id in sms.sent} == put


async def test_a_lease_takes_no_more_than_its_limit_and_the_oldest_first(portal: Portal) -> None:
    put = [await _put_sms(portal, str(number)) for number in range(5)]
    async with portal.transaction() as session:
        leased = await lease_due(session, OutboxTopic.SMS, clock=portal.clock, limit=3)
    assert {message.message_id for message in leased} == set(put[:3])
