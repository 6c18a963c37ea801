"""Where opened claims go: a folder of the claims department in which each appears whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


@dataclass(slots=True)
class ClaimPackage:
    """A package being written: `.UID.part/`, which becomes `UID/`: file, manifest and receipt.

    Every method blocks: call it in a thread. A package that was begun before is begun anew.
    Whoever dies after it appeared finds it there; one that was taken away meanwhile comes a second
    time, with the same uid.
    """

    out: Path
    uid: str
    size: int = 0
    sha256: str = ""

    @property
    def _part(self) -> Path:
        return self.out / f".{self.uid}.part"

    def is_there(self) -> bool:
        """Tell whether it appeared already."""
        return (self.out / self.uid / "manifest.json").exists()

    def begin(self) -> None:
        """Begin it."""
        self.out.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self.discard()
        self._part.mkdir(mode=_FOLDER_MODE)

    def write_file(self, name: str, content: bytes) -> None:
        """Write what was handed in."""
        self.size, self.sha256 = len(content), hashlib.sha256(content).hexdigest()
        _write(self._part / name, content)

    def finish(self, manifest: Mapping[str, object], receipt: bytes | None) -> None:
        """Write manifest and receipt and let it appear."""
        if receipt is not None:
            _write(self._part / "quittung.json", receipt)
        _write(self._part / "manifest.json", json.dumps(manifest, indent=1).encode())
        _sync(self._part)
        self._part.rename(self.out / self.uid)
        _sync(self.out)

    def discard(self) -> None:
        """Delete what was written of it so far."""
        shutil.rmtree(self._part, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
