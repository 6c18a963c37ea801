"""Web and worker are killed again and again while letters come in and customers write and send."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import shutil
import signal
import tempfile
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import select

from attack.delivery_verdict import Made, judge
from attack.supervised_server import pid_file
from backend.ids import encode_id
from backend.models.customers import CustomerNumber
from backend.models.outbox import OutboxMessage
from tests import factories
from tests.security.hostile_files import photo
from tests.security.hostile_pdfs import pdf
from tests.servers import HOST, SmtpCatcher, free_port
from tests.services.feed_files import letter
from tests.signing_in import person

if TYPE_CHECKING:
    from attack.tally import Tally
    from attack.target import Target

SERVER = "attack.supervised_server"
INSTITUTION = "sach"
DATABASES = ("sqlite", "postgresql")
KILLS = 200
CUSTOMERS = 12
# Fewer than a customer may send in a day.
_MESSAGES = 40
_LONGEST_TEXT = 4000
_LARGEST_LETTER = 50_000
# How long either lives: short enough to die in the middle, long enough to get somewhere.
_LIVES = {"web": (0.0, 0.5), "worker": (0.1, 0.7)}
# Between keeping a mail and saying so: a worker that dies then sends it again.
_CATCHER_THINKS_SECONDS = 0.05
# A tenth of a lease; all of them together are less than a session may be idle, as a kill may also
# meet what notes that it was used.
_AFTER_A_KILL = timedelta(seconds=6)
_PATIENCE_SECONDS = 90
# How many messages carry a photo: one has to be inspected first, by a worker that lives to do it.
_WITH_PHOTO = 0.2
_SMTP_PORT = free_port()
_FOLDER = Path(tempfile.mkdtemp(prefix="kundenportal-attack-"))
_STATE = """query ($id: ID!) { node(id: $id) { ... on Upload { state } } }"""
_SEND = """mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename
  ... on Message { id } ... on Refusal { message } } }"""


def more_settings() -> dict[str, Any]:
    """Deliver mails to the catcher and take letters from a watched folder."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    (_FOLDER / "in" / INSTITUTION).mkdir(parents=True)
    return {
        "import_dir": _FOLDER / "in",
        "smtp_host": HOST,
        "smtp_port": _SMTP_PORT,
        "smtp_starttls": False,
        "worker_in_process": False,
    }


