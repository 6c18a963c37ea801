"""Core systems that are killed, slow, broken, silent or out of order lose no submission."""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import select

from attack.submitting_server import INSTITUTION, PATH
from backend.demo.core_system import key_id_of
from backend.group import SHIPPED
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.submissions import SETTLED, Submission, SubmissionState, SubmissionStep
from backend.services.outbox import open_payload
from backend.services.submission_watch import list_open
from backend.services.submissions import payload_of
from backend.signatures import SigningKey, new_private_key
from tests.servers import HOST, ServerProcess, free_port
from tests.signing_in import person

if TYPE_CHECKING:
    from attack.tally import Tally
    from attack.target import Target

SERVER = "attack.submitting_server"
SUBMISSIONS = 240
CUSTOMERS = 12
# One in so many submissions meets a kill of the portal; the core system dies twice as often.
KILL_EVERY = 12
_HOURS = 20
_ROUND_SECONDS = 1.5
# The watchdog looks every ten seconds, at fifty at a time.
_REST_SECONDS = 60
_CORE_PORT = free_port()
_FOLDER = Path(tempfile.mkdtemp(prefix="kundenportal-attack-"))


@dataclass
class Made:
    """What the attack did, and which numbers the portal said it keeps."""

    kept: dict[int, str] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)


def more_settings() -> dict[str, Any]:
    """Connect one institution with the attack's core system and let the server work."""
    key = SigningKey(new_private_key())
    (_FOLDER / "core.key").write_text(key.private_key.hex(), encoding="ascii")
    core = (
        f'core = {{ channel = "http", url = "http://{HOST}:{_CORE_PORT}/events", '
        f'keys = {{ "{key_id_of(INSTITUTION)}" = "{key.public_key.hex()}" }} }}\n'
    )
    listed = re.compile(rf'(\[\[institutions\]\]\nkey = "{INSTITUTION}"\n)')
    group = listed.sub(rf"\g<1>{core}", SHIPPED.read_text(encoding="utf-8"))
    (_FOLDER / "group.toml").write_text(group, encoding="utf-8")
    for name in ("met", "taken", "said", "answered"):
        (_FOLDER / name).write_text("", encoding="ascii")
    (_FOLDER / "calm").unlink(missing_ok=True)
    return {"group_file": _FOLDER / "group.toml", "worker_in_process": True}


async def attack(target: Target, tally: Tally, submissions: int = SUBMISSIONS) -> None:
    """Submit while both sides are killed and the core misbehaves; then let both come to rest."""
    customers = [
        (await person(target, f"kunde{number}@example.org")).customer_id
        for number in range(CUSTOMERS)
    ]
    target.clock.travel_to(target.clock.now())
    (_FOLDER / "clock").write_text(str(target.house.settings.data_dir / "clock"), encoding="utf-8")
    core = await _core_of(target)
    try:
        await asyncio.to_thread(core.start)
        made = await _submit_in_chaos(target, core, customers, submissions)
        await _come_to_rest(target)
    finally:
        core.kill()
    tally.count(
        f"{submissions} submissions, {len(made.kept)} of them acknowledged, "
        f"portal killed {made.kills['portal']} times, core system {made.kills['core']} times"
    )
    await _judge(target, tally, made)


async def _core_of(target: Target) -> ServerProcess:
    key = (await target.house.core_signer.load()).public_key
    words = [str(_FOLDER), str(_CORE_PORT), str(target.port), key.hex()]
    command = [sys.executable, "-m", "attack.core_server", *words]
    return ServerProcess(command, _CORE_PORT, "/health", _FOLDER / "core.log")


