"""Sealed files in parts: resumed after every cut, whole or not at all, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from backend.models.claims import Claim, ClaimDocument, ClaimPart
from backend.ports import StoreUnavailableError
from backend.services.claim_documents import (
    PART_SIZE,
    forget_old_claim_documents,
    parts_of,
    read_parts,
)
from backend.services.claim_opening import open_claims
from backend.services.documents import delete_orphans
from tests.claiming import claimant, worker_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.claiming import Claimant
    from tests.portal import Portal

PARTS = 3
FILE = bytes(number % 251 for number in range(PART_SIZE * PARTS - 7))


async def _objects(portal: Portal) -> list[str]:
    return [info.key async for info in portal.house.objects.list()]


async def _stored(portal: Portal) -> bytes:
    async with portal.transaction() as session:
        document = (await session.scalars(select(ClaimDocument))).one()
        parts = await parts_of(session, document.id)
    return b"".join([chunk async for chunk in read_parts(portal.house, parts)])


async def _count(portal: Portal, model: Any) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


def _parts() -> list[tuple[int, bytes]]:
    return [(at, FILE[at : at + PART_SIZE]) for at in range(0, len(FILE), PART_SIZE)]


async def _cut(pia: Claimant, url: str, at: int, content: bytes) -> None:
    """Send half of a part and hang up, as a network that is gone does."""
    half = {"type": "http.request", "body": content[: len(content) // 2], "more_body": True}
    messages: Iterator[dict[str, Any]] = iter([half, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(_message: object) -> None:
        """Nobody hears it."""

    told = {
        "host": "portal.test",
        "authorization": f"Bearer {pia.token}",
        "upload-offset": str(at),
        "content-type": "application/offset+octet-stream",
    }
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "https",
        "path": url,
        "raw_path": url.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        "client": ("127.0.0.1", 1),
        "server": ("portal.test", 443),
    }
    await pia.portal.app(scope, receive, send)
    assert next(messages, None) is None


async def test_F58_a_transfer_cut_in_every_part_goes_on_and_keeps_its_hash(
    portal: Portal,
) -> None:
    pia = await claimant(portal)
    started = await pia.start(FILE)
    url = started["uploadUrl"]
    assert (started["partSize"], started["receivedBytes"]) == (PART_SIZE, 0)
    for at, part in _parts():
        # The part breaks off; nothing of it is kept, and the device asks where to go on.
        await _cut(pia, url, at, part)
        assert await pia.offset(url) == at
        # It arrives, but the answer is lost: what is repeated is told to be there.
        assert (await pia.patch(url, at, part)).status_code == 204
        again = await pia.patch(url, at, part)
        assert (again.status_code, again.json()["reason"]) == (409, "WRONG_OFFSET")
        assert int(again.headers["Upload-Offset"]) == at + len(part)
    assert await _stored(portal) == FILE
    assert len(await _objects(portal)) == PARTS
    async with portal.transaction() as session:
        assert (await session.scalars(select(ClaimDocument))).one().is_complete


async def test_the_same_part_twice_at_once_is_kept_once(portal: Portal) -> None:
    pia = await claimant(portal)
    url = (await pia.start(FILE))["uploadUrl"]
    [(at, part), *_] = _parts()
    answers = await asyncio.gather(*(pia.patch(url, at, part) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409, 409]
    assert len(await _objects(portal)) == await _count(portal, ClaimPart) == 1
    assert await pia.offset(url) == PART_SIZE


async def test_F59_a_file_that_came_changed_is_not_kept(portal: Portal) -> None:
    pia = await claimant(portal)
    url = (await pia.start(FILE, sha256="0" * 64))["uploadUrl"]
    answers = [await pia.patch(url, at, part) for at, part in _parts()]
    assert [answer.status_code for answer in answers] == [204, 204, 422]
    assert answers[-1].json()["reason"] == "HASH_MISMATCH"
    assert (await pia.patch(url, 0, FILE[:PART_SIZE])).status_code == 404
    assert await _count(portal, ClaimDocument) == 0
    await delete_orphans(
        portal.house.sessions, portal.house.objects, now=portal.clock.now() + timedelta(days=9000)
    )
    assert await _objects(portal) == []


@pytest.mark.parametrize(
    ("offset", "size", "status", "reason"),
    [
        ("0", PART_SIZE - 1, 422, "WRONG_PART_SIZE"),
        ("0", PART_SIZE + 1, 422, "WRONG_PART_SIZE"),
        ("0", 0, 422, "WRONG_PART_SIZE"),
        ("1", PART_SIZE, 409, "WRONG_OFFSET"),
        (str(PART_SIZE), PART_SIZE, 409, "WRONG_OFFSET"),
    ],
)
async def test_a_part_that_is_not_the_next_one_leaves_nothing(
    portal: Portal, offset: str, size: int, status: int, reason: str
) -> None:
    pia = await claimant(portal)
    url = (await pia.start(FILE))["uploadUrl"]
    answer = await pia.patch(url, 0, bytes(size), **{"Upload-Offset": offset})
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.json()["message"].endswith(".")
    assert (await pia.offset(url), await _objects(portal)) == (0, [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/pdf"}, 415),
        ({"Upload-Offset": ""}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "0x0"}, 400),
        ({"Upload-Offset": "9" * 40}, 400),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_what_no_client_of_ours_sends_is_refused(
    portal: Portal, headers: dict[str, str], status: int
) -> None:
    pia = await claimant(portal)
    url = (await pia.start(FILE))["uploadUrl"]
    assert (await pia.patch(url, 0, FILE[:PART_SIZE], **headers)).status_code == status
    assert (await pia.offset(url), await _objects(portal)) == (0, [])


async def test_nobody_and_others_neither_send_nor_look(portal: Portal) -> None:
    pia, eva = await claimant(portal), await claimant(portal, "Eva")
    url = (await pia.start(FILE))["uploadUrl"]
    absent = "/claim-documents/Q2xhaW1Eb2N1bWVudDo5OTk5"
    for address in (url, absent, "/claim-documents/nonsense"):
        foreign = await eva.patch(address, 0, FILE[:PART_SIZE])
        assert (foreign.status_code, foreign.json()["reason"]) == (404, "NOT_FOUND")
        nobody = await portal.client.head(address)
        assert nobody.status_code == 401
    assert (await pia.offset(url), await _objects(portal)) == (0, [])


class _DownObjects:
    """A store that is down."""

    async def put(self, key: str, _chunks: object) -> None:
        raise StoreUnavailableError(key)

    async def delete(self, key: str) -> None:
        raise StoreUnavailableError(key)


async def test_while_the_store_is_down_a_part_is_asked_for_later(portal: Portal) -> None:
    pia = await claimant(portal)
    url = (await pia.start(FILE))["uploadUrl"]
    up = portal.house
    portal.app.state.house = replace(up, objects=_DownObjects())
    answer = await pia.patch(url, 0, FILE[:PART_SIZE])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    portal.app.state.house = up
    assert (await pia.patch(url, 0, FILE[:PART_SIZE])).status_code == 204


async def test_files_are_forgotten_without_a_claim_and_after_their_handover(
    portal: Portal,
) -> None:
    pia: Claimant = await claimant(portal)
    await pia.hand_in()
    await pia.start(FILE)
    await open_claims(worker_of(portal))
    now = portal.clock.now()
    for days, documents, parts in ((2, 2, 1), (4, 1, 1), (31, 1, 0)):
        portal.clock.travel_to(now + timedelta(days=days))
        async with portal.transaction() as session:
            await forget_old_claim_documents(session, clock=portal.clock)
        assert (await _count(portal, ClaimDocument), await _count(portal, ClaimPart)) == (
            *(documents, parts),
        )
    assert await _count(portal, Claim) == 1


async def test_a_day_has_room_for_a_hundred_files(portal: Portal) -> None:
    pia = await claimant(portal)
    for _ in range(100):
        assert (await pia.start(FILE))["__typename"] == "ClaimDocument"
    assert (await pia.start(FILE))["__typename"] == "TooManyAttempts"
    assert await _count(portal, ClaimDocument) == 100
