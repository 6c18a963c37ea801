"""The garbage collector's view of what a long-running process builds at its start."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def start_without_collecting() -> Iterator[None]:
    """Build what lasts as long as the process: modules, tables, the schema.

    None of it becomes garbage. Looking through it again and again while it grows takes a fifth of
    the start, and later a part of every full collection; so it is set aside for good.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
