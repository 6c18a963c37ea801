from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import pytest

from backend.adapters.aws import AwsAccount
from backend.adapters.objects_disk import DiskObjects
from backend.adapters.objects_memory import MemoryObjects
from backend.adapters.objects_s3 import PART_SIZE, S3Objects
from backend.ports import InvalidObjectKeyError, ObjectExistsError, ObjectMissingError
from tests.adapters.chunks import chunked, collect, random_bytes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from backend.ports import ObjectStore
    from tests.servers import S3Server


@pytest.fixture(params=["disk", "memory", "s3"])
async def objects(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[ObjectStore]:
    if request.param == "memory":
        yield MemoryObjects()
    elif request.param == "disk":
        async with DiskObjects(tmp_path / "objects") as disk:
            yield disk
    else:
        server = cast("S3Server", request.getfixturevalue("s3"))
        account = AwsAccount(
            region=server.region,
            endpoint_url=server.endpoint_url,
            access_key=server.access_key,
            secret_key=server.secret_key,
        )
        async with S3Objects(account, server.bucket) as bucket:
            yield bucket


@pytest.fixture
def folder() -> str:
    return f"t{uuid4().hex}"


@pytest.mark.parametrize("size", [0, 1, PART_SIZE, PART_SIZE + 1, 2 * PART_SIZE + 5])
async def test_an_object_comes_back_byte_for_byte(
    objects: ObjectStore, folder: str, size: int
) -> None:
    content = random_bytes(size)

    await objects.put(f"{folder}/a", chunked(content))

    assert await collect(objects.get(f"{folder}/a")) == content


async def test_an_absent_object_is_missing(objects: ObjectStore, folder: str) -> None:
    with pytest.raises(ObjectMissingError):
        await collect(objects.get(f"{folder}/absent"))


@pytest.mark.parametrize("size", [3, PART_SIZE + 1])
async def test_an_object_is_never_overwritten(objects: ObjectStore, folder: str, size: int) -> None:
    await objects.put(f"{folder}/a", chunked(b"first"))

    with pytest.raises(ObjectExistsError):
        await objects.put(f"{folder}/a", chunked(random_bytes(size)))

    assert await collect(objects.get(f"{folder}/a")) == b"first"
    assert [info.key async for info in objects.list(f"{folder}/")] == [f"{folder}/a"]


async def test_of_writers_racing_for_one_key_exactly_one_wins(
    objects: ObjectStore, folder: str
) -> None:
    contents = [f"writer {number}".encode() for number in range(8)]

    outcomes = await asyncio.gather(
        *(objects.put(f"{folder}/a", chunked(content)) for content in contents),
        return_exceptions=True,
    )

    winners = [content for content, out in zip(contents, outcomes, strict=True) if out is None]
    assert len(winners) == 1
    assert sum(isinstance(outcome, ObjectExistsError) for outcome in outcomes) == 7
    assert await collect(objects.get(f"{folder}/a")) == winners[0]


@pytest.mark.parametrize("size", [10, PART_SIZE + PART_SIZE // 2, 3 * PART_SIZE])
async def test_a_source_that_fails_leaves_nothing(
    objects: ObjectStore, folder: str, size: int
) -> None:
    async def failing() -> AsyncGenerator[bytes]:
        async for chunk in chunked(random_bytes(size), 1 << 20):
            yield chunk
        raise ConnectionResetError("the browser went away")

    with pytest.raises(ConnectionResetError):
        await objects.put(f"{folder}/a", failing())

    assert [info async for info in objects.list(folder)] == []
    with pytest.raises(ObjectMissingError):
        await collect(objects.get(f"{folder}/a"))


@pytest.mark.parametrize("size", [10, 2 * PART_SIZE + 1])
async def test_a_cancelled_put_leaves_nothing(objects: ObjectStore, folder: str, size: int) -> None:
    waiting = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes]:
        yield random_bytes(size)
        waiting.set()
        await asyncio.sleep(3600)

    task = asyncio.create_task(objects.put(f"{folder}/a", endless()))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert [info async for info in objects.list(folder)] == []
    await objects.put(f"{folder}/a", chunked(b"free again"))
    assert await collect(objects.get(f"{folder}/a")) == b"free again"


async def test_a_put_cancelled_at_any_moment_leaves_nothing(
    objects: ObjectStore, folder: str
) -> None:
    async def several_steps() -> AsyncGenerator[bytes]:
        for _ in range(3):
            await asyncio.sleep(0)
            yield b"x" * 1000

    outcomes = []
    for step in range(40):
        task = asyncio.create_task(objects.put(f"{folder}/{step:02}", several_steps()))
        for _ in range(step):
            await asyncio.sleep(0.0005)
        task.cancel()
        outcomes.append((await asyncio.gather(task, return_exceptions=True))[0])

    kept = sorted([info.key async for info in objects.list(folder)])
    finished = [f"{folder}/{step:02}" for step, out in enumerate(outcomes) if out is None]
    assert kept == finished
    assert any(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)


async def test_a_deleted_object_is_gone_and_deleting_it_again_is_harmless(
    objects: ObjectStore, folder: str
) -> None:
    await objects.put(f"{folder}/a", chunked(b"content"))

    await objects.delete(f"{folder}/a")
    await objects.delete(f"{folder}/a")

    with pytest.raises(ObjectMissingError):
        await collect(objects.get(f"{folder}/a"))


async def test_the_list_tells_key_size_and_time(objects: ObjectStore, folder: str) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    for number, name in enumerate(["b", "a/z", "a-b", "a/b/c", "a0"]):
        await objects.put(f"{folder}/{name}", chunked(b"x" * number))

    infos = [info async for info in objects.list(f"{folder}/")]

    assert sorted((info.key.removeprefix(f"{folder}/"), info.size) for info in infos) == [
        ("a-b", 2),
        ("a/b/c", 3),
        ("a/z", 1),
        ("a0", 4),
        ("b", 0),
    ]
    assert all(before < info.modified_at < datetime.now(UTC) for info in infos)


async def test_the_list_keeps_to_its_prefix(objects: ObjectStore, folder: str) -> None:
    for name in ["a1", "a2/x", "a3", "b1"]:
        await objects.put(f"{folder}/{name}", chunked(b""))

    found = {info.key async for info in objects.list(f"{folder}/a")}

    assert found == {f"{folder}/a1", f"{folder}/a2/x", f"{folder}/a3"}


async def test_a_list_longer_than_one_page_is_complete(objects: ObjectStore, folder: str) -> None:
    names = [f"{folder}/{number:04}" for number in range(1005)]
    for start in range(0, 1005, 50):
        batch = names[start : start + 50]
        await asyncio.gather(*(objects.put(name, chunked(b"x")) for name in batch))

    assert sorted([info.key async for info in objects.list(folder)]) == names


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "../a", "a/../b", ".drafts/a", "a b", "a\n", "ä", "a\0", "x" * 513],
)
async def test_an_impossible_key_is_refused_by_every_store(objects: ObjectStore, key: str) -> None:
    with pytest.raises(InvalidObjectKeyError):
        await objects.put(key, chunked(b"x"))
    with pytest.raises(InvalidObjectKeyError):
        await collect(objects.get(key))
    with pytest.raises(InvalidObjectKeyError):
        await objects.delete(key)


async def test_a_list_outside_the_store_is_refused(objects: ObjectStore) -> None:
    with pytest.raises(InvalidObjectKeyError):
        assert [info async for info in objects.list("../")] == []


async def test_a_working_store_passes_its_check(objects: ObjectStore, folder: str) -> None:
    assert await objects.check() is None  # type: ignore[func-returns-value]
    assert [info async for info in objects.list(folder)] == []
