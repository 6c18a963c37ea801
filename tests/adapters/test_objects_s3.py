from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from backend.adapters.aws import AwsAccount, AwsClient
from backend.adapters.objects_s3 import PART_SIZE, S3Objects
from backend.ports import ObjectExistsError, ObjectMissingError, StoreUnavailableError
from tests.adapters.chunks import MIB, chunked, collect, random_bytes
from tests.adapters.listening import listening
from tests.servers import HOST, s3_server, silent_server

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from pathlib import Path

    from tests.servers import S3Server

LARGE = random_bytes(4 * PART_SIZE)


def account_of(server: S3Server, **changes: Any) -> AwsAccount:
    values: dict[str, Any] = {
        "region": server.region,
        "endpoint_url": server.endpoint_url,
        "access_key": server.access_key,
        "secret_key": server.secret_key,
    }
    return AwsAccount(**(values | changes))


@pytest.fixture
def own_s3(tmp_path: Path) -> Generator[S3Server]:
    """A server that the test may kill."""
    with s3_server(tmp_path) as server:
        yield server


async def recovered(objects: S3Objects, key: str) -> bytes:
    """Read an object from a server that has just restarted and may answer 500 for a moment."""
    for _ in range(100):
        try:
            return await collect(objects.get(key))
        except StoreUnavailableError:
            await asyncio.sleep(0.1)
    return await collect(objects.get(key))


