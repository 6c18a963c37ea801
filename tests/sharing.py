"""What each test's own portal would work out anew though it is always the same: done once."""

from __future__ import annotations

import functools
import gc
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.util import LRUCache

from backend import database
from backend.web.operations import Operations

if TYPE_CHECKING:
    from sqlalchemy.engine import Compiled, Dialect, Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

    from backend.web.operations import Prepared

_MOST_STATEMENTS = 5_000
_MOST_DOCUMENTS = 500


def share() -> None:
    """Share within this process; half of a small test's time would go into it otherwise."""
    _share_compiled_statements()
    _share_prepared_documents()


def leave_imports_alone() -> None:
    """Collect garbage less often, and never among modules, tables and the schema: they stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _share_compiled_statements() -> None:
    """Let engines of one kind have one dialect, by which SQLAlchemy keeps what it compiled."""
    create_engine = database.create_engine
    dialects: dict[str, Dialect] = {}
    statements: LRUCache[Any, Compiled] = LRUCache(_MOST_STATEMENTS)

    def create_sharing(url: str) -> AsyncEngine:
        created = create_engine(url)
        engine: Engine = created.sync_engine
        engine._compiled_cache = statements
        known = dialects.get(engine.name)
        if known is not None:
            engine.dialect = known
        else:
            # Good for others when it has got to know its server.
            event.listen(engine, "connect", lambda *_: dialects.setdefault(engine.name, dialect))
            dialect = engine.dialect
        return created

    database.create_engine = create_sharing


def _share_prepared_documents() -> None:
    """Keep GraphQL documents that were found valid: portals have the same schema."""
    prepare = Operations._prepare
    documents: LRUCache[tuple[object, bool, str], Prepared] = LRUCache(_MOST_DOCUMENTS)

    @functools.wraps(prepare)
    def prepare_once(self: Operations, text: str) -> Prepared:
        key = (self._schema, self._is_open, text)
        found = documents.get(key)
        if found is None:
            found = documents[key] = prepare(self, text)
        return found

    Operations._prepare = prepare_once  # type: ignore[method-assign]
