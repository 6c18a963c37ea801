"""The root key in a local file: made at the first start, readable by its owner only."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from uuid import uuid4

from backend.adapters.encryption import (
    bound_to,
    decrypt_secret,
    encrypt_secret,
    new_secret_keyset,
)
from backend.adapters.streams import in_thread
from backend.ports import RootKeyRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CHECK_CONTEXT = {"purpose": "check"}


class FileRootKey:
    """Port RootKey with the keyset of a file; get one from `open_root_key`."""

    def __init__(self, keyset: bytes) -> None:
        self._keyset = keyset

    async def wrap(self, keyset: bytes, context: Mapping[str, str]) -> bytes:
        """Encrypt a keyset, bound to `context`."""
        return encrypt_secret(self._keyset, keyset, _associated_data(context))

    async def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Decrypt a keyset. Raises CipherError if it was wrapped for another context or key."""
        return decrypt_secret(self._keyset, wrapped, _associated_data(context))

    async def check(self) -> None:
        """Wrap and unwrap once; a key in memory can't be unavailable."""
        await self.unwrap(await self.wrap(b"check", _CHECK_CONTEXT), _CHECK_CONTEXT)


async def open_root_key(path: Path, *, may_create: bool) -> FileRootKey:
    """Read the root key, or make it if `may_create`.

    Pass `may_create=await key_database.is_empty()`: with keysets in the database a missing file
    means a lost or misplaced key, and a new one would hide that. Raises RootKeyRefusedError,
    then and if other users could read the file or replace it in its folder.
    """
    keyset = await in_thread(_open, path, may_create=may_create)
    root_key = FileRootKey(keyset)
    try:
        await root_key.check()
    except Exception as error:
        raise RootKeyRefusedError(f"{path} holds no root key") from error
    return root_key


def _open(path: Path, *, may_create: bool) -> bytes:
    try:
        if not path.exists():
            if not may_create:
                raise RootKeyRefusedError(
                    f"the root key {path} is missing, but the key database holds keysets that it "
                    "wrapped: restore the file; without it no document can be read"
                )
            _create(path)
        return _read(path)
    except OSError as error:
        raise RootKeyRefusedError(f"the root key {path} fails: {error.strerror}") from error


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_writable_folder(path)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            os.write(descriptor, new_secret_keyset())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            path.hardlink_to(draft)  # whole or not at all; the loser of a race reads the winner's
        except FileExistsError:
            return
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    _refuse_writable_folder(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise RootKeyRefusedError(f"other users may use the root key {path}: chmod 600 it")
        return file.read()


def _refuse_writable_folder(path: Path) -> None:
    if path.parent.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise RootKeyRefusedError(f"other users may write to the root key's folder {path.parent}")


def _associated_data(context: Mapping[str, str]) -> bytes:
    return bound_to("wrapped", *(part for item in sorted(context.items()) for part in item))