@asynccontextmanager
async def answering(respond: Callable[[bytes], bytes]) -> AsyncGenerator[str]:
    """Run a server that answers the head of each request by hand and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(respond(head))
        await writer.drain()

    async with listening(serve) as port:
        yield f"http://{HOST}:{port}"


async def test_a_wrong_secret_is_refused(s3: S3Server) -> None:
    async with S3Objects(account_of(s3, secret_key="wrong"), s3.bucket) as objects:
        with pytest.raises(StoreUnavailableError, match="SignatureDoesNotMatch"):
            await objects.check()
        with pytest.raises(StoreUnavailableError, match="SignatureDoesNotMatch"):
            await objects.put("refused/a", chunked(b"x"))
        with pytest.raises(StoreUnavailableError, match="SignatureDoesNotMatch"):
            await collect(objects.get("refused/a"))

    async with S3Objects(account_of(s3), s3.bucket) as objects:
        assert [info async for info in objects.list("refused")] == []


async def test_an_unknown_access_key_is_refused(s3: S3Server) -> None:
    async with S3Objects(account_of(s3, access_key="nobody"), s3.bucket) as objects:
        with pytest.raises(StoreUnavailableError, match="InvalidAccessKeyId"):
            await objects.check()


async def test_a_missing_bucket_is_unavailable_not_empty(s3: S3Server) -> None:
    async with S3Objects(account_of(s3), "no-such-bucket") as objects:
        with pytest.raises(StoreUnavailableError, match="NoSuchBucket"):
            await collect(objects.get("a"))
        with pytest.raises(StoreUnavailableError, match="NoSuchBucket"):
            assert [info async for info in objects.list()] == []


async def test_a_failed_source_leaves_no_upload_behind(s3: S3Server) -> None:
    async def failing() -> AsyncGenerator[bytes]:
        async for chunk in chunked(LARGE, MIB):
            yield chunk
        raise ConnectionResetError("the browser went away")

    async with S3Objects(account_of(s3), s3.bucket) as objects:
        with pytest.raises(ConnectionResetError):
            await objects.put("uploads/a", failing())

    async with AwsClient("s3", account_of(s3)) as client:
        answer = await client.call("list_multipart_uploads", Bucket=s3.bucket, Prefix="uploads/")
    assert answer.get("Uploads", []) == []


async def test_a_server_killed_while_writing_leaves_no_object(own_s3: S3Server) -> None:
    async def killing() -> AsyncGenerator[bytes]:
        async for chunk in chunked(LARGE[: 3 * PART_SIZE], MIB):
            yield chunk
        own_s3.kill()
        yield LARGE

    async with S3Objects(account_of(own_s3), own_s3.bucket) as objects:
        await objects.put("a", chunked(b"before"))
        with pytest.raises(StoreUnavailableError):
            await objects.put("b", killing())
        with pytest.raises(StoreUnavailableError):
            await objects.check()

        own_s3.start()

        assert await recovered(objects, "a") == b"before"
        assert [info.key async for info in objects.list()] == ["a"]
        with pytest.raises(ObjectMissingError):
            await collect(objects.get("b"))
        await objects.put("b", chunked(LARGE))
        assert await collect(objects.get("b")) == LARGE


async def test_a_server_killed_while_reading_is_an_error_not_a_short_object(
    own_s3: S3Server,
) -> None:
    async with S3Objects(account_of(own_s3), own_s3.bucket) as objects:
        await objects.put("a", chunked(LARGE))
        reader = objects.get("a")
        received = len(await anext(reader))

        own_s3.kill()
        with pytest.raises(StoreUnavailableError):
            received += len(await collect(reader))
        assert received < len(LARGE)

        own_s3.start()
        assert await recovered(objects, "a") == LARGE


async def test_a_body_cut_short_is_an_error() -> None:
    def cut(_head: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"

    async with (
        answering(cut) as endpoint,
        S3Objects(AwsAccount("eu-central-1", endpoint, "k", "s"), "docs") as objects,
    ):
        with pytest.raises(StoreUnavailableError):
            await collect(objects.get("a"))


async def test_a_server_error_is_unavailable() -> None:
    def fail(_head: bytes) -> bytes:
        return b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    async with (
        answering(fail) as endpoint,
        S3Objects(AwsAccount("eu-central-1", endpoint, "k", "s"), "docs") as objects,
    ):
        with pytest.raises(StoreUnavailableError, match="503"):
            await objects.delete("a")


async def test_a_silent_server_is_given_up() -> None:
    with silent_server() as port:
        account = AwsAccount("eu-central-1", f"http://{HOST}:{port}", "k", "s", read_seconds=0.1)
        async with S3Objects(account, "docs") as objects:
            with pytest.raises(StoreUnavailableError):
                await objects.check()
            with pytest.raises(StoreUnavailableError):
                await objects.put("a", chunked(b"x"))


async def test_a_body_that_nobody_takes_is_given_up() -> None:
    with silent_server() as port:
        account = AwsAccount(
            "eu-central-1", f"http://{HOST}:{port}", "k", "s", read_seconds=60, call_seconds=0.3
        )
        async with S3Objects(account, "docs") as objects:
            with pytest.raises(StoreUnavailableError):
                await objects.put("a", chunked(random_bytes(PART_SIZE)))


async def test_a_refused_connection_is_unavailable() -> None:
    with silent_server() as port:
        closed = port
    account = AwsAccount("eu-central-1", f"http://{HOST}:{closed}", "k", "s")
    async with S3Objects(account, "docs") as objects:
        with pytest.raises(StoreUnavailableError):
            await objects.check()


@pytest.mark.parametrize("size", [5, PART_SIZE + 1])
async def test_a_lost_answer_is_not_mistaken_for_a_taken_key(s3: S3Server, size: int) -> None:
    """The repetition of a write whose answer was lost meets its own object."""
    content = random_bytes(size)
    async with (
        forgetful_proxy(s3) as endpoint,
        S3Objects(account_of(s3, endpoint_url=endpoint), s3.bucket) as objects,
    ):
        await objects.put(f"lost/{size}", chunked(content))

        assert await collect(objects.get(f"lost/{size}")) == content
        with pytest.raises(ObjectExistsError):
            await objects.put(f"lost/{size}", chunked(content))


@asynccontextmanager
async def forgetful_proxy(s3: S3Server) -> AsyncGenerator[str]:
    """Pass requests on, but drop the first answer to each request that makes an object visible."""
    target = int(s3.endpoint_url.rpartition(":")[2])
    dropped: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_content_length(head))
        upstream, sender = await asyncio.open_connection(HOST, target)
        sender.write(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1) + body)
        answer = await upstream.read()
        sender.close()
        if b"if-none-match" in head.lower() and not dropped:
            dropped.append(head)
        else:
            writer.write(answer)
            await writer.drain()

    async with listening(serve, limit=2 * PART_SIZE) as port:
        yield f"http://{HOST}:{port}"
    assert len(dropped) == 1


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
