"""What is approved is what is stored: 1,000 changed operations, none executed."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, inspect, select, update

from backend.models.approvals import Approval, ApprovalState
from backend.models.outbox import OutboxMessage
from backend.models.sign_in import Challenge, ChallengeKind
from backend.services.approval_operations import canonical_json
from tests.approving import (
    approve_with_passkey,
    approve_with_tan,
    ask,
    options_for,
    send,
    send_signature,
    send_tan,
)
from tests.signing_in import add_passkey, authenticator_for, person
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.authenticator import Authenticator
    from tests.portal import Portal

CHANGES = 1000
GOOD = {"emailAddress": "gut@example.org"}


def _other_address(row: Approval, chance: random.Random) -> dict[str, Any]:
    address = list(json.loads(row.input)["email_address"])
    place = chance.randrange(address.index("@"))
    address[place] = chance.choice([one for one in "abcxyz0189" if one != address[place]])
    return {"input": canonical_json({"email_address": "".join(address)})}


def _other_input(row: Approval, chance: random.Random) -> dict[str, Any]:
    more = {f"more{chance.randrange(10**6)}": chance.random()}
    return {"input": canonical_json(json.loads(row.input) | more)}


def _other_operation(_row: Approval, chance: random.Random) -> dict[str, Any]:
    return {
        "operation": chance.choice(["change_phone_number", "change_password", "remove_passkey"]),
        "input": canonical_json({"phone_number": f"+4915{chance.randrange(10**9):09}"}),
    }


def _other_summary(row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"summary": row.summary.replace("gut", f"gut{chance.randrange(10**6)}")}


def _other_version(row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"expected_version": row.expected_version + chance.randrange(1, 10**6)}


def _other_expiry(row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"expires_at": row.expires_at + timedelta(seconds=chance.randrange(1, 10**6))}


def _other_nonce(_row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"nonce": chance.randbytes(32)}


TAMPERINGS: tuple[Callable[[Approval, random.Random], dict[str, Any]], ...] = (
    _other_address,
    _other_input,
    _other_operation,
    _other_summary,
    _other_version,
    _other_expiry,
    _other_nonce,
)


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


async def _write(portal: Portal, row: Approval, values: dict[str, Any]) -> None:
    async with portal.transaction() as session:
        await session.execute(update(Approval).where(Approval.id == row.id).values(values))


async def test_M3_of_1000_operations_changed_after_signing_none_is_executed(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    token, device = await _customer_with_passkey(portal)
    approval = (await ask(portal, "changeEmailAddress", GOOD, token=token))["id"]
    row = await _row(portal)
    columns = [column.key for column in inspect(Approval).column_attrs if column.key != "id"]
    as_stored = {name: getattr(row, name) for name in columns}
    before = await _executed(portal)
    chance = random.Random(20261121)  # noqa: S311  # reproducible, not secret
    answers: Counter[str] = Counter()
    for number in range(CHANGES):
        await _write(portal, row, as_stored)
        credential = device.sign(await options_for(portal, token, approval))
        await _write(portal, row, TAMPERINGS[number % len(TAMPERINGS)](row, chance))
        answer = await send_signature(portal, token, approval, credential)
        answers[answer["__typename"]] += 1
    assert await _executed(portal) == before
    assert (await _row(portal)).state is ApprovalState.OPEN
    with capsys.disabled():
        print(f"\n{CHANGES} operations changed after signing: 0 executed, {dict(answers)}")  # noqa: T201
    assert answers == {"PasskeyRefused": CHANGES}
    # The unchanged one differs in nothing else.
    await _write(portal, row, as_stored)
    approved = await approve_with_passkey(portal, token, approval, device)
    assert approved["outcome"]["emailAddress"] == "gut@example.org"
    assert await _executed(portal) == (before[0] + 2, before[1] + 1)


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
