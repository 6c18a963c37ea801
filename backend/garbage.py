"""The garbage collector's view of what a long-running process builds at its start."""

from __future__ import annotations

import gc


def pause() -> None:
    """Don't collect while the process starts.

    What it builds now (modules, tables, the schema) is no garbage, and looking through it again
    and again while it grows takes a fifth of the start.
    """
    gc.disable()


def resume() -> None:
    """Collect again, but never look at what the start has built: it lasts like the process.

    Before the shipped documents are read: that leaves 14 MB of garbage and keeps one.
    """
    gc.freeze()
    gc.enable()


def collect_recent() -> None:
    """Free what the last step left, so that the next one needs no more memory.

    A process hardly gives back what it once took.
    """
    gc.collect(1)
