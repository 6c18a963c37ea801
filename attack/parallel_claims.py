"""Claims are submitted fifty times at once and cut off at every part: each is there once, whole."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from backend.models.claims import Claim, ClaimDocument
from backend.models.receipts import Receipt
from backend.services.claim_documents import PART_SIZE, parts_of, read_parts
from tests.claiming import SUBMIT, claimant
from tests.servers import HOST

if TYPE_CHECKING:
    from attack.tally import Tally
    from attack.target import Target
    from tests.claiming import Claimant, Sealing

DATABASES = ("sqlite", "postgresql")
CLAIMS = 200
AT_ONCE = 50
# Fewer than a customer may hand in in a day.
_CLAIMS_OF_ONE = 40
PARTS = 10
# The last part is shorter than the others.
_REST = 4_711


async def attack(target: Target, tally: Tally, claims: int = CLAIMS, parts: int = PARTS) -> None:
    """Submit each claim many times at once; then send one file over a network that breaks."""
    await _submit_at_once(target, tally, claims)
    await _cut_everywhere(target, tally, parts)


async def _submit_at_once(target: Target, tally: Tally, claims: int) -> None:
    answers: Counter[str] = Counter()
    ids, later = set(), [0]
    for number in range(claims):
        if number % _CLAIMS_OF_ONE == 0:
            pia = await claimant(target, f"Pia {number}")
        sealing = await pia.send(await pia.seal())
        told = await asyncio.gather(*(_submit(pia, sealing, later) for _ in range(AT_ONCE)))
        answers.update(one["__typename"] for one in told)
        ids.add(frozenset(one.get("id") for one in told))
    asked = claims * AT_ONCE
    is_taken = answers == {"Claim": asked}
    tally.bound(f"{asked} submissions of {claims} claims: {dict(answers)}", holds=is_taken)
    tally.count(f"{later[0]} were told to come again, for it took too long")
    is_same = len(ids) == claims and all(len(one) == 1 for one in ids)
    tally.bound("all that ask for the same are answered alike", holds=is_same)
    counts = [await _count(target, model) for model in (Claim, ClaimDocument, Receipt)]
    text = "{} claims, {} files and {} receipts"
    tally.bound(text.format(*counts), holds=counts == [claims] * 3)


async def _submit(pia: Claimant, sealing: Sealing, later: list[int]) -> dict[str, Any]:
    """Submit, and again under the same key where the server had no time."""
    while True:
        response = await pia.portal.post(SUBMIT, {"i": sealing.input}, token=pia.token)
        if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            answer: dict[str, Any] = response.json()["data"]["submitClaim"]
            return answer
        later[0] += 1


async def _cut_everywhere(target: Target, tally: Tally, count: int) -> None:
    """Break off in the middle and at the end of every part, and kill the server there, too."""
    pia = await claimant(target, "Paul")
    size = (count - 1) * PART_SIZE + _REST
    sealing = await pia.seal(random.Random(5).randbytes(size))  # reproducible, not secret
    started = await pia.start(sealing.sealed)
    sealing.document = started["id"]
    parts = range(0, len(sealing.sealed), PART_SIZE)
    steps_back = lost = 0
    for at in parts:
        part = sealing.sealed[at : at + PART_SIZE]
        for share in (0.5, 1.0):
            await _send_and_hang_up(target, pia, started["uploadUrl"], at, part, share)
            if share < 1.0:
                await asyncio.to_thread(target.restart)
            kept = await _settled_offset(pia, started["uploadUrl"], at)
            steps_back += kept not in (at, at + len(part))
            lost += share < 1.0 and kept != at
        if kept == at:
            await pia.patch(started["uploadUrl"], at, part)
        lost += await pia.offset(started["uploadUrl"]) != at + len(part)
    tally.bound(f"{steps_back} of {2 * len(parts)} cuts left half a part", holds=not steps_back)
    tally.bound(f"{lost} parts lost or kept that never came whole", holds=not lost)
    await _judge_file(target, tally, pia, sealing)


async def _judge_file(target: Target, tally: Tally, pia: Claimant, sealing: Sealing) -> None:
    async with target.transaction() as session:
        document = (
            await session.scalars(select(ClaimDocument).order_by(ClaimDocument.id.desc()).limit(1))
        ).one()
        parts = await parts_of(session, document.id)
    stored = hashlib.sha256()
    async for chunk in read_parts(target.house, parts):
        stored.update(chunk)
    is_same = document.is_complete and stored.hexdigest() == document.sha256 == sealing.sha256
    tally.bound(f"{len(parts)} parts are the file that was sent, same SHA-256", holds=is_same)
    answer = await pia.submit(sealing)
    tally.bound("what was cut so often is a claim", holds=answer["__typename"] == "Claim")


async def _send_and_hang_up(  # whom, what, where, and how much of it
    target: Target, pia: Claimant, url: str, at: int, part: bytes, share: float
) -> None:
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: portal.test\r\nAuthorization: Bearer {pia.token}\r\n"
        f"Upload-Offset: {at}\r\nContent-Type: application/offset+octet-stream\r\n"
        f"Content-Length: {len(part)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection(HOST, target.port)
    writer.write(head.encode() + part[: int(len(part) * share)])
    await writer.drain()
    writer.transport.abort() if share < 1.0 else writer.close()


async def _settled_offset(pia: Claimant, url: str, at: int) -> int:
    """Ask where to go on until the answer stands still: what was sent last may be on its way."""
    offset = await pia.offset(url)
    for _ in range(20):
        if offset != at:
            break
        await asyncio.sleep(0.02)
        offset = await pia.offset(url)
    return offset


async def _count(target: Target, model: Any) -> int:
    async with target.transaction() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0
