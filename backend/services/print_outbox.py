"""The print outbox: folders of letters that appear whole, once what they tell is in the database.

`<job>/` is for the printers: PDFs and `manifest.json`. Letters are written into `.<job>.part/`
first; whoever dies between leaves that behind for the next run.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_LOCK = ".lock"
_PART = ".part"
# Letters hold codes: only whoever runs the portal reads them.
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


class PrintOutboxBusyError(Exception):
    """Another process writes into this print outbox."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a letter goes, as the institution has it."""

    customer_number: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter ready for the printers."""

    addressee: Addressee
    content: bytes


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other process out of a print outbox, which is made if need be.

    Raises:
        PrintOutboxBusyError: another one is in it.
    """
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, _FILE_MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PrintOutboxBusyError(str(folder)) from error
        yield
    finally:
        os.close(descriptor)


def write_part(folder: Path, job: str, kind: str, letters: Sequence[PrintedLetter]) -> None:
    """Write letters and their manifest where the printers don't look yet."""
    part = _part_of(folder, job)
    part.mkdir(mode=_FOLDER_MODE)
    entries = []
    for number, letter in enumerate(letters, start=1):
        name = f"{number:06}.pdf"
        _write(part / name, letter.content)
        entries.append(
            {
                "file": name,
                "sha256": hashlib.sha256(letter.content).hexdigest(),
                **asdict(letter.addressee),
            }
        )
    manifest = {"job": job, "kind": kind, "letters": entries}
    _write(part / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())


def hand_over(folder: Path, job: str) -> Path:
    """Let the printers have what was written; return its folder."""
    return _part_of(folder, job).rename(folder / job)


def unfinished_jobs(folder: Path) -> list[str]:
    """Return the jobs that were written but not handed over."""
    return sorted(path.name[1 : -len(_PART)] for path in folder.glob(f".*{_PART}"))


def discard(folder: Path, job: str) -> None:
    """Delete what was written for a job that came to nothing."""
    shutil.rmtree(_part_of(folder, job))


def _part_of(folder: Path, job: str) -> Path:
    return folder / f".{job}{_PART}"


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
