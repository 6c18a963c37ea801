"""Where tests put files that nobody keeps: into memory where there is room, else on the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108  # only if it is a file system of its own with room
_ROOM = 4 * 1024**3


def use_memory() -> None:
    """Let temporary files of this process and its children lie in memory.

    Each test has databases of its own: on a disk, creating their files and syncing what nobody
    reads after a power cut takes longer than the tests. Whoever sets TMPDIR decides instead.
    """
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK) or not _MEMORY.is_mount():
        return
    if shutil.disk_usage(_MEMORY).free >= _ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)
