"""500 sign-ins by password at once: how late the event loop gets, and who is sent away."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attack.flood import from_client, kind_of, raw_request, request_of
from attack.target import open_target
from backend.logs import configure_logs
from bench.load import Answer, exchange
from tests.signing_in import PASSWORD, SIGN_IN_WITH_PASSWORD, person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attack.target import Target

    Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

SIGN_INS = 500
_GIVE_UP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class SignIn:
    """One customer's way in: the first answer, and when the TAN was on its way."""

    first: Answer
    seconds: float
    answers: int
    kind: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sign-ins", type=int, default=SIGN_INS)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    arguments = parser.parse_args()
    configure_logs("ERROR")
    kinds = ["sqlite", "postgresql"] if arguments.database == "both" else [arguments.database]
    for kind in kinds:
        asyncio.run(measure(kind, arguments.sign_ins))


async def measure(kind: str, sign_ins: int) -> None:
    async with open_target(kind, program="bench.lag_server") as target:
        for number in range(sign_ins):
            await person(target, _address(number), phone_number=f"+49151{number:08}")
        await _enter(target, [_request(0)])  # GraphQL is loaded, the document is known
        await _lags(target)
        await asyncio.sleep(2)
        idle = await _lags(target)
        found = await _enter(target, [_request(number) for number in range(1, sign_ins)])
        busy = await _lags(target)
    away = [one for one in found if one.first.status == 503]
    polite = [one for one in away if "\r\nretry-after: " in one.first.head.lower()]
    print(f"{kind}: {len(found)} sign-ins at once")
    for name, measured in (("idle", idle), ("meanwhile", busy)):
        late, worked = (sorted(values) for values in zip(*measured, strict=True))
        print(f"  event loop, {name}: late {_shown(late)}; CPU in one go {_shown(worked)}")
    print(f"  {len(away)} were first answered 503, {len(polite)} of them with Retry-After")
    times = sorted(one.seconds for one in found)
    print(
        f"  a TAN on its way after p50 {_of(times, 0.5):.1f} s, p99 {_of(times, 0.99):.1f} s, "
        f"with {sum(one.answers for one in found)} requests: "
        f"{dict(Counter(one.kind for one in found))}",
        flush=True,
    )


async def _enter(target: Target, requests: list[bytes]) -> list[SignIn]:
    """Connect first, then send everything in one moment; who is sent away comes again as told."""
    connections = [await _connect(target.port) for _ in requests]
    return await asyncio.gather(
        *(
            _sign_in(target.port, connection, request)
            for connection, request in zip(connections, requests, strict=True)
        )
    )


async def _sign_in(port: int, connection: Connection, request: bytes) -> SignIn:
    started = time.perf_counter()
    first = answer = await _exchange(connection, request)
    answers = 1
    while answer.status == 503 and time.perf_counter() - started < _GIVE_UP_SECONDS:
        wait = answer.head.lower().partition("retry-after: ")[2].partition("\r\n")[0]
        await asyncio.sleep(float(wait or 1))
        answer = await _exchange(await _connect(port), request)
        answers += 1
    return SignIn(first, time.perf_counter() - started, answers, kind_of(answer))


async def _connect(port: int) -> Connection:
    return await asyncio.open_connection("127.0.0.1", port)


async def _exchange(connection: Connection, request: bytes) -> Answer:
    answer = await exchange(*connection, request)
    connection[1].close()
    return answer


async def _lags(target: Target) -> list[tuple[float, float]]:
    answer = await _exchange(
        await _connect(target.port), raw_request("", method="GET", path="/lags")
    )
    return [(late, worked) for late, worked in json.loads(answer.body)]


def _address(number: int) -> str:
    return f"kunde{number:04}@example.org"


def _request(number: int) -> bytes:
    given = {"emailAddress": _address(number), "password": PASSWORD}
    return request_of(SIGN_IN_WITH_PASSWORD, {"input": given}, from_client(number))


def _shown(ordered: Sequence[float]) -> str:
    figures = {"p50": _of(ordered, 0.5), "p99": _of(ordered, 0.99), "most": ordered[-1]}
    return ", ".join(f"{name} {value * 1000:.1f} ms" for name, value in figures.items())


def _of(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


if __name__ == "__main__":
    main()
