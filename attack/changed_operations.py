"""1,000 operations changed between asking and approving, by TAN and passkey: none is executed."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from backend.models.approvals import Approval, ApprovalState
from backend.models.sign_in import Challenge, ChallengeKind
from tests.approving import (
    MUTATIONS,
    approve_with_passkey,
    approve_with_tan,
    ask,
    options_for,
    send_signature,
    send_tan,
)
from tests.security.tamperings import OF_THE_OPERATION, TAMPERINGS, as_stored, overwrite
from tests.signing_in import add_passkey, authenticator_for, person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attack.tally import Tally
    from attack.target import Target
    from tests.authenticator import Authenticator
    from tests.security.tamperings import Tampering

CHANGES = 1_000
# An account may guess 20 times an hour: the last one is for the operation as it was.
_PER_ACCOUNT = 19
_SMUGGLED = {
    "input": {"emailAddress": "boese@example.org"},
    "emailAddress": "boese@example.org",
    "operation": "change_password",
    "summary": "nichts",
    "expectedVersion": 7,
}


@dataclass(frozen=True)
class Waiting:
    """An approval that waits, of a customer with a passkey and a phone."""

    token: str
    device: Authenticator
    approval: str
    address: str


async def attack(target: Target, tally: Tally, changes: int = CHANGES) -> None:
    """Change what is stored, or the request, in one thing; then do the unchanged one."""
    chance = random.Random(20261121)
    done = {
        "in the database, then approved by TAN": _by_tan,
        "in the database, then signed by passkey": _by_passkey,
        "in the request, by TAN or passkey": _in_the_request,
    }
    total, number = 0, 0
    for how, change in done.items():
        answers: Counter[str] = Counter()
        while answers.total() < -(-changes // len(done)):
            waiting = await _ask(target, number)
            answers += await change(target, waiting, chance)
            number += 1
        total += answers.total()
        tally.count(f"{how}: {dict(answers)}")
    executed = await _executed(target)
    links = await _links(target)
    tally.bound(f"{total:,} changed operations (at least {changes:,})", holds=total >= changes)
    tally.bound(
        f"{executed - number} of them executed (bound 0), {number} unchanged ones were",
        holds=executed == number,
    )
    tally.bound(f"{links} links mailed, one for each that was executed", holds=links == number)


async def _ask(target: Target, number: int) -> Waiting:
    address = f"gut{number}@example.org"
    account = await person(target, f"anna{number}@example.org", phone_number=f"+49152{number:08}")
    token = await target.sign_in(account)
    device = authenticator_for(target)
    await add_passkey(target, token, device)
    approval = await ask(target, "changeEmailAddress", {"emailAddress": address}, token=token)
    return Waiting(token, device, approval["id"], address)


async def _by_tan(target: Target, waiting: Waiting, chance: random.Random) -> Counter[str]:
    tan = await send_tan(target, waiting.token, waiting.approval)
    answers: Counter[str] = Counter()
    row = await _row(target)
    for tampering in _several(OF_THE_OPERATION):
        await overwrite(target, row, as_stored(row) | tampering(row, chance))
        answer = await approve_with_tan(target, waiting.token, waiting.approval, tan)
        answers[answer["__typename"]] += 1
    await overwrite(target, row, as_stored(row))
    _must_succeed(await approve_with_tan(target, waiting.token, waiting.approval, tan))
    return answers


async def _by_passkey(target: Target, waiting: Waiting, chance: random.Random) -> Counter[str]:
    answers: Counter[str] = Counter()
    row = await _row(target)
    for tampering in _several(TAMPERINGS):
        await overwrite(target, row, as_stored(row))
        options = await options_for(target, waiting.token, waiting.approval)
        await overwrite(target, row, tampering(row, chance))
        credential = waiting.device.sign(options)
        answer = await send_signature(target, waiting.token, waiting.approval, credential)
        answers[answer["__typename"]] += 1
    await overwrite(target, row, as_stored(row))
    _must_succeed(
        await approve_with_passkey(target, waiting.token, waiting.approval, waiting.device)
    )
    return answers


async def _in_the_request(target: Target, waiting: Waiting, chance: random.Random) -> Counter[str]:
    """Hand in more than the proof: another input, another operation, another summary."""
    tan = await send_tan(target, waiting.token, waiting.approval)
    options = await options_for(target, waiting.token, waiting.approval)
    credential = waiting.device.sign(options)
    answers: Counter[str] = Counter()
    for name, proof in (
        ("approveWithTan", {"tan": tan}),
        ("approveWithPasskey", {"credential": credential}),
    ):
        kind = f"{name[0].upper()}{name[1:]}Input"
        document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {MUTATIONS[name]} }} }}"
        for smuggled in _SMUGGLED.items():
            given: dict[str, Any] = {"approval": waiting.approval, **proof, **dict([smuggled])}
            response = await target.post(document, {"input": given}, token=waiting.token)
            answers[response.json()["errors"][0]["extensions"]["code"]] += 1
    _must_succeed(
        await send_signature(target, waiting.token, waiting.approval, credential)
        if chance.random() < 0.5
        else await approve_with_tan(target, waiting.token, waiting.approval, tan)
    )
    return answers


def _several(tamperings: Sequence[Tampering]) -> list[Tampering]:
    return [tamperings[number % len(tamperings)] for number in range(_PER_ACCOUNT)]


def _must_succeed(answer: dict[str, Any]) -> None:
    """Check that the unchanged operation differs in nothing but the change."""
    if answer["__typename"] != "Approved":
        raise SystemExit(f"the unchanged operation was not executed: {answer}")


async def _row(target: Target) -> Approval:
    newest = select(Approval).order_by(Approval.id.desc()).limit(1)
    async with target.transaction() as session:
        return (await session.scalars(newest)).one()


async def _executed(target: Target) -> int:
    counting = select(func.count()).where(Approval.state == ApprovalState.APPROVED)
    async with target.transaction() as session:
        return await session.scalar(counting) or 0


async def _links(target: Target) -> int:
    """Count what an executed operation leaves: the challenge of the link in its mail."""
    counting = select(func.count()).where(Challenge.kind == ChallengeKind.CONFIRM_EMAIL_ADDRESS)
    async with target.transaction() as session:
        return await session.scalar(counting) or 0
