"""The connection to S3 and KMS, or what speaks their protocol; nothing else imports aiobotocore."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import add_expect_header

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

_SERVER_ERROR = 500
_READ_SIZE = 1 << 18


class AwsError(Exception):
    """A call to S3 or KMS failed."""


class AwsUnreachableError(AwsError):
    """No usable answer in time: down, slow, cut off or failing inside."""


class AwsRefusedError(AwsError):
    """The service understood and refused; `code` is its word for why, `status` that of HTTP."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class AwsAccount:
    """Where and as whom to call; no endpoint means AWS, no access key AWS's usual chain."""

    region: str
    endpoint_url: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    connect_seconds: float = 2.0
    read_seconds: float = 2.0
    call_seconds: float = 10.0
    """Longest duration of a call with its one repetition; also bounds a body nobody takes."""


class AwsClient:
    """One service's client; `async with` holds its connections. Raises AwsError only."""

    def __init__(self, service: str, account: AwsAccount) -> None:
        self._service = service
        self._account = account
        self._context: Any = None
        self._client: Any = None

    async def __aenter__(self) -> Self:
        account = self._account
        config = AioConfig(
            signature_version="s3v4" if self._service == "s3" else None,
            s3={"addressing_style": "path"} if account.endpoint_url else None,
            connect_timeout=account.connect_seconds,
            read_timeout=account.read_seconds,
            retries={"mode": "standard", "total_max_attempts": 2},
        )
        session = get_session()
        # Before it sends a body, the HTTP client would wait for "100 Continue" without any limit.
        session.unregister("before-call.s3", add_expect_header)
        self._context = session.create_client(
            self._service,
            region_name=account.region,
            endpoint_url=account.endpoint_url,
            aws_access_key_id=account.access_key,
            aws_secret_access_key=account.secret_key,
            config=config,
        )
        self._client = await self._context.__aenter__()
        return self

    async def __aexit__(self, *failure: object) -> None:
        if self._context is not None:
            await self._context.__aexit__(*failure)

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Call an operation by its name in snake case and return the parsed answer."""
        try:
            async with asyncio.timeout(self._account.call_seconds):
                answer: Mapping[str, Any] = await getattr(self._client, operation)(**parameters)
                return answer
        except ClientError as error:
            raise _translated(error) from error
        except (BotoCoreError, aiohttp.ClientError, OSError) as error:  # OSError: also timeouts
            raise AwsUnreachableError(f"{operation}: {type(error).__name__}") from error

    async def stream(self, operation: str, **parameters: Any) -> AsyncGenerator[bytes]:
        """Call an operation and iterate over its answer's body, which must arrive whole."""
        answer = await self.call(operation, **parameters)
        missing = answer["ContentLength"]
        async with answer["Body"] as body, aclosing(body.iter_chunks(_READ_SIZE)) as chunks:
            try:
                async for chunk in chunks:
                    missing -= len(chunk)
                    yield chunk
            except (BotoCoreError, aiohttp.ClientError, OSError) as error:
                raise AwsUnreachableError(f"{operation}: {type(error).__name__}") from error
        if missing:
            raise AwsUnreachableError(f"{operation}: {missing} bytes are missing")


def _translated(error: ClientError) -> AwsError:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    code = str(error.response.get("Error", {}).get("Code", "unknown"))
    if status >= _SERVER_ERROR:
        return AwsUnreachableError(f"{code} ({status})")
    return AwsRefusedError(code, status)