async def _submit_in_chaos(
    target: Target, core: ServerProcess, customers: list[int], submissions: int
) -> Made:
    made, chance = Made(), random.Random(26)  # reproducible, not secret
    for number in range(submissions):
        submitting = asyncio.create_task(_submit(target, made, number, chance.choice(customers)))
        if number % KILL_EVERY == KILL_EVERY // 2:
            await asyncio.sleep(chance.uniform(0, 0.05))
            await asyncio.to_thread(target.restart)
            made.kills["portal"] += 1
        elif number % (KILL_EVERY // 2) == 1:
            core.kill()
            await asyncio.to_thread(core.start)
            made.kills["core"] += 1
        await submitting
        await asyncio.sleep(0.05)
    return made


async def _submit(target: Target, made: Made, number: int, customer: int) -> None:
    """Submit once: what was not acknowledged may be kept or not, but never twice."""
    try:
        answer = await target.client.post(PATH, json={"customer": customer, "number": number})
        if answer.is_success:
            made.kept[number] = answer.json()["submission"]
    except httpx.HTTPError:
        return


async def _come_to_rest(target: Target) -> None:
    """Pass the pauses of repetitions by hours, half of them among faults, and the deadline."""
    for hour in range(_HOURS):
        if hour == _HOURS // 2:
            (_FOLDER / "calm").touch()
        await asyncio.sleep(_ROUND_SECONDS)
        if not await _is_any_in(target, SubmissionState.RECEIVED):
            break
        target.clock.travel_to(target.clock.now() + timedelta(hours=1))
    (_FOLDER / "calm").touch()
    await asyncio.sleep(_ROUND_SECONDS)
    target.clock.travel_to(target.clock.now() + timedelta(hours=25))
    unanswered = (SubmissionState.RECEIVED, SubmissionState.TRANSMITTED)
    for _ in range(_REST_SECONDS):
        if not await _is_any_in(target, *unanswered):
            break
        await asyncio.sleep(1)


async def _is_any_in(target: Target, *states: SubmissionState) -> bool:
    async with target.transaction() as session:
        found = select(Submission.id).where(Submission.state.in_(states)).limit(1)
        return await session.scalar(found) is not None


async def _judge(target: Target, tally: Tally, made: Made) -> None:
    rows, numbers, steps = await _found(target)
    states = Counter(row.state.name for row in rows)
    tally.count(", ".join(f"{count} {state}" for state, count in sorted(states.items())))
    lost = [n for n, uid in made.kept.items() if uid not in numbers]
    tally.bound(f"{len(lost)} acknowledged submissions lost", holds=not lost)
    twice = [n for n, count in Counter(numbers.values()).items() if count > 1]
    tally.bound(f"{len(twice)} submissions doubled in the portal", holds=not twice)
    _judge_core(tally, rows, numbers)
    astray = [uid for uid, way in steps.items() if not _is_forward(way)]
    tally.bound(f"{len(astray)} submissions went back or were settled twice", holds=not astray)
    await _judge_open(target, tally, rows)
    both = min(made.kills["portal"], made.kills["core"])
    tally.bound(f"both sides were killed, {both} times at least", holds=both > 0)


def _judge_core(tally: Tally, rows: list[Submission], numbers: dict[str, int]) -> None:
    met = Counter((_FOLDER / "met").read_text(encoding="ascii").split())
    tally.count("faults met: " + ", ".join(f"{met[one]} {one}" for one in sorted(met)))
    lines = (_FOLDER / "taken").read_text(encoding="utf-8").splitlines()
    taken = Counter(json.loads(line)["id"] for line in lines)
    strange = [uid for uid in taken if uid not in numbers or taken[uid] > 1]
    tally.bound(f"{len(strange)} events in the core system twice or of nobody", holds=not strange)
    said: defaultdict[str, set[str]] = defaultdict(set)
    for line in (_FOLDER / "said").read_text(encoding="ascii").splitlines():
        uid, outcome = line.split()
        said[uid].add(outcome)
    settled = [row for row in rows if row.state in SETTLED]
    made_up = [row.uid for row in settled if row.state.name not in said[row.uid]]
    tally.bound(f"{len(made_up)} answers that the core system never gave", holds=not made_up)


async def _judge_open(target: Target, tally: Tally, rows: list[Submission]) -> None:
    """What is still open has gone to the service desk, by one mail, and says so."""
    async with target.transaction() as session:
        found = await list_open(session, group=target.house.group, now=target.clock.now())
        mails = (
            await session.scalars(
                select(OutboxMessage).where(OutboxMessage.topic == OutboxTopic.MAIL)
            )
        ).all()
    asked: Counter[str] = Counter()
    for mail in mails:
        content = await open_payload(
            target.house.sealer, message_id=mail.message_id, payload=mail.payload
        )
        if "von Hand" in content["subject"]:
            asked[content["subject"].split()[1]] += 1
    stuck = [one.uid for one in found if one.state != "REROUTED" or not one.why]
    tally.bound(f"{len(stuck)} stuck without an explanation", holds=not stuck)
    rerouted = {row.uid for row in rows if row.rerouted_at is not None}
    wrong = [uid for uid in rerouted | asked.keys() if asked[uid] != 1 or uid not in rerouted]
    tally.bound(f"{len(wrong)} of {len(rerouted)} rerouted without one mail", holds=not wrong)


async def _found(
    target: Target,
) -> tuple[list[Submission], dict[str, int], dict[str, list[SubmissionState]]]:
    """Return the rows, the number that each holds, and the states each went through."""
    async with target.transaction() as session:
        rows = list(await session.scalars(select(Submission).order_by(Submission.id)))
        history = await session.execute(
            select(Submission.uid, SubmissionStep.state)
            .join(SubmissionStep, SubmissionStep.submission_id == Submission.id)
            .order_by(SubmissionStep.id)
        )
        steps: defaultdict[str, list[SubmissionState]] = defaultdict(list)
        for uid, state in history:
            steps[uid].append(state)
    numbers = {row.uid: (await payload_of(target.house.cipher, row))["number"] for row in rows}
    return rows, numbers, steps


def _is_forward(way: list[SubmissionState]) -> bool:
    order = list(SubmissionState)
    places = [order.index(state) for state in way]
    is_settled_once = sum(state in SETTLED for state in way) <= 1
    return places == sorted(set(places)) and way[0] is SubmissionState.RECEIVED and is_settled_once