async def attack(target: Target, tally: Tally, kills: int = KILLS) -> None:
    """Hand in letters and write messages while both die; then let all come to rest."""
    target.clock.travel_to(target.clock.now())
    catcher = SmtpCatcher(None, requires_sign_in=False, port=_SMTP_PORT)
    catcher.thinks_seconds = _CATCHER_THINKS_SECONDS
    catcher.start()
    try:
        made = await _write_in_chaos(target, kills)
        await _come_to_rest(target)
        tally.count(
            f"{len(made.texts)} messages in {made.attempts} attempts, {len(made.photos)} with a "
            f"photo, {len(made.letters)} letters, "
            f"web killed {made.kills['web']} times, worker {made.kills['worker']} times"
        )
        await judge(target, tally, made, catcher.messages, _FOLDER / "in")
    finally:
        catcher.stop()
        shutil.rmtree(_FOLDER, ignore_errors=True)
    both = min(made.kills.values())
    tally.bound(f"both were killed, {both} times at least", holds=both >= kills // 2)


async def _write_in_chaos(target: Target, kills: int) -> Made:
    """Let customers write and letters come in until both have been killed as often as asked."""
    made, chance, over = Made(), random.Random(26), asyncio.Event()  # reproducible, not secret
    writers = []
    for number in range(CUSTOMERS):
        account = await person(target, f"kunde{number}@example.org")
        async with target.transaction() as session:
            institution = await factories.institution(session, INSTITUTION)
            session.add(
                CustomerNumber(
                    institution_id=institution.id,
                    number=f"K{number}",
                    customer_id=account.customer_id,
                )
            )
        made.accounts.append(account)
        token = await target.sign_in(account)
        writers.append(_write(target, made, token, random.Random(number), over))
    tasks = [asyncio.create_task(one) for one in (*writers, _hand_in_letters(made, chance, over))]
    for job in asyncio.as_completed(
        [_kill(target, made, role, kills // 2, random.Random(role)) for role in _LIVES]
    ):
        await job
    over.set()
    await asyncio.gather(*tasks)
    return made


async def _kill(target: Target, made: Made, role: str, kills: int, chance: random.Random) -> None:
    """Kill one of them as often, each time somewhere in its young life."""
    path, dead = pid_file(target.house.settings.data_dir, role), 0
    for _ in range(kills):
        while (alive := _pid_in(path)) == dead:  # noqa: ASYNC110  # another process tells
            await asyncio.sleep(0.01)
        if role == "web":
            await _until_up(target)
        await asyncio.sleep(chance.uniform(*_LIVES[role]))
        os.kill(alive, signal.SIGKILL)
        made.kills[role] += 1
        dead = alive
        if role == "worker":
            # What it had leased is due again soon, so that redelivery meets kills, too.
            target.clock.travel_to(target.clock.now() + _AFTER_A_KILL)


def _pid_in(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))


async def _until_up(target: Target) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if (await target.client.get("/health")).is_success:
                return
        await asyncio.sleep(0.02)


async def _hand_in_letters(made: Made, chance: random.Random, over: asyncio.Event) -> None:
    """Hand in a delivery every moment, as an institution does: files first, then their list."""
    while not over.is_set():
        folder = _FOLDER / "in" / INSTITUTION / f"{len(made.letters):05d}"
        folder.mkdir()
        entries = []
        for _ in range(chance.randint(1, 3)):
            name = f"D-{len(made.letters)}"
            content = (
                pdf() + b"%" + chance.randbytes(chance.randint(1, _LARGEST_LETTER)).hex().encode()
            )
            (folder / f"{name}.pdf").write_bytes(content)
            number = f"K{chance.randrange(CUSTOMERS)}"
            entries.append(letter(name, content, customer_number=number))
            made.letters[name] = hashlib.sha256(content).hexdigest()
        (folder / "manifest.part").write_text(json.dumps(entries), encoding="utf-8")
        (folder / "manifest.part").rename(folder / "manifest.json")
        await asyncio.sleep(chance.uniform(0.1, 0.5))


async def _write(
    target: Target, made: Made, token: str, chance: random.Random, over: asyncio.Event
) -> None:
    """Write one message after the other, each under one key until it is acknowledged."""
    async with target.transaction() as session:
        institution = encode_id(
            "Institution", (await factories.institution(session, INSTITUTION)).id
        )
    for number in range(_MESSAGES):
        if over.is_set():
            return
        key = str(uuid.UUID(bytes=chance.randbytes(16)))
        text = f"{key} {number} " + "ü" * chance.randint(1, _LONGEST_TEXT)
        made.texts[key] = text
        given = {
            "to": {"newConversation": {"institution": institution, "subject": f"Frage {number}"}},
            "text": text,
            "idempotencyKey": key,
            "attachments": [],
        }
        if chance.random() < _WITH_PHOTO:
            size = (32 + next(made.widths), 48)
            made.photos[key] = size
            upload = await _upload(target, token, institution, photo(size=size), over)
            if upload is None:
                del made.photos[key], made.texts[key]  # nothing was sent
                continue
            given["attachments"] = [upload]
        # Whoever is impatient sends twice at once; whoever lost the answer sends once more.
        parallel = 2 if chance.random() < 0.2 else 1
        await asyncio.gather(*(_send(target, made, token, given) for _ in range(parallel)))
        if chance.random() < 0.2:
            await _send(target, made, token, given)
        await asyncio.sleep(chance.uniform(0.2, 1.5))


async def _upload(
    target: Target, token: str, institution: str, content: bytes, over: asyncio.Event
) -> str | None:
    """Send a photo until it is accepted; the lease of a killed worker outlives the attack."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"}
    headers["Content-Disposition"] = 'attachment; filename="beleg.jpg"'
    path = f"/uploads?institution={institution}"
    upload = None
    while not over.is_set():
        with suppress(httpx.HTTPError, ValueError, KeyError, TypeError):
            if upload is None:
                answer = await target.client.post(path, content=content, headers=headers)
                upload = str(answer.json()["id"])
            told = (await target.post(_STATE, {"id": upload}, token=token)).json()
            if told["data"]["node"]["state"] == "ACCEPTED":
                return upload
        await asyncio.sleep(0.1)
    return None


async def _send(target: Target, made: Made, token: str, given: dict[str, Any]) -> None:
    """Send until there is an answer."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        made.attempts += 1
        try:
            response = await target.post(_SEND, {"input": given}, token=token)
            result = response.json()["data"]["sendMessage"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            await asyncio.sleep(0.1)
            continue
        key = given["idempotencyKey"]
        told = result.get("id", result["__typename"])
        if result["__typename"] != "Message" or made.acknowledged.get(key, told) != told:
            made.strange.append(f"{key}: {result}")
        made.acknowledged.setdefault(key, told)
        return
    made.strange.append(f"{given['idempotencyKey']}: never answered")


async def _come_to_rest(target: Target) -> None:
    """Pass leases and the pauses of repetitions until nothing waits any more."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        target.clock.travel_to(target.clock.now() + timedelta(minutes=2))
        await asyncio.sleep(1)
        waiting = [path for path in (_FOLDER / "in" / INSTITUTION).rglob("*") if path.is_file()]
        async with target.transaction() as session:
            is_open = (OutboxMessage.delivered_at.is_(None), OutboxMessage.dead_at.is_(None))
            open_id = await session.scalar(select(OutboxMessage.id).where(*is_open).limit(1))
        if not waiting and open_id is None:
            return
