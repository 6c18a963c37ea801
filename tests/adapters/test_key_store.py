from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import make_url

from backend.adapters.key_database import KeyDatabase
from backend.adapters.key_store import CustomerKeys, Keyring, create_sealer
from backend.adapters.keys_file import FileRootKey, open_root_key
from backend.ports import (
    CipherError,
    KeyDestroyedError,
    KeyMissingError,
    KeyStoreUnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

    from tests.servers import PostgresServer


class CountingRootKey:
    """A root key that counts its use and can be taken away."""

    def __init__(self, root_key: FileRootKey) -> None:
        self._root_key = root_key
        self.unwrapped = 0
        self.is_available = True

    async def wrap(self, keyset: bytes, context: Mapping[str, str]) -> bytes:
        return await self._root_key.wrap(keyset, context)

    async def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        self.unwrapped += 1
        if not self.is_available:
            raise KeyStoreUnavailableError("withdrawn")
        return await self._root_key.unwrap(wrapped, context)

    async def check(self) -> None:
        """Count nothing."""


class House:
    """Key database, root key and a clock that tests move."""

    def __init__(self, url: str, database: KeyDatabase, root_key: CountingRootKey) -> None:
        self.url = url
        self.database = database
        self.root_key = root_key
        self.now = 1000.0
        self.keyring = self.new_keyring()
        self.keys = CustomerKeys(self.keyring)

    def new_keyring(self, tenant: str = "house") -> Keyring:
        return Keyring(self.database, self.root_key, tenant=tenant, monotonic=lambda: self.now)


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncGenerator[House]:
    async with KeyDatabase(url) as database:
        root_key = await open_root_key(folder / "root.key", may_create=await database.is_empty())
        yield House(url, database, CountingRootKey(root_key))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/keys/keys.db"
    return cast("PostgresServer", request.getfixturevalue("postgres")).new_database()


@pytest.fixture
async def house(url: str, tmp_path: Path) -> AsyncGenerator[House]:
    async with opened(url, tmp_path) as house:
        yield house


async def test_a_key_survives_a_restart(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path) as house:
        key_id = await house.keys.create("anna")
        keyset = (await house.keys.load("anna")).keyset

    async with opened(url, tmp_path) as house:
        key = await house.keys.load("anna")
        assert (key.key_id, key.keyset) == (key_id, keyset)
        assert not await house.database.is_empty()


async def test_creating_again_keeps_the_first_key(house: House) -> None:
    first = await house.keys.create("anna")

    assert await house.keys.create("anna") == first


async def test_creators_at_the_same_time_get_one_key(house: House) -> None:
    key_ids = await asyncio.gather(*(house.keys.create("anna") for _ in range(10)))

    assert set(key_ids) == {(await house.keys.load("anna")).key_id}


async def test_processes_that_start_together_make_one_table(url: str) -> None:
    async def start() -> bool:
        async with KeyDatabase(url) as database:
            return await database.is_empty()

    assert await asyncio.gather(*(start() for _ in range(6))) == [True] * 6


async def test_customers_and_tenants_have_different_keys(house: House) -> None:
    elsewhere = CustomerKeys(house.new_keyring("another house"))
    await house.keys.create("anna")
    await house.keys.create("bert")
    await elsewhere.create("anna")

    keysets = {
        (await house.keys.load("anna")).keyset,
        (await house.keys.load("bert")).keyset,
        (await elsewhere.load("anna")).keyset,
    }
    assert len(keysets) == 3


async def test_an_unknown_customer_has_no_key(house: House) -> None:
    with pytest.raises(KeyMissingError):
        await house.keys.load("nobody")


async def test_a_key_stays_in_memory_for_five_minutes_and_no_longer(house: House) -> None:
    await house.keys.create("anna")
    await house.keys.load("anna")
    house.now += 299.9
    await house.keys.load("anna")
    assert house.root_key.unwrapped == 1

    house.now += 0.1
    house.root_key.is_available = False

    with pytest.raises(KeyStoreUnavailableError):
        await house.keys.load("anna")


async def test_a_key_nobody_asks_for_leaves_memory_too(house: House) -> None:
    await house.keys.create("anna")
    await house.keys.create("bert")
    await house.keys.load("anna")
    house.now += 300

    await house.keys.load("bert")

    assert list(house.keyring._cached) == ["customer:bert"]


def test_a_longer_time_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 300 s"):
        Keyring(None, None, tenant="house", cache_seconds=301)  # type: ignore[arg-type]


async def test_a_destroyed_key_is_gone_from_memory_at_once_and_never_comes_back(
    house: House,
) -> None:
    await house.keys.create("anna")
    await house.keys.load("anna")

    await house.keys.destroy("anna")
    await house.keys.destroy("anna")

    with pytest.raises(KeyDestroyedError):
        await house.keys.load("anna")
    with pytest.raises(KeyDestroyedError):
        await house.keys.create("anna")


async def test_a_customer_destroyed_before_the_first_key_never_gets_one(house: House) -> None:
    await house.keys.destroy("anna")

    with pytest.raises(KeyDestroyedError):
        await house.keys.create("anna")


async def test_a_key_loaded_while_it_is_destroyed_does_not_stay_in_memory(house: House) -> None:
    await house.keys.create("anna")
    may_go_on, is_reading = asyncio.Event(), asyncio.Event()
    unwrap = house.root_key.unwrap

    async def slow_unwrap(wrapped: bytes, context: Mapping[str, str]) -> bytes:
        is_reading.set()
        await may_go_on.wait()
        return await unwrap(wrapped, context)

    house.root_key.unwrap = slow_unwrap  # type: ignore[method-assign]
    loading = asyncio.create_task(house.keys.load("anna"))
    await is_reading.wait()
    await house.keys.destroy("anna")
    may_go_on.set()
    await loading

    with pytest.raises(KeyDestroyedError):
        await house.keys.load("anna")


async def test_a_row_moved_to_another_customer_is_refused(house: House) -> None:
    await house.keys.create("anna")
    stored = await house.database.fetch("house", "customer:anna")
    assert stored is not None
    await house.database.insert("house", "customer:bert", stored)

    with pytest.raises(CipherError):
        await house.keys.load("bert")


async def test_a_keyset_is_never_shown(house: House) -> None:
    await house.keys.create("anna")
    key = await house.keys.load("anna")
    stored = await house.database.fetch("house", "customer:anna")

    assert repr(key) == f"OwnedKey(key_id='{key.key_id}')"
    assert repr(stored) == f"StoredKeyset(key_id='{key.key_id}')"


async def test_a_working_key_store_passes_its_check(house: House) -> None:
    assert await house.keys.check() is None  # type: ignore[func-returns-value]


async def test_a_sealed_secret_opens_only_in_its_context(house: House) -> None:
    sealer = create_sealer(house.keyring)

    sealed = await sealer.seal(b"TAN 4711", b"outbox|1")

    assert b"4711" not in sealed
    assert await sealer.unseal(sealed, b"outbox|1") == b"TAN 4711"
    with pytest.raises(CipherError):
        await sealer.unseal(sealed, b"outbox|2")
    with pytest.raises(CipherError):
        await create_sealer(house.new_keyring("another house")).unseal(sealed, b"outbox|1")


async def test_sealers_at_the_same_time_share_one_key(house: House) -> None:
    sealers = [create_sealer(house.new_keyring()) for _ in range(6)]

    sealed = await asyncio.gather(*(sealer.seal(b"secret", b"") for sealer in sealers))

    assert [await sealers[0].unseal(secret, b"") for secret in sealed] == [b"secret"] * 6


async def test_destroying_leaves_no_trace_in_the_files_of_sqlite(tmp_path: Path) -> None:
    async with opened(f"sqlite+aiosqlite:///{tmp_path}/keys.db", tmp_path) as house:
        for number in range(50):
            await house.keys.create(f"customer-{number}")
        stored = await house.database.fetch("house", "customer:customer-25")
        assert stored is not None
        assert stored.wrapped is not None
        canary = stored.wrapped[20:60]
        assert canary in all_bytes(tmp_path)

        await house.keys.destroy("customer-25")

        assert canary not in all_bytes(tmp_path)
        assert (tmp_path / "keys.db-wal").stat().st_size == 0
        await house.keys.load("customer-24")


async def test_destroying_tells_when_a_reader_keeps_the_log_from_being_wiped(
    tmp_path: Path,
) -> None:
    async with opened(f"sqlite+aiosqlite:///{tmp_path}/keys.db", tmp_path) as house:
        await house.keys.create("anna")
        reader = sqlite3.connect(tmp_path / "keys.db")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM keyset").fetchall()

        with pytest.raises(KeyStoreUnavailableError, match="not wiped"):
            await house.keys.destroy("anna")

        reader.close()
        await house.keys.destroy("anna")
        assert (tmp_path / "keys.db-wal").stat().st_size == 0


async def test_destroying_leaves_no_trace_in_the_table_of_postgresql(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    async with opened(postgres.new_database(), tmp_path) as house:
        for name in ("anna", "bert"):
            await house.keys.create(name)
        stored = await house.database.fetch("house", "customer:anna")
        assert stored is not None
        assert stored.wrapped is not None
        canary = stored.wrapped[20:60]
        tables = postgres.folder / "base"
        postgres.checkpoint()
        assert canary in all_bytes(tables)

        await house.keys.destroy("anna")

        postgres.checkpoint()
        assert canary not in all_bytes(tables)
        await house.keys.load("bert")


async def test_the_key_database_is_for_its_owner_only(tmp_path: Path) -> None:
    async with opened(f"sqlite+aiosqlite:///{tmp_path}/keys/keys.db", tmp_path) as house:
        await house.keys.create("anna")

        modes = {
            file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()
        }
        assert modes == {"keys.db": 0o600, "keys.db-wal": 0o600, "keys.db-shm": 0o600}
        assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


async def test_a_key_database_that_is_down_is_unavailable(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = make_url(postgres.new_database()).set(query={"host": str(tmp_path)})
    with pytest.raises(KeyStoreUnavailableError):
        async with KeyDatabase(url.render_as_string(hide_password=False)):
            pytest.fail("connected to nothing")


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "keys.db").write_bytes(b"not a database" * 100)

    with pytest.raises(KeyStoreUnavailableError):
        async with KeyDatabase(f"sqlite+aiosqlite:///{tmp_path}/keys.db"):
            pytest.fail("opened a file that is no database")


async def test_keys_are_never_kept_in_memory_only() -> None:
    with pytest.raises(ValueError, match="needs a file"):
        async with KeyDatabase("sqlite+aiosqlite://"):
            pytest.fail("opened a database in memory")


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
