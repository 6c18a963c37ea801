"""Submissions on their way to core systems by HTTP: at least once, in order, never back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from backend.feeds.acknowledgement_records import AcknowledgedOutcome, Acknowledgement
from backend.models.customers import CustomerNumber
from backend.models.outbox import OutboxMessage
from backend.models.submissions import SubmissionState
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from backend.services.acknowledgements import acknowledge
from backend.services.outbox_delivery import LEASE, transmit_submissions
from backend.services.submission_watch import reroute_overdue
from tests import factories
from tests.signing_in import person
from tests.submitting import (
    BY_HTTP,
    PAYLOAD,
    CaughtCore,
    connect,
    reload,
    steps_of,
    submitted,
)

if TYPE_CHECKING:
    from datetime import datetime

    from backend.models.submissions import Submission
    from tests.portal import Portal

RECEIVED, TRANSMITTED = SubmissionState.RECEIVED, SubmissionState.TRANSMITTED


async def _transmit(portal: Portal, core: CaughtCore) -> int:
    return await transmit_submissions(replace(portal.house, core=core))


async def _due_at(portal: Portal, submission: Submission) -> datetime:
    """Return when a submission is transmitted next."""
    async with portal.transaction() as session:
        found = select(OutboxMessage.available_at).where(OutboxMessage.message_id == submission.uid)
        return (await session.scalars(found)).one()


async def test_M2_an_event_names_customer_contract_and_payload(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    account = await person(portal)
    async with portal.transaction() as session:
        sach = await factories.institution(session)
        session.add(
            CustomerNumber(
                customer_id=account.customer_id, institution_id=sach.id, number="S100010"
            )
        )
        contract = await factories.insurance_contract(session, None, number="SV-1")
    submission = await submitted(portal, account.customer_id, contract_id=contract.id)
    core = CaughtCore()
    assert await _transmit(portal, core) == 1
    assert core.events == [
        {
            "format": "kundenportal-core-event/1",
            "id": submission.uid,
            "sequence": submission.id,
            "kind": "BANK_ACCOUNT_CHANGED",
            "schemaVersion": 1,
            "occurredAt": "2026-11-21T11:00:00Z",
            "institution": "sach",
            "customerNumbers": ["S100010"],
            "contractNumber": "SV-1",
            "payload": PAYLOAD,
        }
    ]
    assert await steps_of(portal, submission) == [RECEIVED, TRANSMITTED]
    assert (await reload(portal, submission)).transmitted_at == portal.clock.now()


async def test_M2_a_core_system_that_is_down_gets_the_event_later_under_the_same_id(
    portal: Portal,
) -> None:
    connect(portal, BY_HTTP)
    submission = await submitted(portal, (await person(portal)).customer_id)
    core = CaughtCore(refuses=[DeliveryDeferredError("down"), DeliveryDeferredError("500")])
    for _ in range(3):
        await _transmit(portal, core)
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    assert [event["id"] for event in core.events] == [submission.uid]
    assert await steps_of(portal, submission) == [RECEIVED, TRANSMITTED]


async def test_M2_a_worker_that_died_after_handing_over_leads_to_the_same_event_again(
    portal: Portal,
) -> None:
    connect(portal, BY_HTTP)
    submission = await submitted(portal, (await person(portal)).customer_id)

    async def die() -> None:
        raise DeliveryDeferredError("the answer was lost")

    core = CaughtCore(when_called=die)
    await _transmit(portal, core)
    assert (await reload(portal, submission)).state is RECEIVED
    core.when_called = None
    portal.clock.travel_to(portal.clock.now() + LEASE)
    await _transmit(portal, core)
    assert [event["id"] for event in core.events] == [submission.uid, submission.uid]
    assert await steps_of(portal, submission) == [RECEIVED, TRANSMITTED]


async def test_M2_what_the_customer_changed_first_goes_first(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    account, other = await person(portal), await person(portal, email_address="o@example.org")
    first = await submitted(portal, account.customer_id)
    second = await submitted(portal, account.customer_id)
    foreign = await submitted(portal, other.customer_id)
    core = CaughtCore(refuses=[DeliveryDeferredError("down")] * 3)
    await _transmit(portal, core)
    assert (await reload(portal, second)).state is RECEIVED
    core.refuses.clear()
    for _ in range(4):
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
        await _transmit(portal, core)
    ids = [event["id"] for event in core.events]
    assert sorted(ids) == sorted([first.uid, second.uid, foreign.uid])
    assert ids.index(first.uid) < ids.index(second.uid)


async def test_M2_after_an_outage_what_waited_behind_the_first_leaves_without_a_pause(
    portal: Portal,
) -> None:
    connect(portal, BY_HTTP)
    customer_id = (await person(portal)).customer_id
    waiting = [await submitted(portal, customer_id) for _ in range(5)]
    core = CaughtCore(refuses=[DeliveryDeferredError("down")] * 1_000)
    for _ in range(60):
        await _transmit(portal, core)
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    assert core.events == []
    core.refuses.clear()
    portal.clock.travel_to(await _due_at(portal, waiting[0]))
    for expected in waiting:
        await _transmit(portal, core)
        assert core.events[-1]["id"] == expected.uid
    assert len(core.events) == len(waiting)
    assert await _transmit(portal, core) == 0


async def test_M2_a_worker_that_found_out_too_early_does_not_put_off_what_may_leave(
    portal: Portal,
) -> None:
    connect(portal, BY_HTTP)
    customer_id = (await person(portal)).customer_id
    first, second = [await submitted(portal, customer_id) for _ in range(2)]
    core = CaughtCore()
    # Both are taken up at once: the second must wait when it looks, and may leave when it says so.
    assert await _transmit(portal, core) == 2
    # Had the first left before the second looked, both are gone by now.
    waiting = 2 - len(core.events)
    assert await _transmit(portal, core) == waiting
    assert [event["id"] for event in core.events] == [first.uid, second.uid]


@pytest.mark.parametrize("how", ["rerouted", "answered"])
async def test_M2_what_ceases_to_wait_in_another_way_lets_the_next_one_leave(
    portal: Portal, how: str
) -> None:
    connect(portal, BY_HTTP)
    customer_id = (await person(portal)).customer_id
    first = await submitted(portal, customer_id)
    portal.clock.travel_to(first.due_at - timedelta(minutes=1))
    second = await submitted(portal, customer_id)
    await _transmit(portal, CaughtCore(refuses=[DeliveryDeferredError("down")]))
    portal.clock.travel_to(first.due_at)
    core = CaughtCore(refuses=[DeliveryDeferredError("down")])
    await _transmit(portal, core)
    assert await _due_at(portal, second) > portal.clock.now()
    match how:
        case "rerouted":
            assert await reroute_overdue(portal.house) == 1
        case _:
            answer = Acknowledgement(first.uid, AcknowledgedOutcome.CONFIRMED)
            async with portal.transaction() as session:
                await acknowledge(session, portal.house, institution_key="sach", answer=answer)
    assert await _transmit(portal, core) >= 1
    assert [event["id"] for event in core.events] == [second.uid]


async def test_M2_an_answer_to_what_has_left_puts_nobody_forward(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    customer_id = (await person(portal)).customer_id
    first = await submitted(portal, customer_id)
    await _transmit(portal, CaughtCore())
    second = await submitted(portal, customer_id)
    await _transmit(portal, CaughtCore(refuses=[DeliveryDeferredError("down")]))
    due_at = await _due_at(portal, second)
    answer = Acknowledgement(first.uid, AcknowledgedOutcome.CONFIRMED)
    async with portal.transaction() as session:
        assert await acknowledge(session, portal.house, institution_key="sach", answer=answer)
    assert await _due_at(portal, second) == due_at > portal.clock.now()


async def test_M2_an_answer_that_overtakes_the_end_of_the_call_stays(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    submission = await submitted(portal, (await person(portal)).customer_id)

    async def confirm() -> None:
        async with portal.transaction() as session:
            assert await acknowledge(
                session,
                portal.house,
                institution_key="sach",
                answer=Acknowledgement(submission.uid, AcknowledgedOutcome.CONFIRMED),
            )

    await _transmit(portal, CaughtCore(when_called=confirm))
    assert await steps_of(portal, submission) == [RECEIVED, SubmissionState.CONFIRMED]
    assert (await reload(portal, submission)).transmitted_at == portal.clock.now()


async def test_M2_what_was_rerouted_is_not_transmitted_any_more(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    submission = await submitted(portal, (await person(portal)).customer_id)
    portal.clock.travel_to(submission.due_at)
    assert await reroute_overdue(portal.house) == 1
    core = CaughtCore()
    await _transmit(portal, core)
    assert core.events == []
    assert (await reload(portal, submission)).state is SubmissionState.REROUTED


async def test_M2_an_event_that_the_core_system_refuses_is_rerouted_at_once(
    portal: Portal,
) -> None:
    connect(portal, BY_HTTP)
    submission = await submitted(portal, (await person(portal)).customer_id)
    core = CaughtCore(refuses=[DeliveryRefusedError("the core system refused the event (422)")])
    await _transmit(portal, core)
    assert await reroute_overdue(portal.house) == 1
    assert await steps_of(portal, submission) == [RECEIVED, SubmissionState.REROUTED]


async def test_M2_a_message_holds_no_personal_data(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    account = await person(portal)
    await submitted(portal, account.customer_id)
    async with portal.transaction() as session:
        row = (await session.scalars(select(OutboxMessage))).one()
    assert PAYLOAD["iban"].encode() not in row.payload
    await _transmit(portal, CaughtCore())
    async with portal.transaction() as session:
        row = (await session.scalars(select(OutboxMessage))).one()
    assert row.payload == b""
