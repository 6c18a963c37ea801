"""Delivering the outbox: lease, hand over to a port, remember the outcome."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from backend import database
from backend.models.notices import NoticeFailure
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.ports import CipherError, DeliveryDeferredError, DeliveryRefusedError, PortError
from backend.push_port import PushEndedError
from backend.services.notices import note_announced, note_failed
from backend.services.outbox_handover import LeasedMessage, hand_over
from backend.services.product_information import ConsentWithdrawnError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.services.outbox_handover import DeliveringHouse

BATCH = 16
LEASE = timedelta(seconds=60)
# With the pauses below: about four days, long enough for an outage over a long weekend.
MAX_ATTEMPTS = 140
# Shorter than the lease: nobody else may take a message that is still being handed over.
_HANDOVER_SECONDS = 30
_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(hours=1)
# However long somebody asks us to wait.
_LONGEST_WAIT = timedelta(days=1)
_DOUBLINGS = 10

_log = logging.getLogger(__name__)


async def deliver_mails(house: DeliveringHouse) -> int:
    """Deliver one batch of due mails and return how many were taken up."""
    return 0 if house.mail is None else await _deliver_due(house, OutboxTopic.MAIL)


async def deliver_sms(house: DeliveringHouse) -> int:
    """Deliver one batch of due short messages; a TAN never queues behind 100,000 notices."""
    return 0 if house.sms is None else await _deliver_due(house, OutboxTopic.SMS)


async def file_agreements(house: DeliveringHouse) -> int:
    """File one batch of confirmations of user agreements; registering does not wait for a PDF."""
    return await _deliver_due(house, OutboxTopic.AGREEMENT)


async def send_recovery_links(house: DeliveringHouse) -> int:
    """Find out whose addresses were given to get back in, and send links to those who have one."""
    return await _deliver_due(house, OutboxTopic.RECOVERY)


async def write_recovery_letters(house: DeliveringHouse) -> int:
    """Write the letters that were asked for; asking does not wait for a PDF."""
    return await _deliver_due(house, OutboxTopic.RECOVERY_LETTER)


async def print_documents(house: DeliveringHouse) -> int:
    """Hand what was ordered on paper to the printers."""
    return await _deliver_due(house, OutboxTopic.PRINT)


async def deliver_product_mails(house: DeliveringHouse) -> int:
    """Deliver one batch of product information; it never delays a notice."""
    return 0 if house.mail is None else await _deliver_due(house, OutboxTopic.PRODUCT_MAIL)


async def transmit_submissions(house: DeliveringHouse) -> int:
    """Take one batch of submissions to core systems that are reached by HTTP."""
    return await _deliver_due(house, OutboxTopic.CORE_EVENT)


async def deliver_pushes(house: DeliveringHouse) -> int:
    """Hand one batch of notices to the push services of browsers (X3)."""
    return await _deliver_due(house, OutboxTopic.PUSH)


async def _deliver_due(house: DeliveringHouse, topic: OutboxTopic) -> int:
    """Deliver a batch, each message at least once.

    A worker that dies after handing over leaves the message to the next one, which sends it
    again under the same id.
    """
    async with database.reading(house.sessions) as session:
        due = _due(house.clock.now(), topic)
        if await session.scalar(select(OutboxMessage.id).where(*due).limit(1)) is None:
            return 0  # without asking for the write lock
    async with database.writing(house.sessions) as session:
        leased = await lease_due(session, topic, clock=house.clock)
    await asyncio.gather(*(_deliver(house, message) for message in leased))
    return len(leased)


async def lease_due(
    session: AsyncSession, topic: OutboxTopic, *, clock: Clock, limit: int = BATCH
) -> list[LeasedMessage]:
    """Take up to `limit` due messages for a minute; no two workers get the same one."""
    now = clock.now()
    leased_until = now + LEASE
    # SQLite has one writer and leaves out FOR UPDATE; PostgreSQL skips what others hold.
    due = (
        select(OutboxMessage.id)
        .where(*_due(now, topic))
        .order_by(OutboxMessage.available_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due))
        .values(leased_until=leased_until, attempts=OutboxMessage.attempts + 1)
        .returning(
            OutboxMessage.id,
            OutboxMessage.message_id,
            OutboxMessage.topic,
            OutboxMessage.payload,
            OutboxMessage.created_at,
            OutboxMessage.expires_at,
            OutboxMessage.attempts,
        )
        .execution_options(synchronize_session=False)
    )
    return [LeasedMessage(*row, leased_until=leased_until) for row in rows]


def _due(now: datetime, topic: OutboxTopic) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxMessage.topic == topic,
        OutboxMessage.delivered_at.is_(None),
        OutboxMessage.dead_at.is_(None),
        OutboxMessage.available_at <= now,
        or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now),
    )


async def _deliver(house: DeliveringHouse, message: LeasedMessage) -> None:
    """Hand one message over and write down what came of it, in a transaction of its own."""
    now = house.clock.now()
    if message.expires_at is not None and message.expires_at <= now:
        reason = "expired before it could be delivered"
        await _bury(house, message, reason, NoticeFailure.GIVEN_UP, keeps_payload=False)
        return
    try:
        async with asyncio.timeout(_HANDOVER_SECONDS):
            await hand_over(house, message)
    except ConsentWithdrawnError:
        await _drop(house, message, "not sent: the consent was withdrawn")
    except PushEndedError as error:
        await _drop(house, message, f"not sent: {error}", NoticeFailure.REFUSED)
    except (DeliveryRefusedError, CipherError, ValueError) as error:
        # Repeating can't mend a refused, damaged or malformed message.
        await _bury(house, message, _reason(error), NoticeFailure.REFUSED)
    except Exception as error:  # noqa: BLE001  # one message must not stop the others
        if message.attempts >= MAX_ATTEMPTS:
            await _bury(house, message, _reason(error), NoticeFailure.GIVEN_UP)
        else:
            asked = error.retry_after if isinstance(error, DeliveryDeferredError) else None
            await _put_back(house, message, _reason(error), asked)
    else:
        await _write_delivered(house, message)


async def _drop(
    house: DeliveringHouse,
    message: LeasedMessage,
    reason: str,
    failure: NoticeFailure | None = None,
) -> None:
    # Settled and no failure of ours: nobody has to look after it.
    _log.info("outbox_dropped", extra={"message_id": message.message_id, "reason": reason})
    outcome = {"delivered_at": house.clock.now(), "payload": b"", "last_error": reason}
    async with database.writing(house.sessions) as session:
        is_ours = await _write_outcome(session, message, outcome)
        if is_ours and failure is not None:
            await note_failed(
                session, house.outbox, message.message_id, failure=failure, detail=reason
            )


async def _bury(
    house: DeliveringHouse,
    message: LeasedMessage,
    reason: str,
    failure: NoticeFailure,
    *,
    keeps_payload: bool = True,
) -> None:
    _log.error(
        "outbox_dead_letter",
        extra={
            "message_id": message.message_id,
            "topic": message.topic.value,
            "attempts": message.attempts,
            "reason": reason,
        },
    )
    outcome = {"dead_at": house.clock.now(), "last_error": reason}
    async with database.writing(house.sessions) as session:
        is_ours = await _write_outcome(
            session, message, outcome if keeps_payload else outcome | {"payload": b""}
        )
        if is_ours:
            await note_failed(
                session, house.outbox, message.message_id, failure=failure, detail=reason
            )


async def _put_back(
    house: DeliveringHouse, message: LeasedMessage, reason: str, asked: timedelta | None
) -> None:
    delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(message.attempts - 1, _DOUBLINGS))
    # Jitter, so that what failed together does not come back together.
    delay *= random.uniform(0.5, 1.0)  # noqa: S311
    delay = max(delay, min(_LONGEST_WAIT, asked or delay))
    await _write(house, message, available_at=house.clock.now() + delay, last_error=reason)


async def _write_delivered(house: DeliveringHouse, message: LeasedMessage) -> None:
    # Whoever holds the lease by now: delivered is delivered.
    async with database.writing(house.sessions) as session:
        await session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message.id, OutboxMessage.delivered_at.is_(None))
            .values(
                delivered_at=house.clock.now(),
                dead_at=None,
                leased_until=None,
                payload=b"",
                last_error=None,
            )
        )
        await note_announced(session, message.message_id, clock=house.clock)


async def _write(house: DeliveringHouse, message: LeasedMessage, **outcome: object) -> None:
    async with database.writing(house.sessions) as session:
        await _write_outcome(session, message, outcome)


async def _write_outcome(
    session: AsyncSession, message: LeasedMessage, outcome: Mapping[str, object]
) -> bool:
    """Write what came of a message, unless the next worker has it by now; tell whether."""
    written = await session.scalar(
        update(OutboxMessage)
        # A worker whose lease ran out must not undo what the next one has written.
        .where(
            OutboxMessage.id == message.id,
            OutboxMessage.leased_until == message.leased_until,
            OutboxMessage.delivered_at.is_(None),
        )
        .values(leased_until=None, **outcome)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return written is not None


def _reason(error: Exception) -> str:
    # Ports word their errors without addresses; other exceptions may quote the message.
    worded = isinstance(error, PortError)
    return str(error) if worded else type(error).__name__
