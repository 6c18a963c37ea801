"""Private keys of the claims department in a folder of the worker's, readable by its owner only."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from backend.adapters.streams import in_thread
from backend.claim_envelope import (
    BrokenEnvelopeError,
    new_private_key,
    open_content_key,
    public_key_of,
)
from backend.claims_port import NewClaimsKey
from backend.ports import CipherError, KeyMissingError, KeyStoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from backend.claim_envelope import ClaimsKeyAlgorithm


class ClaimsKeysFolder:
    """Port ClaimsKeyHolder: a file per key, `UID.key`, with its 32 bytes or 96, nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def create(self, algorithm: ClaimsKeyAlgorithm) -> NewClaimsKey:
        """Make a key pair; its private half is durable when this returns."""
        uid, private_key = uuid4().hex, new_private_key(algorithm)
        await in_thread(self._write, uid, private_key)
        return NewClaimsKey(uid, public_key_of(private_key))

    async def open_content_key(self, uid: str, head: bytes, info: bytes) -> bytes:
        """Open the content key at the head of a sealed file."""
        private_key = await in_thread(self._read, uid)
        try:
            return open_content_key(head, private_key=private_key, info=info)
        except BrokenEnvelopeError as error:
            raise CipherError("a sealed file belongs to another key or claim") from error

    async def destroy(self, uid: str) -> None:
        """Overwrite and remove a key."""
        await in_thread(self._destroy, uid)

    def _path(self, uid: str) -> Path:
        return self._folder / f"{uid}.key"

    def _write(self, uid: str, private_key: bytes) -> None:
        with _disk_errors():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._refuse_open_folder()
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            with os.fdopen(os.open(self._path(uid), flags, 0o600), "wb") as file:
                file.write(private_key)
                file.flush()
                os.fsync(file.fileno())
            self._sync_folder()

    def _read(self, uid: str) -> bytes:
        with _disk_errors():
            self._refuse_open_folder()
            try:
                return self._path(uid).read_bytes()
            except FileNotFoundError as error:
                raise KeyMissingError(uid) from error

    def _destroy(self, uid: str) -> None:
        with _disk_errors():
            try:
                with self._path(uid).open("r+b") as file:
                    file.write(bytes(os.fstat(file.fileno()).st_size))
                    file.flush()
                    os.fsync(file.fileno())
            except FileNotFoundError:
                return
            self._path(uid).unlink()
            self._sync_folder()

    def _refuse_open_folder(self) -> None:
        if self._folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            message = f"other users may enter the folder of claims keys {self._folder}: chmod 700"
            raise KeyStoreUnavailableError(message)

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _disk_errors() -> Generator[None]:
    try:
        yield
    except OSError as error:
        message = f"the folder of claims keys fails: {error.strerror}"
        raise KeyStoreUnavailableError(message) from error
