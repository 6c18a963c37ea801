"""Forged passkey ceremonies, each refused: signing in, adding a passkey and approving."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from backend.models.approvals import Approval, ApprovalState
from backend.models.sign_in import UserSession
from backend.models.user_accounts import Passkey
from tests.approving import approve_with_passkey, ask
from tests.security.forged_ceremonies import (
    FORGED_ASSERTIONS,
    FORGED_REGISTRATIONS,
    in_the_name_of,
)
from tests.signing_in import (
    START_PASSKEY_SIGN_IN,
    add_passkey,
    authenticator_for,
    person,
    send_assertion,
    sign_in_with_passkey,
)

if TYPE_CHECKING:
    from attack.tally import Tally
    from attack.target import Target
    from tests.authenticator import Authenticator
    from tests.portal import Portal

FEWEST = 20
# At approvals our own allow list names the credential, so the user handle may be left out.
_NOT_AT_APPROVALS = {"no user handle"}


async def attack(target: Target, tally: Tally) -> None:
    """Hand in each forgery, and an honest answer beside, which must be taken."""
    token, anna = await _customer(target, "anna@example.org")
    _, berta = await _customer(target, "berta@example.org")
    await sign_in_with_passkey(target, anna)
    before = await _counts(target)
    answers = await _at_sign_in(target, anna, berta)
    answers |= await _replayed(target, anna)
    answers |= await _at_adding(target, token)
    answers |= await _at_approving(target, token, anna, berta)
    for name, answer in answers.items():
        tally.count(f"{answer:15} {name}")
    refused = [
        name for name, kind in answers.items() if kind in {"SignInRefused", "PasskeyRefused"}
    ]
    tally.bound(
        f"{len(refused)} of {len(answers)} forgeries refused (at least {FEWEST})",
        holds=len(refused) == len(answers) >= FEWEST,
    )
    after = await _counts(target)
    # The replayed answer was honest the first time.
    gained = [new - old for new, old in zip(after, before, strict=True)]
    tally.bound(f"sessions, passkeys, approvals gained: {gained}", holds=gained == [1, 0, 0])
    honest = [
        (await sign_in_with_passkey(target, anna))["__typename"],
        (await add_passkey(target, token, authenticator_for(target)))["__typename"],
        (await _approve(target, token, anna))["__typename"],
    ]
    tally.bound(f"honest answers are taken: {honest}", holds="Refused" not in str(honest))


async def _at_sign_in(target: Target, anna: Authenticator, berta: Authenticator) -> dict[str, str]:
    return {
        f"sign-in: {name}": (await sign_in_with_passkey(target, anna, forgery))["__typename"]
        for name, forgery in (FORGED_ASSERTIONS | in_the_name_of(berta)).items()
    }


async def _replayed(target: Target, anna: Authenticator) -> dict[str, str]:
    asked = (await target.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    credential = anna.sign(asked["options"])
    await send_assertion(target, asked["challenge"], credential)
    again = await send_assertion(target, asked["challenge"], credential)
    fresh = (await target.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    elsewhere = await send_assertion(target, fresh["challenge"], credential)
    unasked = anna.sign(json.dumps({"challenge": "AAAA"}))
    never = await send_assertion(target, "x" * 43, unasked)
    return {
        "sign-in: the same answer again": again["__typename"],
        "sign-in: an old answer to a new challenge": elsewhere["__typename"],
        "sign-in: an answer nobody asked for": never["__typename"],
    }


async def _at_adding(target: Target, token: str) -> dict[str, str]:
    return {
        f"adding: {name}": (await add_passkey(target, token, authenticator_for(target), forgery))[
            "__typename"
        ]
        for name, forgery in FORGED_REGISTRATIONS.items()
    }


async def _at_approving(
    target: Target, token: str, anna: Authenticator, berta: Authenticator
) -> dict[str, str]:
    forgeries = FORGED_ASSERTIONS | in_the_name_of(berta)
    answers = {}
    approval, tried = "", 0
    for name, forgery in forgeries.items():
        if name in _NOT_AT_APPROVALS:
            continue
        if tried % 4 == 0:  # one takes five attempts
            approval = await _ask(target, token)
        tried += 1
        result = await approve_with_passkey(target, token, approval, anna, forgery)
        answers[f"approving: {name}"] = result["__typename"]
    return answers


async def _ask(target: Target, token: str) -> str:
    given = {"emailAddress": "neu@example.org"}
    approval: str = (await ask(target, "changeEmailAddress", given, token=token))["id"]
    return approval


async def _approve(target: Target, token: str, device: Authenticator) -> dict[str, str]:
    return await approve_with_passkey(target, token, await _ask(target, token), device)


async def _customer(portal: Portal, address: str) -> tuple[str, Authenticator]:
    token = await portal.sign_in(await person(portal, address))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    return token, device


async def _counts(target: Target) -> list[int]:
    approved = select(func.count()).where(Approval.state == ApprovalState.APPROVED)
    async with target.transaction() as session:
        return [
            await session.scalar(select(func.count()).select_from(UserSession)) or 0,
            await session.scalar(select(func.count()).select_from(Passkey)) or 0,
            await session.scalar(approved) or 0,
        ]
