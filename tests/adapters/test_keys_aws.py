"""KMS can't be reached from a test; moto speaks its protocol but accepts any sign-in."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from backend.adapters.aws import AwsAccount
from backend.adapters.encryption import new_document_keyset
from backend.adapters.key_database import KeyDatabase
from backend.adapters.key_store import CustomerKeys, Keyring
from backend.adapters.keys_aws import KmsRootKey
from backend.ports import CipherError, KeyStoreUnavailableError
from tests.adapters.listening import listening
from tests.servers import HOST, kms_server, silent_server

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator
    from pathlib import Path

from tests.servers import KmsServer

CONTEXT = {"tenant": "house", "owner": "customer:anna", "key_id": "1"}


def account_of(server: KmsServer) -> AwsAccount:
    return AwsAccount(server.region, server.endpoint_url, "k", "s")


@pytest.fixture
async def root_key(kms: KmsServer) -> AsyncGenerator[KmsRootKey]:
    async with KmsRootKey(account_of(kms), kms.create_key()) as root_key:
        yield root_key


async def test_a_keyset_comes_back_from_kms(root_key: KmsRootKey) -> None:
    keyset = new_document_keyset()

    wrapped = await root_key.wrap(keyset, CONTEXT)

    assert keyset not in wrapped
    assert await root_key.unwrap(wrapped, CONTEXT) == keyset


async def test_kms_refuses_a_keyset_of_another_context(root_key: KmsRootKey) -> None:
    wrapped = await root_key.wrap(b"keyset", CONTEXT)

    for changed in CONTEXT:
        with pytest.raises(CipherError):
            await root_key.unwrap(wrapped, CONTEXT | {changed: "other"})


async def test_kms_refuses_a_damaged_keyset(root_key: KmsRootKey) -> None:
    wrapped = await root_key.wrap(b"keyset", CONTEXT)

    with pytest.raises(CipherError):
        await root_key.unwrap(wrapped[:-1] + bytes([wrapped[-1] ^ 1]), CONTEXT)


async def test_an_unknown_root_key_is_unavailable(kms: KmsServer) -> None:
    unknown = "00000000-0000-0000-0000-000000000000"
    async with KmsRootKey(account_of(kms), unknown) as root_key:
        with pytest.raises(KeyStoreUnavailableError, match="NotFoundException"):
            await root_key.check()


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("IncorrectKeyException", CipherError),
        ("DisabledException", KeyStoreUnavailableError),
        ("AccessDeniedException", KeyStoreUnavailableError),
        ("ThrottlingException", KeyStoreUnavailableError),
    ],
)
async def test_an_answer_tells_a_wrong_key_from_a_withdrawn_one(
    code: str, error: type[Exception]
) -> None:
    async with refusing_with(code) as endpoint:
        account = AwsAccount("eu-central-1", endpoint, "k", "s")
        async with KmsRootKey(account, "key") as root_key:
            with pytest.raises(error) as caught:
                await root_key.unwrap(b"wrapped", CONTEXT)

    assert type(caught.value) is error


@asynccontextmanager
async def refusing_with(code: str) -> AsyncGenerator[str]:
    """Answer as KMS documents it, where moto is more lenient or uses other words."""
    body = json.dumps({"__type": code, "message": "refused"}).encode()
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + body)
        await writer.drain()

    async with listening(serve) as port:
        yield f"http://{HOST}:{port}"


async def test_a_silent_kms_is_given_up() -> None:
    with silent_server() as port:
        account = AwsAccount("eu-central-1", f"http://{HOST}:{port}", "k", "s", read_seconds=0.1)
        async with KmsRootKey(account, "key") as root_key:
            with pytest.raises(KeyStoreUnavailableError):
                await root_key.wrap(b"keyset", CONTEXT)


async def test_customers_keys_work_with_kms_and_outlive_its_outage_in_memory(
    tmp_path: Path,
) -> None:
    with kms_server(tmp_path) as kms:
        async with (
            KmsRootKey(account_of(kms), kms.create_key()) as root_key,
            KeyDatabase(f"sqlite+aiosqlite:///{tmp_path}/keys.db") as database,
        ):
            keys = CustomerKeys(Keyring(database, root_key, tenant="house"))
            await keys.create("anna")
            await keys.create("bert")
            loaded = await keys.load("anna")

            kms.kill()

            assert await keys.load("anna") == loaded
            with pytest.raises(KeyStoreUnavailableError):
                await keys.load("bert")
            with pytest.raises(KeyStoreUnavailableError):
                await keys.create("clara")
            assert await database.fetch("house", "customer:clara") is None
