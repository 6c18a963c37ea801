"""What is approved is what is stored: 1,000 changed operations, none executed."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from backend.models.approvals import Approval, ApprovalState
from backend.models.outbox import OutboxMessage
from backend.models.sign_in import Challenge, ChallengeKind
from backend.services import tans
from tests.approving import (
    approve_with_passkey,
    approve_with_tan,
    ask,
    options_for,
    send,
    send_signature,
    send_tan,
)
from tests.security.tamperings import OF_THE_OPERATION, TAMPERINGS, as_stored, overwrite
from tests.signing_in import add_passkey, authenticator_for, person
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from tests.authenticator import Authenticator
    from tests.portal import Portal
    from tests.security.tamperings import Tampering

CHANGES = 1000
GOOD = {"emailAddress": "gut@example.org"}


async def _customer_with_passkey(portal: Portal) -> tuple[str, Authenticator]:
    token = await portal.sign_in(await person(portal))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    return token, device


async def _executed(portal: Portal) -> tuple[int, int]:
    """Count what an executed operation would have left: mails and links."""
    async with portal.transaction() as session:
        mails = await session.scalar(select(func.count()).select_from(OutboxMessage))
        links = await session.scalar(
            select(func.count())
            .select_from(Challenge)
            .where(Challenge.kind == ChallengeKind.CONFIRM_EMAIL_ADDRESS)
        )
    return mails or 0, links or 0


async def _row(portal: Portal) -> Approval:
    async with portal.transaction() as session:
        return (await session.scalars(select(Approval))).one()


async def test_M3_of_1000_operations_changed_after_signing_none_is_executed(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    token, device = await _customer_with_passkey(portal)
    approval = (await ask(portal, "changeEmailAddress", GOOD, token=token))["id"]
    row = await _row(portal)
    unchanged = as_stored(row)
    before = await _executed(portal)
    chance = random.Random(20261121)  # noqa: S311  # reproducible, not secret
    answers: Counter[str] = Counter()
    for number in range(CHANGES):
        await overwrite(portal, row, unchanged)
        credential = device.sign(await options_for(portal, token, approval))
        await overwrite(portal, row, TAMPERINGS[number % len(TAMPERINGS)](row, chance))
        answer = await send_signature(portal, token, approval, credential)
        answers[answer["__typename"]] += 1
    assert await _executed(portal) == before
    assert (await _row(portal)).state is ApprovalState.OPEN
    with capsys.disabled():
        print(f"\n{CHANGES} operations changed after signing: 0 executed, {dict(answers)}")  # noqa: T201
    assert answers == {"PasskeyRefused": CHANGES}
    # The unchanged one differs in nothing else.
    await overwrite(portal, row, unchanged)
    approved = await approve_with_passkey(portal, token, approval, device)
    assert approved["outcome"]["emailAddress"] == "gut@example.org"
    assert await _executed(portal) == (before[0] + 2, before[1] + 1)


@pytest.mark.parametrize("tampering", OF_THE_OPERATION)
async def test_F22_an_operation_changed_after_its_tan_was_sent_is_not_executed(
    portal: Portal, tampering: Tampering
) -> None:
    token = await portal.sign_in(await person(portal))
    approval = (await ask(portal, "changeEmailAddress", GOOD, token=token))["id"]
    tan = await send_tan(portal, token, approval)
    row, before = await _row(portal), await _executed(portal)
    chance = random.Random(20261121)  # noqa: S311  # reproducible, not secret
    await overwrite(portal, row, tampering(row, chance))
    refused = await approve_with_tan(portal, token, approval, tan)
    assert refused["__typename"] == "WrongTan"
    assert await _executed(portal) == before
    await overwrite(portal, row, as_stored(row))
    approved = await approve_with_tan(portal, token, approval, tan)
    assert approved["outcome"]["emailAddress"] == "gut@example.org"


async def test_what_changes_between_proof_and_execution_is_not_executed(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await portal.sign_in(await person(portal))
    approval = (await ask(portal, "changeEmailAddress", GOOD, token=token))["id"]
    tan = await send_tan(portal, token, approval)
    row, before = await _row(portal), await _executed(portal)
    is_right_tan = tans.is_right_tan

    async def changing(*given: Any) -> bool:
        is_right = await is_right_tan(*given)
        await overwrite(portal, row, {"input": row.input.replace("gut", "boese")})
        return is_right

    monkeypatch.setattr(tans, "is_right_tan", changing)
    refused = await approve_with_tan(portal, token, approval, tan)
    assert refused["__typename"] == "Conflict"
    assert await _executed(portal) == before


async def test_F22_what_is_asked_for_after_the_tan_was_sent_is_not_what_it_approves(
    portal: Portal,
) -> None:
    token = await portal.sign_in(await person(portal))
    good = (await ask(portal, "changeEmailAddress", GOOD, token=token))["id"]
    tan = await send_tan(portal, token, good)
    evil = {"emailAddress": "boese@example.org"}
    other = (await ask(portal, "changeEmailAddress", evil, token=token))["id"]
    refused = await approve_with_tan(portal, token, other, tan)
    assert refused["__typename"] == "ApprovalMethodUnavailable"
    approved = await approve_with_tan(portal, token, good, tan)
    assert approved["outcome"]["emailAddress"] == "gut@example.org"
    assert await _executed(portal) == (3, 1)


async def test_F22_the_tan_of_one_operation_is_wrong_for_another(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approvals = [
        (await ask(portal, "changeEmailAddress", {"emailAddress": address}, token=token))["id"]
        for address in ("gut@example.org", "boese@example.org")
    ]
    tans = [await send_tan(portal, token, approval) for approval in approvals]
    assert tans[0] != tans[1]
    refused = await approve_with_tan(portal, token, approvals[1], tans[0])
    assert refused["__typename"] == "WrongTan"


async def test_nothing_can_be_handed_in_with_the_approval(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    good = (await ask(portal, "changeEmailAddress", GOOD, token=token))["id"]
    tan = await send_tan(portal, token, good)
    before = await _executed(portal)
    for name, value in (
        ("input", {"emailAddress": "boese@example.org"}),
        ("emailAddress", "boese@example.org"),
        ("operation", "change_password"),
        ("summary", "nichts"),
    ):
        response = await portal.post(
            "mutation ($input: ApproveWithTanInput!) {"
            " approveWithTan(input: $input) { __typename } }",
            {"input": {"approval": good, "tan": tan, name: value}},
            token=token,
        )
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert await _executed(portal) == before
    sent = await send(portal, "approveWithTan", {"approval": good, "tan": tan}, token=token)
    assert sent["outcome"]["emailAddress"] == "gut@example.org"
