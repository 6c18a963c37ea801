"""Answers of core systems by HTTP: believed only when signed, applied once in any order (M2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from backend.models.submissions import CoreNonce, SubmissionState
from backend.services.submissions import refusal_reason_of
from backend.signatures import SigningKey, is_signed
from tests.signing_in import mail_payloads, person
from tests.submitting import answer, connect, reload, signing_core, steps_of, submitted

if TYPE_CHECKING:
    from backend.models.submissions import Submission
    from tests.portal import Portal

CORE = signing_core()
RECEIVED, TRANSMITTED = SubmissionState.RECEIVED, SubmissionState.TRANSMITTED
CONFIRMED, REFUSED = SubmissionState.CONFIRMED, SubmissionState.REFUSED


async def _submission(portal: Portal) -> Submission:
    connect(portal, CORE)
    return await submitted(portal, (await person(portal)).customer_id)


async def _say(portal: Portal, submission: Submission, outcome: str, **more: Any) -> int:
    content = {"submission": submission.uid, "outcome": outcome} | more.pop("content", {})
    return (await answer(portal, content, core=CORE, **more)).status_code


async def _is_untouched(portal: Portal, submission: Submission) -> bool:
    async with portal.transaction() as session:
        nonces = await session.scalar(select(func.count()).select_from(CoreNonce))
    return await steps_of(portal, submission) == [RECEIVED] and nonces == 0


async def test_M2_a_signed_confirmation_is_applied(portal: Portal) -> None:
    submission = await _submission(portal)
    content = {"submission": submission.uid, "outcome": "CONFIRMED"}
    response = await answer(portal, content, core=CORE)
    assert (response.status_code, response.json()) == (200, {"hasChanged": True})
    assert await steps_of(portal, submission) == [RECEIVED, CONFIRMED]
    assert await mail_payloads(portal) == []


async def test_M2_a_refusal_keeps_its_reason_sealed_and_mails_no_content(portal: Portal) -> None:
    submission = await _submission(portal)
    reason = {"reason": "Die IBAN gehört zu keinem Konto."}
    assert await _say(portal, submission, "REFUSED", content=reason) == 200
    row = await reload(portal, submission)
    assert row.state is REFUSED
    assert await refusal_reason_of(portal.house.cipher, row) == reason["reason"]
    assert b"IBAN" not in (row.refusal_reason or b"")
    (mail,) = await mail_payloads(portal)
    assert mail["subject"] == "Neues zu einem Ihrer Aufträge"
    assert "IBAN" not in mail["text"]
    assert mail["email_address"] == "anna@example.org"


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        (["CONFIRMED", "CONFIRMED"], [RECEIVED, CONFIRMED]),
        (["CONFIRMED", "RECEIVED"], [RECEIVED, CONFIRMED]),
        (["RECEIVED", "RECEIVED", "CONFIRMED"], [RECEIVED, TRANSMITTED, CONFIRMED]),
    ],
)
async def test_M2_repeated_and_overtaken_answers_change_nothing(
    portal: Portal, said: list[str], steps: list[SubmissionState]
) -> None:
    submission = await _submission(portal)
    assert [await _say(portal, submission, outcome) for outcome in said] == [200] * len(said)
    assert await steps_of(portal, submission) == steps


@pytest.mark.parametrize(("first", "then"), [("CONFIRMED", "REFUSED"), ("REFUSED", "CONFIRMED")])
async def test_M2_a_contradiction_is_refused_and_changes_nothing(
    portal: Portal, first: str, then: str
) -> None:
    submission = await _submission(portal)
    reason = {"reason": "Nein."}
    assert await _say(portal, submission, first, content=reason) == 200
    before = await mail_payloads(portal)
    assert await _say(portal, submission, then, content=reason) == 409
    assert await steps_of(portal, submission) == [RECEIVED, SubmissionState[first]]
    assert await mail_payloads(portal) == before


async def test_M2_a_replay_is_refused(portal: Portal) -> None:
    submission = await _submission(portal)
    assert await _say(portal, submission, "RECEIVED", nonce="once") == 200
    assert await _say(portal, submission, "CONFIRMED", nonce="once") == 409
    assert await steps_of(portal, submission) == [RECEIVED, TRANSMITTED]


@pytest.mark.parametrize(
    "how",
    [
        {"created": timedelta(minutes=-6)},
        {"created": timedelta(minutes=2)},
        {"body": b'{"submission": "0", "outcome": "REFUSED"}'},
        {"key": SigningKey(bytes(32))},
        {"headers": {"Signature": ""}},
        {"headers": {"Content-Digest": "sha-256=:AAAA:"}},
        {"core": signing_core("unknown")},
    ],
    ids=["stale", "future", "digest", "another key", "no signature", "no digest", "unknown key"],
)
async def test_M2_what_is_not_signed_right_changes_nothing(
    portal: Portal, how: dict[str, Any]
) -> None:
    submission = await _submission(portal)
    if "created" in how:
        how = how | {"created": portal.clock.now() + how["created"]}
    content = {"submission": submission.uid, "outcome": "CONFIRMED"}
    response = await answer(portal, content, **{"core": CORE} | how)
    assert (response.status_code, _code(response)) == (401, "SIGNATURE")
    assert await _is_untouched(portal, submission)


async def test_M2_another_institutions_core_system_can_answer_nothing(portal: Portal) -> None:
    submission = await _submission(portal)
    bank = signing_core("bank-1")
    connect(portal, bank, key="bank")
    content = {"submission": submission.uid, "outcome": "CONFIRMED"}
    foreign = await answer(portal, content, core=bank)
    absent = await answer(portal, content | {"submission": "0" * 32}, core=bank)
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert await _is_untouched(portal, submission)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"submission": "x", "outcome": "CONFIRMED"},
        {"submission": "0" * 32, "outcome": "DONE"},
        {"submission": "0" * 32, "outcome": "REFUSED"},
        {"submission": "0" * 32, "outcome": "REFUSED", "reason": "x" * 501},
    ],
)
async def test_M2_an_answer_of_the_wrong_shape_is_told_what_is_wrong(
    portal: Portal, content: object
) -> None:
    submission = await _submission(portal)
    response = await answer(portal, content, core=CORE)
    assert (response.status_code, _code(response)) == (422, "SHAPE")
    assert await _is_untouched(portal, submission)


async def test_M2_the_public_key_of_the_portal_is_published(portal: Portal) -> None:
    published = (await portal.client.get("/core/public-key.json")).json()
    key = await portal.house.core_signer.load()
    assert is_signed(bytes.fromhex(published["publicKey"]), b"event", key.sign(b"event"))


def _code(response: Any) -> str:
    code: str = response.json()["errors"][0]["extensions"]["code"]
    return code
