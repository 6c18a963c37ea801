"""Whether an account exists can't be told: equal answers, and no difference in time."""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attack.flood import from_client, request_of
from attack.rank_test import p_value
from backend.ids import encode_id
from backend.services.passwords import NOBODYS_HASH
from bench.load import exchange
from tests.recovering import START as START_RECOVERY
from tests.registering import START, form
from tests.signing_in import SIGN_IN_WITH_PASSWORD, person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from attack.tally import Tally
    from attack.target import Target
    from bench.load import Answer

SAMPLES = 500
_MOST_DIFFERENCE = 0.001
_LEAST_P = 0.01
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
_NO_DATE = re.compile(r"(?im)^date:.*\r\n")


@dataclass(frozen=True)
class Endpoint:
    """An operation that anybody may ask about an address, and what its answers may differ in."""

    name: str
    request: Callable[[Target, str, int], Awaitable[bytes]]


async def attack(target: Target, tally: Tally, samples: int = SAMPLES) -> None:
    """Ask about as many known as unknown addresses, each pair in random order."""
    warm_up = samples // 25
    for number in range(samples + warm_up):
        await person(target, _address("known", number), password_hash=NOBODYS_HASH)
    chance = random.Random(20261121)
    for endpoint in ENDPOINTS:
        times: dict[str, list[float]] = {"known": [], "other": []}
        shapes: set[str] = set()
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
        for number in range(samples + warm_up):
            for kind in chance.sample(list(times), 2):
                address = _address(kind, number)
                request = await endpoint.request(target, address, number * 2 + (kind == "known"))
                started = time.perf_counter()
                answer = await exchange(reader, writer, request)
                times[kind].append(time.perf_counter() - started)
                shapes.add(_shape(answer, address))
        writer.close()
        measured = {kind: found[warm_up:] for kind, found in times.items()}
        _judge(tally, endpoint, measured, shapes)


def _judge(
    tally: Tally, endpoint: Endpoint, times: dict[str, list[float]], shapes: set[str]
) -> None:
    name = endpoint.name
    known, other = (statistics.median(found) for found in times.values())
    p = p_value(times["known"], times["other"])
    tally.count(f"{name}: {min(shapes).partition(' ')[2][:90]}")
    tally.count(f"{name}: medians {known * 1000:.2f} ms known, {other * 1000:.2f} ms unknown")
    tally.bound(
        f"{name}: {len(times['known'])} + {len(times['other'])} samples, "
        f"{len(shapes)} kind of answer (bound 1)",
        holds=len(shapes) == 1,
    )
    difference = abs(known - other)
    tally.bound(
        f"{name}: medians differ by {difference * 1000:.2f} ms, p = {p:.3f} "
        f"(bound < {_MOST_DIFFERENCE * 1000:.0f} ms or p > {_LEAST_P})",
        holds=difference < _MOST_DIFFERENCE or p > _LEAST_P,
    )


def _shape(answer: Answer, address: str) -> str:
    """Return status, body and headers without what is new in each answer."""
    body = _TIME.sub("TIME", answer.body.decode().replace(address, "ADDRESS"))
    head = re.sub(r"(?i)content-length: \d+", "", _NO_DATE.sub("", answer.head))
    return f"{answer.status} {body} {head}"


def _address(kind: str, number: int) -> str:
    return f"{kind}{number:04}@example.org"


async def _sign_in(_target: Target, address: str, client: int) -> bytes:
    given = {"emailAddress": address, "password": "Sieben Raben im Wald"}
    return request_of(SIGN_IN_WITH_PASSWORD, {"input": given}, from_client(client))


async def _sign_in_with_device(_target: Target, address: str, client: int) -> bytes:
    device = encode_id("Device", client + 1)
    given = {"emailAddress": address, "password": "Sieben Raben im Wald", "device": device}
    return request_of(SIGN_IN_WITH_PASSWORD, {"input": given}, from_client(client))


async def _register(target: Target, address: str, client: int) -> bytes:
    given = await form(target, emailAddress=address)
    return request_of(START, {"input": given}, from_client(client))


async def _recover(_target: Target, address: str, client: int) -> bytes:
    return request_of(START_RECOVERY, {"input": {"emailAddress": address}}, from_client(client))


ENDPOINTS = (
    Endpoint("sign-in by password", _sign_in),
    Endpoint("sign-in with a device", _sign_in_with_device),
    Endpoint("registration", _register),
    Endpoint("recovery", _recover),
)
