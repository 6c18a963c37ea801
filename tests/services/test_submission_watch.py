"""The watchdog: what is not answered takes another way, and the list says why (M2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from backend.errors import ConflictError, NotFoundError
from backend.feeds.acknowledgement_records import AcknowledgedOutcome, Acknowledgement
from backend.models.submissions import SubmissionState
from backend.ports import DeliveryDeferredError
from backend.services.acknowledgements import acknowledge
from backend.services.outbox_delivery import transmit_submissions
from backend.services.submission_desk import answer_submission, show_submission
from backend.services.submission_watch import list_open, reroute_overdue
from tests.signing_in import mail_payloads, person
from tests.submitting import (
    BY_FILE,
    BY_HTTP,
    PAYLOAD,
    CaughtCore,
    connect,
    reload,
    steps_of,
    submitted,
)

if TYPE_CHECKING:
    from backend.services.submission_watch import OpenSubmission
    from tests.portal import Portal

RECEIVED, REROUTED = SubmissionState.RECEIVED, SubmissionState.REROUTED
CONFIRMED, REFUSED = AcknowledgedOutcome.CONFIRMED, AcknowledgedOutcome.REFUSED


async def _open(portal: Portal) -> list[OpenSubmission]:
    async with portal.transaction() as session:
        return await list_open(session, group=portal.house.group, now=portal.clock.now())


async def _answer(portal: Portal, uid: str, outcome: AcknowledgedOutcome, reason: str = "") -> bool:
    async with portal.transaction() as session:
        return await acknowledge(
            session,
            portal.house,
            institution_key="sach",
            answer=Acknowledgement(uid, outcome, reason),
        )


async def test_M2_before_the_deadline_nothing_is_rerouted(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    submission = await submitted(portal, (await person(portal)).customer_id)
    portal.clock.travel_to(submission.due_at - timedelta(seconds=1))
    assert await reroute_overdue(portal.house) == 0
    assert await mail_payloads(portal) == []


async def test_M2_at_the_deadline_the_service_desk_is_asked_once_and_without_personal_data(
    portal: Portal,
) -> None:
    connect(portal, BY_HTTP)
    account = await person(portal)
    submission = await submitted(portal, account.customer_id)
    await transmit_submissions(replace(portal.house, core=CaughtCore()))
    portal.clock.travel_to(submission.due_at)
    assert await reroute_overdue(portal.house) == 1
    assert await reroute_overdue(portal.house) == 0
    (mail,) = await mail_payloads(portal)
    assert mail["email_address"] == portal.house.group.customer_service.email
    assert submission.uid in mail["text"]
    for personal in ("Anna", "Beispiel", account.email_address, PAYLOAD["iban"]):
        assert personal not in mail["text"] + mail["subject"]
    assert await steps_of(portal, submission) == [RECEIVED, SubmissionState.TRANSMITTED, REROUTED]


async def test_M2_without_a_core_system_the_service_desk_is_asked_at_once(portal: Portal) -> None:
    connect(portal, None)
    submission = await submitted(portal, (await person(portal)).customer_id)
    assert await transmit_submissions(portal.house) == 1
    assert await reroute_overdue(portal.house) == 1
    assert await steps_of(portal, submission) == [RECEIVED, REROUTED]


async def test_M2_a_late_answer_counts_and_the_service_desk_learns_of_it(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    submission = await submitted(portal, (await person(portal)).customer_id)
    portal.clock.travel_to(submission.due_at)
    await reroute_overdue(portal.house)
    assert await _answer(portal, submission.uid, CONFIRMED)
    assert not await _answer(portal, submission.uid, CONFIRMED)
    rerouted, settled = await mail_payloads(portal)
    assert "von Hand" in rerouted["subject"]
    assert settled["subject"] == f"Auftrag {submission.uid} ist beantwortet"
    assert await steps_of(portal, submission) == [RECEIVED, REROUTED, SubmissionState.CONFIRMED]


async def test_M2_the_list_is_empty_when_everything_is_answered(portal: Portal) -> None:
    connect(portal, BY_HTTP)
    account = await person(portal)
    for outcome, reason in ((CONFIRMED, ""), (REFUSED, "Unbekannt.")):
        submission = await submitted(portal, account.customer_id)
        await _answer(portal, submission.uid, outcome, reason)
    assert await _open(portal) == []


async def test_M2_every_open_submission_is_explained(portal: Portal) -> None:
    account = await person(portal)
    connect(portal, BY_HTTP)
    await submitted(portal, account.customer_id)
    (waiting,) = await _open(portal)
    assert (waiting.is_stuck, waiting.why) == (False, "it is about to be transmitted")

    core = CaughtCore(
        refuses=[DeliveryDeferredError("the core system is not usable: ConnectError")]
    )
    await transmit_submissions(replace(portal.house, core=core))
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=11))
    (failing,) = await _open(portal)
    assert failing.is_stuck
    assert failing.why.startswith("attempt 1 failed: the core system is not usable: ConnectError")

    await transmit_submissions(replace(portal.house, core=core))
    (transmitted,) = await _open(portal)
    assert (transmitted.is_stuck, transmitted.state) == (False, "TRANSMITTED")
    assert transmitted.why == (
        "the core system has it since 2026-11-21 12:11; it answers by 2026-11-22 12:00"
    )

    portal.clock.travel_to(transmitted.due_at)
    await reroute_overdue(portal.house)
    (rerouted,) = await _open(portal)
    assert rerouted.is_stuck
    assert rerouted.why == (
        "the service desk (service@musterland.example) was asked on 2026-11-22 12:00"
        " and has not answered"
    )


@pytest.mark.parametrize(
    ("core", "why"),
    [
        (None, "this institution has no core system; the service desk is asked next"),
        (BY_FILE, "it waits for the next batch of files"),
    ],
)
async def test_M2_the_explanation_names_the_channel(portal: Portal, core: object, why: str) -> None:
    connect(portal, core)  # type: ignore[arg-type]  # one of the two kinds of the list above
    await submitted(portal, (await person(portal)).customer_id)
    assert [one.why for one in await _open(portal)] == [why]


async def test_M2_the_desk_reads_with_a_reason_and_settles_by_name(portal: Portal) -> None:
    connect(portal, None)
    submission = await submitted(portal, (await person(portal)).customer_id)
    event = await show_submission(
        portal.house, uid=submission.uid, case_handler="Petra Muster", reason="Umleitung"
    )
    assert event["payload"] == PAYLOAD
    answer = Acknowledgement(submission.uid, CONFIRMED)
    assert await answer_submission(portal.house, answer=answer, case_handler="Petra Muster")
    assert (await reload(portal, submission)).state is SubmissionState.CONFIRMED


async def test_M2_the_desk_can_neither_settle_twice_nor_what_is_not_there(portal: Portal) -> None:
    submission = await submitted(portal, (await person(portal)).customer_id)
    await _answer(portal, submission.uid, CONFIRMED)
    with pytest.raises(ConflictError):
        await answer_submission(
            portal.house,
            answer=Acknowledgement(submission.uid, REFUSED, "Nein."),
            case_handler="Petra Muster",
        )
    assert (await reload(portal, submission)).state is SubmissionState.CONFIRMED
    with pytest.raises(NotFoundError):
        await show_submission(portal.house, uid="0" * 32, case_handler="P", reason="x")
