"""100,000 guesses at TANs, in every way that could count less than once each (F22)."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from attack.flood import CONNECTIONS, flood, from_client, raw_request, request_of
from backend.models.approvals import Approval, ApprovalState
from backend.models.sign_in import Challenge, UserSession
from tests.approving import ask, send_tan
from tests.signing_in import ask_for_tan, last_tan, person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from attack.tally import Tally
    from attack.target import Target

GUESSES = 100_000
BOUND = 5
_ACCOUNTS = 8
_SIGN_INS_EACH = 2  # a number gets three messages in ten minutes
_ALIASES = 10
_IN_A_BATCH = 100
_ATTEMPTS_AN_HOUR = 20
_CONFIRM = "mutation ($input: ConfirmSignInInput!) { confirmSignIn(input: $input) { __typename } }"
_APPROVE = (
    "mutation ($input: ApproveWithTanInput!) { approveWithTan(input: $input) { __typename } }"
)


@dataclass(frozen=True)
class Lock:
    """What a TAN opens: a challenge of a sign-in, or an approval with its session's token."""

    account: int
    secret: str
    tan: str
    tokens: tuple[str, ...] = ()

    def guesses(self) -> Iterator[str]:
        """Yield all TANs but the right one, from the first to the last, over and over."""
        every = (f"{number:06}" for number in itertools.cycle(range(10**6)))
        return (guess for guess in every if guess != self.tan)

    def field(self, tan: str) -> str:
        """Return the field that tries a TAN, as it stands in a document."""
        if self.tokens:
            return f'approveWithTan(input: {{approval: "{self.secret}", tan: "{tan}"}})'
        return f'confirmSignIn(input: {{challenge: "{self.secret}", tan: "{tan}"}})'

    def request(self, tan: str, client: int, session: int = 0) -> bytes:
        """Return the request that tries a TAN."""
        headers = from_client(client)
        if not self.tokens:
            given: dict[str, Any] = {"challenge": self.secret, "tan": tan}
            return request_of(_CONFIRM, {"input": given}, headers)
        given = {"approval": self.secret, "tan": tan, "transport": "BEARER"}
        bearer = {"Authorization": f"Bearer {self.tokens[session]}"}
        return request_of(_APPROVE, {"input": given}, headers | bearer)


async def attack(target: Target, tally: Tally, guesses: int = GUESSES) -> None:
    """Guess, and count what was compared: from the rows, and from what the server wrote down."""
    locks = await _arrange(target)
    sessions = await _sessions(target)
    sent = await _guess(target, tally, locks, guesses)
    right = await flood(target.port, [lock.request(lock.tan, client=0) for lock in locks])
    tally.count(f"the right TAN afterwards: {_shown(right)}")
    compared = target.compared()
    per_lock, per_account = await _evaluated(target, compared)
    tally.count(f"{sum(per_lock.values())} comparisons at {len(per_lock)} challenges and approvals")
    tally.bound(f"{sent:,} guesses sent (at least {guesses:,})", holds=sent >= guesses)
    most, least = max(per_lock.values()), min(per_lock.values())
    tally.bound(f"at most {most} evaluated per challenge (bound {BOUND})", holds=most <= BOUND)
    tally.bound(f"at least {least} evaluated: the attack reached all of them", holds=least > 0)
    most = max(per_account.values())
    tally.bound(
        f"at most {most} evaluated per account (bound {_ATTEMPTS_AN_HOUR} an hour)",
        holds=most <= _ATTEMPTS_AN_HOUR,
    )
    new = await _sessions(target) - sessions
    tally.bound(f"{new} sessions begun by guessing (bound 0)", holds=new == 0)
    approved = await _approved(target)
    tally.bound(f"{approved} operations executed (bound 0)", holds=approved == 0)


async def _arrange(target: Target) -> list[Lock]:
    locks = []
    for number in range(_ACCOUNTS):
        address = f"opfer{number}@example.org"
        account = await person(target, address, phone_number=f"+49151{number:08}")
        for _ in range(_SIGN_INS_EACH):
            challenge = (await ask_for_tan(target, address))["challenge"]
            locks.append(Lock(number, challenge, await last_tan(target)))
        tokens = (await target.sign_in(account), await target.sign_in(account))
        given = {"emailAddress": f"neu{number}@example.org"}
        approval = (await ask(target, "changeEmailAddress", given, token=tokens[0]))["id"]
        tan = await send_tan(target, tokens[0], approval)
        locks.append(Lock(number, approval, tan, tokens))
    return locks


