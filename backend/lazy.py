"""Modules that cost start time, loaded when something of them is first used."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def lazy_module(name: str) -> ModuleType:
    """Return a module that is executed at its first attribute access.

    For libraries that few requests need. Type checkers don't see through it, so that a user
    writes `if TYPE_CHECKING: import x` and `else: x = lazy_module("x")`.
    """
    if name in sys.modules:
        return sys.modules[name]  # an import would look into it, and so execute it
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name=name)
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
