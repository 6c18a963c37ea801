"""Files that customers send: received, in quarantine, inspected, forgotten, on both databases."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, update

from backend.adapters.inspector_process import InspectorProcess
from backend.file_ports import ScannerUnavailableError
from backend.ids import encode_id
from backend.models.uploads import Upload, UploadPurpose, UploadState
from backend.ports import StoreUnavailableError
from backend.services.documents import delete_orphans
from backend.services.upload_inspection import LEASE, MAX_ATTEMPTS, inspect_uploads
from backend.services.uploads import SentFile, clean_file_name, forget_old_uploads, receive_upload
from tests import factories
from tests.rules import set_rule
from tests.security.hostile_files import located_photo, photo
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    import httpx

    from backend.ports import ObjectStore
    from backend.services.sessions import Viewer
    from tests.portal import Portal

UPLOAD = """query ($id: ID!) { node(id: $id) { ... on Upload {
  fileName mediaType size state refusal message expiresAt } } }"""
HANGING = (sys.executable, "-P", "-c", "import time; time.sleep(60)")


async def _anna(portal: Portal) -> str:
    async with portal.transaction() as session:
        user = await factories.user_account(session, await factories.customer(session))
    return await portal.sign_in(user)


async def _institution(portal: Portal) -> str:
    async with portal.transaction() as session:
        return encode_id("Institution", (await factories.institution(session)).id)


async def send(
    portal: Portal,
    token: str | None,
    content: bytes,
    media_type: str = "image/jpeg",
    **headers: str,
) -> httpx.Response:
    extra = {"Authorization": f"Bearer {token}"} if token else {}
    institution = headers.pop("institution", None) or await _institution(portal)
    return await portal.client.post(
        "/uploads",
        params={"institution": institution},
        content=content,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": "attachment; filename*=UTF-8''K%C3%BCche.heic",
        }
        | extra
        | headers,
    )


async def _sent(portal: Portal, token: str, content: bytes, media_type: str = "image/jpeg") -> str:
    response = await send(portal, token, content, media_type)
    assert response.status_code == 201, response.text
    upload: str = response.json()["id"]
    return upload


async def _upload(portal: Portal, token: str, upload: str, **headers: str) -> dict[str, Any]:
    data = await portal.execute(UPLOAD, {"id": upload}, token=token, headers=headers)
    node: dict[str, Any] = data["node"]
    return node


async def _objects(portal: Portal) -> list[str]:
    return [info.key async for info in portal.house.objects.list()]


async def _rows(portal: Portal) -> Sequence[Upload]:
    async with portal.transaction() as session:
        return (await session.scalars(select(Upload).order_by(Upload.id))).all()


async def test_F84_a_photo_waits_in_quarantine_and_is_accepted_without_its_metadata(
    portal: Portal,
) -> None:
    token = await _anna(portal)
    upload = await _sent(portal, token, located_photo())
    waiting = await _upload(portal, token, upload)
    assert (waiting["state"], waiting["refusal"], waiting["message"]) == ("QUARANTINED", None, None)
    assert waiting["expiresAt"] == "2026-11-22T11:00:00+00:00"
    [quarantined] = await _objects(portal)
    assert quarantined.startswith("uploads/")
    stored = b"".join([chunk async for chunk in portal.house.objects.get(quarantined)])
    assert b"CANARY" not in stored
    assert await inspect_uploads(portal.house) == 1
    accepted = await _upload(portal, token, upload)
    assert (accepted["state"], accepted["fileName"]) == ("ACCEPTED", "Küche.jpg")
    [made] = await _objects(portal)
    [row] = await _rows(portal)
    assert made.startswith("documents/")
    assert (row.object_key, row.size) == (made, accepted["size"])
    assert row.sha256 != hashlib.sha256(located_photo()).hexdigest()
    assert await inspect_uploads(portal.house) == 0


@pytest.mark.parametrize(
    ("language", "start"), [("de", "Dieses PDF enthält Programme"), ("en", "This PDF contains")]
)
async def test_a_refused_file_says_why_and_leaves_no_object(
    portal: Portal, language: str, start: str
) -> None:
    token = await _anna(portal)
    upload = await _sent(portal, token, pdf("/OpenAction << /S /Launch >>"), "application/pdf")
    await inspect_uploads(portal.house)
    refused = await _upload(portal, token, upload, **{"Accept-Language": language})
    assert (refused["state"], refused["refusal"]) == ("REFUSED", "ACTIVE_CONTENT")
    assert refused["message"].startswith(start)
    assert await _objects(portal) == []


async def test_a_foreign_upload_is_absent(portal: Portal) -> None:
    upload = await _sent(portal, await _anna(portal), photo())
    data = await portal.execute(UPLOAD, {"id": upload}, token=await _anna(portal))
    assert data == {"node": None}


@pytest.mark.parametrize(
    ("content", "media_type", "headers", "status", "reason"),
    [
        (b"", "image/jpeg", {}, 422, "EMPTY"),
        (bytes(20_000_001), "image/jpeg", {}, 413, "TOO_LARGE"),
        (photo(), "text/html", {}, 415, "TYPE_NOT_ALLOWED"),
        (photo(), "image/svg+xml; charset=utf-8", {}, 415, "TYPE_NOT_ALLOWED"),
        (photo(), "image/jpeg", {"institution": "nonsense"}, 404, "NOT_FOUND"),
        (
            photo(),
            "image/jpeg",
            {"institution": encode_id("Institution", 999)},
            404,
            "NOT_FOUND",
        ),
    ],
)
async def test_what_is_refused_at_the_door_leaves_nothing(
    portal: Portal,
    content: bytes,
    media_type: str,
    headers: dict[str, str],
    status: int,
    reason: str,
) -> None:
    token = await _anna(portal)
    response = await send(portal, token, content, media_type, **headers)
    assert (response.status_code, response.json()["reason"]) == (status, reason)
    assert response.json()["message"].endswith(".")
    assert (await _rows(portal), await _objects(portal)) == ([], [])


async def test_nobody_and_other_sites_send_nothing(portal: Portal) -> None:
    token = await _anna(portal)
    nobody = await send(portal, None, photo())
    foreign = await send(portal, token, photo(), Origin="https://evil.example")
    sideways = await send(portal, token, photo(), **{"Sec-Fetch-Site": "cross-site"})
    assert (nobody.status_code, nobody.json()["reason"]) == (401, "NOT_SIGNED_IN")
    assert (foreign.status_code, sideways.status_code) == (403, 403)
    assert (await _rows(portal), await _objects(portal)) == ([], [])


async def test_a_day_has_room_for_a_hundred_files(portal: Portal) -> None:
    token = await _anna(portal)
    for _ in range(100):
        await send(portal, token, b"x")
    refused = await send(portal, token, b"x")
    assert (refused.status_code, refused.json()["reason"]) == (429, "TOO_MANY_ATTEMPTS")
    assert len(await _rows(portal)) == 100
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=27))
    assert (await send(portal, await _anna(portal), b"x")).status_code == 201


class _DownObjects:
    """A store that is down."""

    async def put(self, key: str, _chunks: object) -> None:
        raise StoreUnavailableError(key)

    def get(self, key: str) -> AsyncIterator[bytes]:
        raise StoreUnavailableError(key)


async def test_while_the_store_is_down_a_file_is_refused_and_an_old_one_waits(
    portal: Portal,
) -> None:
    token = await _anna(portal)
    upload = await _sent(portal, token, photo())
    house = portal.house
    down = replace(house, objects=cast("ObjectStore", _DownObjects()))
    portal.app.state.house = down
    response = await send(portal, token, photo())
    assert (response.status_code, response.headers["retry-after"]) == (503, "10")
    for _ in range(MAX_ATTEMPTS + 2):
        assert await inspect_uploads(down) == 1
        portal.clock.travel_to(portal.clock.now() + timedelta(seconds=31))
    assert (await _upload(portal, token, upload))["state"] == "QUARANTINED"
    await inspect_uploads(house)
    assert (await _upload(portal, token, upload))["state"] == "ACCEPTED"


async def test_a_client_that_hangs_up_leaves_nothing(portal: Portal) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield photo()
        raise ConnectionError

    async with portal.transaction() as session:
        owner = await factories.customer(session)
        user = await factories.user_account(session, owner)
        sender = await factories.institution(session)
    viewer = cast(
        "Viewer", type("V", (), {"id": user.id, "customer_id": owner.id, "customer_uid": owner.uid})
    )
    sent = SentFile(UploadPurpose.MESSAGE, sender.id, "a.jpg", "image/jpeg", content())
    with pytest.raises(ConnectionError):
        await receive_upload(portal.house, viewer=viewer, sent=sent)
    assert (await _rows(portal), await _objects(portal)) == ([], [])


async def test_a_hanging_inspection_refuses_the_file_while_the_server_answers(
    portal: Portal,
) -> None:
    token = await _anna(portal)
    upload = await _sent(portal, token, photo())
    inspector = InspectorProcess(command=HANGING, timeout_seconds=1.5)
    inspecting = asyncio.create_task(inspect_uploads(replace(portal.house, inspector=inspector)))
    answers = 0
    while not inspecting.done():
        assert (await _upload(portal, token, upload))["fileName"] == "Küche.heic"
        answers += 1
    assert answers > 3
    assert await inspecting == 1
    refused = await _upload(portal, token, upload)
    assert (refused["state"], refused["refusal"]) == ("REFUSED", "CHECK_FAILED")
    assert await _objects(portal) == []


async def test_a_worker_that_dies_gives_its_file_back_but_not_for_ever(portal: Portal) -> None:
    token = await _anna(portal)
    upload = await _sent(portal, token, photo())
    taken = {"leased_until": portal.clock.now() + LEASE, "attempts": 1}
    await _set(portal, taken)
    assert await inspect_uploads(portal.house) == 0
    portal.clock.travel_to(portal.clock.now() + LEASE)
    await _set(portal, {"attempts": MAX_ATTEMPTS})
    assert await inspect_uploads(portal.house) == 1
    assert (await _upload(portal, token, upload))["refusal"] == "CHECK_FAILED"


async def test_two_workers_never_inspect_the_same_file(portal: Portal) -> None:
    token = await _anna(portal)
    for _ in range(3):
        await _sent(portal, token, photo())
    counts = await asyncio.gather(*(inspect_uploads(portal.house) for _ in range(3)))
    assert sum(counts) == 3
    assert [row.attempts for row in await _rows(portal)] == [1, 1, 1]
    assert len(await _objects(portal)) == 3


class Scanner:
    """A scanner that finds what it is told, or is down."""

    def __init__(self, expected: bytes, found: str | Exception | None) -> None:
        self.expected = expected
        self.found = found

    async def find_malware(self, content: AsyncIterator[bytes]) -> str | None:
        assert b"".join([chunk async for chunk in content]) == self.expected
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.mark.parametrize(
    ("found", "state", "refusal"),
    [
        (None, "ACCEPTED", None),
        ("Eicar-Signature", "REFUSED", "MALWARE"),
        (ScannerUnavailableError("down"), "QUARANTINED", None),
    ],
)
async def test_a_scanner_has_a_say_and_nothing_passes_it_unscanned(
    portal: Portal, found: str | Exception | None, state: str, refusal: str | None
) -> None:
    token = await _anna(portal)
    upload = await _sent(portal, token, photo())
    await inspect_uploads(replace(portal.house, scanner=Scanner(photo(), found)))
    shown = await _upload(portal, token, upload)
    assert (shown["state"], shown["refusal"]) == (state, refusal)


async def test_what_nothing_uses_is_forgotten_after_a_day_with_its_object(portal: Portal) -> None:
    token = await _anna(portal)
    await _sent(portal, token, photo())
    await inspect_uploads(portal.house)
    await _sent(portal, token, photo())
    soon = datetime.now(UTC) + timedelta(minutes=61)
    assert await delete_orphans(portal.house.sessions, portal.house.objects, now=soon) == 0
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=24))
    async with portal.transaction() as session:
        await forget_old_uploads(session, clock=portal.clock)
        assert await session.scalar(select(func.count(Upload.id))) == 0
    assert await delete_orphans(portal.house.sessions, portal.house.objects, now=soon) == 2
    assert await _objects(portal) == []


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Foto.jpg", "Foto.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\Foto.jpg", "Foto.jpg"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("...", "-"),
        ("", "-"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 98),
    ],
)
def test_a_file_name_has_no_folders_and_nothing_invisible(name: str, clean: str) -> None:
    assert clean_file_name(name) == clean


async def _set(portal: Portal, values: dict[str, object]) -> None:
    async with portal.transaction() as session:
        await session.execute(
            update(Upload).where(Upload.state == UploadState.QUARANTINED).values(values)
        )


TAKEN = "{ institutions { key attachmentTypes } policy { largestAttachmentMegabytes } }"


async def test_F84_what_can_be_attached_is_told_as_the_policy_has_it(portal: Portal) -> None:
    images = ["image/jpeg", "image/png", "image/heic"]
    told = await portal.execute(TAKEN)
    assert told["policy"] == {"largestAttachmentMegabytes": 20}
    assert len(told["institutions"]) == 5
    for institution in told["institutions"]:
        assert institution["attachmentTypes"] == [*images, "application/pdf"]
    set_rule(portal.house.policy.uploads, "pdf", ("BANK", "HEALTH_FUND"))
    told = await portal.execute(TAKEN)
    taken = {one["key"]: one["attachmentTypes"] for one in told["institutions"]}
    assert (taken["sach"], taken["bank"]) == (images, [*images, "application/pdf"])
