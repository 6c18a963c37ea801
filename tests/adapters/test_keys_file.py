from __future__ import annotations

import asyncio
import stat
from typing import TYPE_CHECKING

import pytest

from backend.adapters.keys_file import open_root_key
from backend.ports import CipherError, RootKeyRefusedError

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = {"tenant": "house", "owner": "customer:anna", "key_id": "1"}


async def test_the_first_start_makes_a_root_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "root.key"

    root_key = await open_root_key(path, may_create=True)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["root.key"]
    assert await root_key.unwrap(await root_key.wrap(b"keyset", CONTEXT), CONTEXT) == b"keyset"


async def test_later_starts_use_the_same_root_key(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    wrapped = await (await open_root_key(path, may_create=True)).wrap(b"keyset", CONTEXT)
    content = path.read_bytes()

    again = await open_root_key(path, may_create=True)

    assert await again.unwrap(wrapped, CONTEXT) == b"keyset"
    assert path.read_bytes() == content


async def test_processes_that_start_together_agree_on_one_root_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "root.key"

    keys = await asyncio.gather(*(open_root_key(path, may_create=True) for _ in range(12)))

    wrapped = await keys[0].wrap(b"keyset", CONTEXT)
    assert [await key.unwrap(wrapped, CONTEXT) for key in keys] == [b"keyset"] * 12
    assert [file.name for file in path.parent.iterdir()] == ["root.key"]


async def test_a_missing_root_key_beside_existing_keysets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RootKeyRefusedError, match="restore the file"):
        await open_root_key(tmp_path / "root.key", may_create=False)

    assert not (tmp_path / "root.key").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
async def test_a_root_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "root.key"
    await open_root_key(path, may_create=True)
    path.chmod(mode)

    with pytest.raises(RootKeyRefusedError, match="chmod 600"):
        await open_root_key(path, may_create=True)


async def test_a_root_key_in_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "root.key"
    await open_root_key(path, may_create=True)
    path.parent.chmod(0o777)

    with pytest.raises(RootKeyRefusedError, match="folder"):
        await open_root_key(path, may_create=True)


@pytest.mark.parametrize("content", [b"", b"not a keyset", bytes(100)])
async def test_a_file_that_is_no_root_key_is_refused_and_kept(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "root.key"
    path.touch(mode=0o600)
    path.write_bytes(content)

    with pytest.raises(RootKeyRefusedError, match="holds no root key"):
        await open_root_key(path, may_create=True)

    assert path.read_bytes() == content


async def test_a_keyset_is_bound_to_its_context_and_root_key(tmp_path: Path) -> None:
    root_key = await open_root_key(tmp_path / "root.key", may_create=True)
    other_key = await open_root_key(tmp_path / "other.key", may_create=True)
    wrapped = await root_key.wrap(b"keyset", CONTEXT)

    for changed in ("tenant", "owner", "key_id"):
        with pytest.raises(CipherError):
            await root_key.unwrap(wrapped, CONTEXT | {changed: "other"})
    with pytest.raises(CipherError):
        await other_key.unwrap(wrapped, CONTEXT)
