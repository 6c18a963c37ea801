"""Folders for others to fetch, each whole or not there, once what they tell is in the database.

`<job>/` is for them. Its files are written into `.<job>.part/` first; whoever dies between leaves
that behind for the next run.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LOCK = ".lock"
_PART = ".part"
# Personal data, and codes in letters: only whoever runs the portal reads them.
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


class FolderBusyError(Exception):
    """Another process writes into this folder."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other process out of a folder of jobs, which is made if need be.

    Raises:
        FolderBusyError: another one is in it.
    """
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, _FILE_MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderBusyError(str(folder)) from error
        yield
    finally:
        os.close(descriptor)


def write_part(folder: Path, job: str, files: Mapping[str, bytes]) -> None:
    """Write the files of a job where nobody looks yet."""
    part = _part_of(folder, job)
    part.mkdir(mode=_FOLDER_MODE)
    for name, content in files.items():
        _write(part / name, content)


def hand_over(folder: Path, job: str) -> Path:
    """Let the others have what was written; return its folder."""
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
