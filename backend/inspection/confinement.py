"""What the inspecting process can still do: nearly nothing, and the kernel sees to it."""

from __future__ import annotations

import contextlib
import ctypes
import resource
import signal

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
WALL_SECONDS = 40
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38


def limit_resources() -> None:
    """Limit memory, CPU and time, and refuse files and core dumps; none can be raised again."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # Ends the process even if nobody is left to kill it.
    signal.alarm(WALL_SECONDS)


def refuse_surroundings() -> None:
    """From here on no descriptor can be opened: no file, no socket, no pipe, no program.

    A network namespace of its own and no new privileges come on top where the kernel permits;
    containers often don't.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
