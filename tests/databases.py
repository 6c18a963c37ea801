"""PostgreSQL databases for tests: lent, emptied and lent again, as long as nobody could tell."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

# PostgreSQL plans with as many pages for a table that nobody has analysed, however small it is.
_MOST_PAGES = 10
_STATE = """
SELECT
  (SELECT (count(*), max(xmin::text::bigint), sum(reltuples))::text FROM pg_class),
  (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_attribute WHERE attrelid >= 16384),
  (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_constraint),
  (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_trigger),
  (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_proc),
  (SELECT count(*)::text FROM pg_statistic WHERE starelid >= 16384)
"""
_FILLED = """
SELECT relname, pg_relation_size(oid) / current_setting('block_size')::int FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND pg_relation_size(oid) > 0 AND relname <> 'alembic_version'
"""
_HANG_UP = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_START_NUMBERS_ANEW = """
SELECT setval(seqrelid, seqstart, false) FROM pg_sequence
WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


class PostgresDatabases:
    """Lends copies of a migrated database.

    Creating and dropping one costs more than a small test. So a copy comes back empty, unless a
    test has changed, analysed or filled its tables: that one is dropped.
    """

    def __init__(self, template: URL) -> None:
        self._template = template.set(drivername="postgresql")
        self._free: list[_Database] = []

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Lend a database for one test, by its URL."""
        database = self._free.pop() if self._free else _Database(self._create())
        yield database.url.render_as_string(hide_password=False)
        if database.empty():
            self._free.append(database)
        else:
            database.connection.close()
            self._drop(database.url)

    @contextmanager
    def create(self) -> Iterator[str]:
        """Create a database that no other test has used or will use."""
        url = self._create()
        yield url.render_as_string(hide_password=False)
        self._drop(url)

    def close(self) -> None:
        """Let go of the databases, before their server ends."""
        while self._free:
            self._free.pop().connection.close()

    def _create(self) -> URL:
        url = self._template.set(database=f"t{uuid.uuid4().hex}")
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(str(url.database)), sql.Identifier(str(self._template.database))
            )
        )
        return url

    def _drop(self, url: URL) -> None:
        name = sql.Identifier(str(url.database))
        self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def _administer(self, statement: sql.Composed) -> None:
        with _connect(self._template.set(database="postgres")) as connection:
            connection.execute(statement)


class _Database:
    """One copy, and a connection that no test sees."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.connection = _connect(url)
        # Deleting asks neither foreign keys nor triggers, as no test's own connection could.
        self.connection.execute("SET session_replication_role = replica")
        self._new = self._state()

    def empty(self) -> bool:
        """Empty the tables; return whether the database is as good as new."""
        self.connection.execute(_HANG_UP)
        filled = self.connection.execute(_FILLED).fetchall()
        if any(pages > _MOST_PAGES for _, pages in filled) or self._state() != self._new:
            return False
        with self.connection.transaction():
            for table, _ in filled:
                self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            self.connection.execute(_START_NUMBERS_ANEW)
        return True

    def _state(self) -> tuple[Any, ...] | None:
        """Return what shows that tables were changed or analysed."""
        return self.connection.execute(_STATE).fetchone()


def _connect(url: URL) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
