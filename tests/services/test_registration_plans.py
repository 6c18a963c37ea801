"""Registering and linking ask by index only: nothing they do grows with the number of customers."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from backend.ids import encode_id
from backend.models.activation_codes import ActivationCode
from backend.models.customers import CustomerNumber
from backend.services.activation_codes import hash_code, make_code
from backend.worker import forget_what_is_over
from tests import factories
from tests.registering import LINK, register, run, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from tests.portal import Portal

GROWING = ("registration", "activation_code", "accepted_terms", "customer_number", "user_account")
SCAN = re.compile(rf"(?:^SCAN|Seq Scan on) ({'|'.join(GROWING)})\b")


@contextmanager
def _asked(portal: Portal) -> Iterator[list[tuple[str, Any]]]:
    """Record what is asked of the growing tables, with its values, as the driver gets it."""
    seen: list[tuple[str, Any]] = []

    def record(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        is_question = statement.startswith(("SELECT", "UPDATE", "DELETE"))
        if is_question and re.search(rf"\b({'|'.join(GROWING)})\b", statement):
            seen.append((statement, values))

    engine = portal.house.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", record)
    yield seen
    event.remove(engine, "before_cursor_execute", record)


def _plan_of(connection: Connection, statement: str, values: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row[3] for row in rows]
    # These tables are tiny: what counts is what the planner does when scanning is out of the way.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]


async def _scans(portal: Portal, asked: list[tuple[str, Any]]) -> list[str]:
    found = []
    for statement, values in asked:
        async with portal.transaction() as session:
            connection = await session.connection()
            plan = await connection.run_sync(_plan_of, statement, values)
        found += [f"{statement}: {line}" for line in plan if SCAN.search(line)]
    return found


async def test_registering_finds_everything_by_index(portal: Portal) -> None:
    for number in range(3):
        await start(portal, emailAddress=f"a{number}@example.org")
    with _asked(portal) as asked:
        await register(portal)
        await forget_what_is_over(portal.house)
    assert {statement[:6] for statement, _ in asked} == {"SELECT", "UPDATE", "DELETE"}
    assert await _scans(portal, asked) == []


async def test_linking_finds_everything_by_index(portal: Portal) -> None:
    code = make_code()
    async with portal.transaction() as session:
        seller = await factories.institution(session)
        for number in range(15):
            owner = await factories.customer(session)
            known = CustomerNumber(
                institution_id=seller.id, number=f"S{number}", customer_id=owner.id
            )
            session.add(known)
            await session.flush()
            session.add(
                ActivationCode(
                    customer_number_id=known.id,
                    code_hash=hash_code(code),
                    print_job="test",
                    attempts=0,
                    created_at=portal.clock.now(),
                    expires_at=portal.clock.now() + timedelta(days=60),
                )
            )
        account = await factories.user_account(session, await factories.customer(session))
    token = await portal.sign_in(account)
    with _asked(portal) as asked:
        linked = await run(
            portal,
            LINK,
            token=token,
            institution=encode_id("Institution", seller.id),
            customerNumber="S7",
            birthDate="1984-03-12",
            activationCode=code,
        )
    assert linked["__typename"] == "CustomerNumberLinked"
    assert any("UPDATE activation_code" in statement for statement, _ in asked)
    assert await _scans(portal, asked) == []


async def test_a_scan_would_be_noticed(portal: Portal) -> None:
    asked = [("SELECT id FROM registration WHERE given_name = 'x'", ())]
    assert len(await _scans(portal, asked)) == 1
