"""What is asked of growing tables, and which of it the database would answer by reading all."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from tests.portal import Portal


@contextmanager
def asked_of(portal: Portal, tables: Sequence[str]) -> Iterator[list[tuple[str, Any]]]:
    """Record what is asked of tables, with its values, as the driver gets it."""
    seen: list[tuple[str, Any]] = []

    def record(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        is_question = statement.startswith(("SELECT", "UPDATE", "DELETE"))
        if is_question and re.search(rf"\b({'|'.join(tables)})\b", statement):
            seen.append((statement, values))

    engine = portal.house.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", record)
    yield seen
    event.remove(engine, "before_cursor_execute", record)


async def scans(
    portal: Portal, asked: Sequence[tuple[str, Any]], tables: Sequence[str]
) -> list[str]:
    """Return the lines of the plans that read one of the tables from end to end."""
    scan = re.compile(rf"(?:^SCAN|Seq Scan on) ({'|'.join(tables)})\b")
    found = []
    for statement, values in asked:
        async with portal.transaction() as session:
            connection = await session.connection()
            plan = await connection.run_sync(_plan_of, statement, values)
        found += [f"{statement}: {line}" for line in plan if scan.search(line)]
    return found


def _plan_of(connection: Connection, statement: str, values: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row[3] for row in rows]
    # These tables are tiny: what counts is what the planner does when scanning is out of the way.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