async def _guess(target: Target, tally: Tally, locks: list[Lock], guesses: int) -> int:
    """Send the guesses in six ways; return how many they were."""
    streams = [lock.guesses() for lock in locks]
    share = max(guesses // 20, _IN_A_BATCH // 5)
    sent = await _several_at_once(target, tally, locks, share)

    def single(count: int, session: int = 0) -> Iterator[bytes]:
        for number in range(count):
            lock = locks[number % len(locks)]
            yield lock.request(next(streams[number % len(locks)]), number, session)

    async def guess(how: str, requests: Iterable[bytes], connections: int = CONNECTIONS) -> int:
        kinds = await flood(target.port, requests, connections=connections)
        tally.count(f"{how}: {_shown(kinds)}")
        return kinds.total()

    sent += await guess("one after the other", single(share // 2), connections=1)
    sent += await guess("12 connections", single(share * 5))
    sent += await guess("64 connections", single(share), connections=64)
    sent += await guess("another session of the account", single(share // 2, session=1))
    killed = await _while_restarting(target, single(guesses - sent))
    tally.count(f"while the server is killed and started again: {_shown(killed)}")
    # A busy server may have sent guesses away uncounted: what is left is used up, then it is over.
    rest = await guess("the rest, one by one", single(len(locks) * BOUND), connections=1)
    return sent + killed.total() + rest


async def _several_at_once(target: Target, tally: Tally, locks: list[Lock], share: int) -> int:
    """Guess several times in one document, then in one request."""
    sent = 0
    for how, make, at_once, count in (
        ("aliases in a document", _aliases, _ALIASES, share * 4),
        ("operations in a request", _batch, _IN_A_BATCH, share * 5),
    ):
        streams = [lock.guesses() for lock in locks]
        requests = (
            make(lock, [next(stream) for _ in range(at_once)])
            for lock, stream in itertools.islice(
                itertools.cycle(zip(locks, streams, strict=True)), count // at_once
            )
        )
        kinds = await flood(target.port, requests)
        tally.count(f"{at_once} {how}: {_shown(kinds)}")
        sent += kinds.total() * at_once
    return sent


async def _while_restarting(target: Target, requests: Iterator[bytes]) -> Counter[str]:
    flooding = asyncio.create_task(flood(target.port, requests))
    for _ in range(3):
        await asyncio.wait({flooding}, timeout=1)
        await asyncio.to_thread(target.restart)
    return await flooding


def _aliases(lock: Lock, tans: list[str]) -> bytes:
    fields = " ".join(f"a{tan}: {lock.field(tan)} {{ __typename }}" for tan in tans)
    bearer = {"Authorization": f"Bearer {lock.tokens[0]}"} if lock.tokens else {}
    return request_of(f"mutation {{ {fields} }}", None, bearer)


def _batch(lock: Lock, tans: list[str]) -> bytes:
    bodies = (lock.request(tan, client=0).partition(b"\r\n\r\n")[2].decode() for tan in tans)
    return raw_request(f"[{','.join(bodies)}]")


async def _evaluated(
    target: Target, compared: Counter[str]
) -> tuple[dict[str, int], Counter[int | None]]:
    """Return the comparisons of each TAN and of each account; the row's own count if higher."""
    per_lock: dict[str, int] = {}
    per_account: Counter[int | None] = Counter()
    async with target.transaction() as session:
        for table in (Challenge, Approval):
            columns = (table.user_account_id, table.tan_hash, table.attempts)
            for account, tan_hash, attempts in await session.execute(select(*columns)):
                if tan_hash is not None:
                    per_lock[tan_hash] = max(compared[tan_hash], attempts)
                    per_account[account] += per_lock[tan_hash]
    return per_lock, per_account


async def _sessions(target: Target) -> int:
    async with target.transaction() as session:
        return await session.scalar(select(func.count()).select_from(UserSession)) or 0


async def _approved(target: Target) -> int:
    counting = select(func.count()).where(Approval.state == ApprovalState.APPROVED)
    async with target.transaction() as session:
        return await session.scalar(counting) or 0


def _shown(kinds: Counter[str]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
