"""Objects in a bucket of any S3 server: written whole or not at all, never overwritten."""

from __future__ import annotations

from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from backend.adapters.aws import AwsAccount, AwsClient, AwsError, AwsRefusedError
from backend.adapters.streams import finish, in_blocks
from backend.ports import (
    ObjectExistsError,
    ObjectInfo,
    ObjectMissingError,
    StoreUnavailableError,
    require_object_key,
    require_object_prefix,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

PART_SIZE = 8 << 20
"""Bytes per part; an object that fits one is written by a single call. S3 takes 10,000 parts."""

_WRITER = "writer"
_TAKEN = 412


class S3Objects:
    """Port ObjectStore in one bucket; `async with` holds the connections.

    Writing uses `If-None-Match: *`, and parts become an object only when completed. Each write
    carries a random id: after a lost answer it tells our own object from somebody else's.
    Uploads cut off by a crash stay invisible; a lifecycle rule of the bucket removes them.
    """

    def __init__(self, account: AwsAccount, bucket: str) -> None:
        self._client = AwsClient("s3", account)
        self._bucket = bucket

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._client.__aexit__(*failure)

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        """Write an object. Raises ObjectExistsError if the key is taken."""
        write = _Write(self._client, self._bucket, require_object_key(key))
        try:
            async with aclosing(in_blocks(chunks, PART_SIZE)) as parts:
                first = await anext(parts, b"")
                second = await anext(parts, None)
                # A request is never cut off by a cancellation: the server might still carry it
                # out, after we have looked for what is to be undone.
                if second is None:
                    await finish(write.at_once(first))
                else:
                    await finish(write.part(first))
                    await finish(write.part(second))
                    async for part in parts:
                        await finish(write.part(part))
                    await finish(write.complete())
        except BaseException as error:
            await finish(write.undo())
            if isinstance(error, AwsError):
                raise _unavailable(error) from error
            raise

    async def get(self, key: str) -> AsyncGenerator[bytes]:
        """Iterate over an object's bytes."""
        body = self._client.stream("get_object", Bucket=self._bucket, Key=require_object_key(key))
        try:
            async with aclosing(body):
                async for chunk in body:
                    yield chunk
        except AwsRefusedError as error:
            if error.code == "NoSuchKey":
                raise ObjectMissingError(key) from error
            raise _unavailable(error) from error
        except AwsError as error:
            raise _unavailable(error) from error

    async def delete(self, key: str) -> None:
        """Remove an object; one that is absent is no error."""
        await self._call("delete_object", Key=require_object_key(key))

    async def list(self, prefix: str = "") -> AsyncGenerator[ObjectInfo]:
        """Iterate over the objects whose key starts with `prefix`, a page of 1,000 at a time."""
        require_object_prefix(prefix)
        page: dict[str, Any] = {}
        while True:
            answer = await self._call("list_objects_v2", Prefix=prefix, **page)
            for found in answer.get("Contents", []):
                yield ObjectInfo(found["Key"], found["Size"], found["LastModified"])
            if not answer.get("IsTruncated"):
                return
            page = {"ContinuationToken": answer["NextContinuationToken"]}

    async def check(self) -> None:
        """Raise StoreUnavailableError unless the bucket can be listed with our key now."""
        await self._call("list_objects_v2", MaxKeys=1)

    async def _call(self, operation: str, **parameters: Any) -> Any:
        try:
            return await self._client.call(operation, Bucket=self._bucket, **parameters)
        except AwsError as error:
            raise _unavailable(error) from error


class _Write:
    """One write of one object: what is needed to finish it or to leave no trace of it."""

    def __init__(self, client: AwsClient, bucket: str, key: str) -> None:
        self._client = client
        self._target = {"Bucket": bucket, "Key": key}
        self._writer = uuid4().hex
        self._upload: dict[str, Any] = {}
        self._etags: list[dict[str, Any]] = []
        self._may_be_visible = False

    async def at_once(self, content: bytes) -> None:
        await self._publish(
            "put_object", Body=content, Metadata={_WRITER: self._writer}, **self._target
        )

    async def part(self, content: bytes) -> None:
        if not self._upload:
            answer = await self._client.call(
                "create_multipart_upload", Metadata={_WRITER: self._writer}, **self._target
            )
            self._upload = {**self._target, "UploadId": answer["UploadId"]}
        number = len(self._etags) + 1
        answer = await self._client.call(
            "upload_part", PartNumber=number, Body=content, **self._upload
        )
        self._etags.append({"PartNumber": number, "ETag": answer["ETag"]})

    async def complete(self) -> None:
        await self._publish(
            "complete_multipart_upload", MultipartUpload={"Parts": self._etags}, **self._upload
        )

    async def undo(self) -> None:
        if self._upload:
            with suppress(AwsError):
                await self._client.call("abort_multipart_upload", **self._upload)
        if self._may_be_visible:
            with suppress(AwsError):
                if await self._is_ours():
                    await self._client.call("delete_object", **self._target)

    async def _publish(self, operation: str, **parameters: Any) -> None:
        self._may_be_visible = True
        try:
            await self._client.call(operation, IfNoneMatch="*", **parameters)
        except AwsRefusedError as error:
            # A repetition after a lost answer finds our own object in the way.
            if await self._is_ours():
                return
            self._may_be_visible = False
            if error.status == _TAKEN:
                raise ObjectExistsError(self._target["Key"]) from error
            raise

    async def _is_ours(self) -> bool:
        try:
            answer = await self._client.call("head_object", **self._target)
        except AwsRefusedError:
            return False
        return bool(answer["Metadata"].get(_WRITER) == self._writer)


def _unavailable(error: AwsError) -> StoreUnavailableError:
    return StoreUnavailableError(f"the object store fails: {error}")
