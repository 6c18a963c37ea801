"""Session fixation: a cookie that was set beforehand never becomes signed in."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.sign_in import UserSession
from backend.models.user_accounts import UserAccount
from backend.web.session_cookie import COOKIE
from tests.approving import approve_with_tan, ask, send_tan
from tests.signing_in import (
    CONFIRM_SIGN_IN,
    SIGN_OUT,
    START_PASSKEY_SIGN_IN,
    WHO_AM_I,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    last_tan,
    person,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from attack.tally import Tally
    from attack.target import Target

_PASSKEY = (
    "mutation ($input: SignInWithPasskeyInput!) { signInWithPasskey(input: $input) { __typename } }"
)


async def attack(target: Target, tally: Tally) -> None:
    """Let a victim sign in with each preset cookie, by each way; then come with that cookie."""
    taken, same, tried = [], [], 0
    ways: dict[str, Callable[[Target, str, str], Awaitable[httpx.Response]]] = {
        "password and TAN": _by_password,
        "passkey": _by_passkey,
    }
    number = 0
    for way, sign_in in ways.items():
        for name, make in PRESETS.items():
            number += 1
            address = f"opfer{number}@example.org"
            await person(target, address, phone_number=f"+49153{number:08}")
            preset = await make(target, number)
            response = await sign_in(target, address, preset)
            tried += 1
            issued = re.search(rf"{COOKIE}=([^;]+)", response.headers["set-cookie"])
            if issued is None or issued[1] == preset:
                same.append(f"{name}, {way}")
            if await _is_somebody(target, f"{COOKIE}={preset}"):
                taken.append(f"{name}, {way}")
            if not await _is_somebody(target, f"{COOKIE}={issued and issued[1]}"):
                raise SystemExit(f"the victim was not signed in: {name}, {way}")
    tally.count(f"{len(PRESETS)} kinds of preset cookies: {', '.join(PRESETS)}")
    tally.bound(f"{len(taken)} of {tried} preset cookies signed in {taken}", holds=not taken)
    tally.bound(f"{len(same)} of {tried} tokens kept {same}", holds=not same)
    kept = await _after_step_up(target)
    tally.bound(f"{kept} tokens good after a step-up renewed them (bound 0)", holds=kept == 0)


async def _by_password(target: Target, address: str, preset: str) -> httpx.Response:
    asked = await ask_for_tan(target, address)
    given = {"challenge": asked["challenge"], "tan": await last_tan(target)}
    return await _post(target, CONFIRM_SIGN_IN, given, preset)


async def _by_passkey(target: Target, address: str, preset: str) -> httpx.Response:
    async with target.transaction() as session:
        account = (
            await session.scalars(select(UserAccount).where(UserAccount.email_address == address))
        ).one()
    device = authenticator_for(target)
    await add_passkey(target, await target.sign_in(account), device)
    asked = (await target.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    given = {"challenge": asked["challenge"], "credential": device.sign(asked["options"])}
    return await _post(target, _PASSKEY, given, preset)


async def _post(
    target: Target, document: str, given: dict[str, str], preset: str
) -> httpx.Response:
    response = await target.post(
        document, {"input": given}, headers={"Cookie": f"{COOKIE}={preset}"}
    )
    target.client.cookies.clear()
    return response


async def _is_somebody(target: Target, cookie: str) -> bool:
    return (await target.execute(WHO_AM_I, headers={"Cookie": cookie}))["viewer"] is not None


async def _after_step_up(target: Target) -> int:
    token = await target.sign_in(await person(target, "stufe@example.org"))
    approval = (
        await ask(target, "changeEmailAddress", {"emailAddress": "neu@example.org"}, token=token)
    )["id"]
    tan = await send_tan(target, token, approval)
    approved = await approve_with_tan(target, token, approval, tan)
    if not await _is_somebody(target, f"{COOKIE}={approved['bearerToken']}"):
        raise SystemExit("the renewed token is not good")
    return int(await _is_somebody(target, f"{COOKIE}={token}"))


async def _attackers_session(target: Target, number: int) -> str:
    return await target.sign_in(await person(target, f"angreifer{number}@example.org"))


async def _ended_session(target: Target, number: int) -> str:
    token = await _attackers_session(target, number)
    await target.execute(SIGN_OUT, token=token)
    return token


async def _stored_hash(target: Target, number: int) -> str:
    await _attackers_session(target, number)
    newest = select(UserSession.token_hash).order_by(UserSession.id.desc()).limit(1)
    async with target.transaction() as session:
        return str(await session.scalar(newest))


async def _challenge(target: Target, _number: int) -> str:
    secret: str = (await target.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]["challenge"]
    return secret


def _fixed(value: str) -> Callable[[Target, int], Awaitable[str]]:
    async def preset(_target: Target, _number: int) -> str:
        return value

    return preset


PRESETS: dict[str, Callable[[Target, int], Awaitable[str]]] = {
    "as a token looks": _fixed("preset-by-an-attacker-0123456789abcdefghijk"),
    "empty": _fixed(""),
    "a number": _fixed("1"),
    "null": _fixed("null"),
    "very long": _fixed("A" * 4000),
    "a wildcard": _fixed("%"),
    "a quote": _fixed("' OR '1'='1"),
    "two cookies of one name": _fixed(f"first; {COOKIE}=second"),
    "a SHA-256": _fixed(hashlib.sha256(b"preset").hexdigest()),
    "the hash of a living session": _stored_hash,
    "the attacker's own session": _attackers_session,
    "an ended session": _ended_session,
    "the secret of a challenge": _challenge,
}
