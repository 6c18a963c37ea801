"""What goes to core systems: written with the change, sealed, under one stable id."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from backend.models.customers import Customer
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.receipts import ReceiptKind
from backend.models.submissions import Submission, SubmissionState, SubmissionStep
from backend.ports import CipherError, KeyDestroyedError
from backend.services import receipts
from backend.services.receipts import issue_receipt
from backend.services.submissions import payload_of, subject_of
from tests.signing_in import person
from tests.submitting import (
    BY_FILE,
    BY_HTTP,
    PAYLOAD,
    SUBJECT,
    connect,
    reload,
    steps_of,
    submit_in,
    submitted,
)

if TYPE_CHECKING:
    from backend.group import CoreSystem
    from tests.portal import Portal


class _ChangeFailedError(Exception):
    pass


async def _counts(portal: Portal) -> list[int | None]:
    async with portal.transaction() as session:
        return [
            await session.scalar(select(func.count()).select_from(table))
            for table in (Submission, SubmissionStep, OutboxMessage)
        ]


async def test_M2_submission_its_step_and_its_message_are_written_together(portal: Portal) -> None:
    account = await person(portal)
    submission = await submitted(portal, account.customer_id)
    async with portal.transaction() as session:
        message = (await session.scalars(select(OutboxMessage))).one()
    assert (message.message_id, message.topic) == (submission.uid, OutboxTopic.CORE_EVENT)
    assert (submission.state, submission.created_at) == (
        SubmissionState.RECEIVED,
        portal.clock.now(),
    )
    assert await steps_of(portal, submission) == [SubmissionState.RECEIVED]


async def test_M2_a_change_that_fails_submits_nothing(portal: Portal) -> None:
    account = await person(portal)
    with suppress(_ChangeFailedError):
        async with portal.transaction() as session:
            await submit_in(session, portal, account.customer_id)
            raise _ChangeFailedError
    assert await _counts(portal) == [0, 0, 0]


async def test_M2_subject_and_payload_are_sealed_and_bound_to_their_place(portal: Portal) -> None:
    account = await person(portal)
    submission = await submitted(portal, account.customer_id)
    cipher = portal.house.cipher
    assert PAYLOAD["iban"].encode() not in submission.payload
    assert SUBJECT.encode() not in submission.subject
    assert await payload_of(cipher, submission) == PAYLOAD
    assert await subject_of(cipher, submission) == SUBJECT
    submission.payload = submission.subject
    with pytest.raises(CipherError):
        await payload_of(cipher, submission)


async def test_M2_nothing_is_submitted_for_somebody_whose_key_is_destroyed(portal: Portal) -> None:
    account = await person(portal)
    async with portal.transaction() as session:
        uid = await session.scalar(select(Customer.uid).where(Customer.id == account.customer_id))
    await portal.house.keys.create(uid or "")
    await portal.house.keys.destroy(uid or "")
    with pytest.raises(KeyDestroyedError):
        await submitted(portal, account.customer_id)
    assert await _counts(portal) == [0, 0, 0]


@pytest.mark.parametrize(("core", "hours"), [(None, 0), (BY_HTTP, 24), (BY_FILE, 96)])
async def test_M2_the_deadline_depends_on_how_the_core_system_is_reached(
    portal: Portal, core: CoreSystem | None, hours: int
) -> None:
    connect(portal, core)
    submission = await submitted(portal, (await person(portal)).customer_id)
    assert submission.due_at == portal.clock.now() + timedelta(hours=hours)


async def test_X8_a_receipt_of_the_same_transaction_belongs_to_the_submission(
    portal: Portal,
) -> None:
    mine, other = await person(portal), await person(portal, email_address="o@example.org")
    async with portal.transaction() as session:
        submission = await submit_in(session, portal, mine.customer_id)
        foreign = await submit_in(session, portal, other.customer_id)
        receipt = await issue_receipt(
            session,
            portal.house,
            kind=ReceiptKind.APPROVED_OPERATION,
            customer_id=mine.customer_id,
            submission=receipts.Submission.of_values(SUBJECT, PAYLOAD),
        )
    assert (await reload(portal, submission)).receipt_id == receipt.id
    assert (await reload(portal, foreign)).receipt_id is None
