"""2,000 generated operations, signed in: no server error and no defect.

Schemathesis generates the cases from the printed schema; they go to the ASGI app in process, as
its own transport would start the portal anew for each.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import schemathesis
from graphql import StringValueNode
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.schema.printing import printed_schema
from tests import factories
from tests.portal import Portal, open_portal
from tests.security import canary_world
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    import pytest

    from backend.clock import StoppedClock
    from backend.settings import Settings

CASES = 2000

ODD_DATES = ["0001-01-01", "9999-12-31", "2026-02-30", "20260101", "today", ""]
ODD_NUMBERS = ["NaN", "Infinity", "1E+999999", "0.00001", "-0", "१२", ""]


# Most generated page sizes are refused before anything runs: keep those near the limits only.
PAGE = re.compile(r"first: (-?\d+)")


def _reachable_page(found: re.Match[str]) -> str:
    return found[0] if -1 <= int(found[1]) <= 101 else "first: 7"


def _texts(values: st.SearchStrategy[str]) -> st.SearchStrategy[StringValueNode]:
    return values.map(lambda text: StringValueNode(value=text))


schemathesis.graphql.scalar(
    "Date", _texts(st.dates().map(date.isoformat) | st.sampled_from(ODD_DATES))
)
schemathesis.graphql.scalar(
    "Decimal",
    _texts(st.decimals(allow_nan=False, places=2).map(str) | st.sampled_from(ODD_NUMBERS)),
)
schemathesis.graphql.scalar(
    "DateTime", _texts(st.just(datetime(2026, 1, 1, tzinfo=UTC).isoformat()))
)


async def _sign_in(portal: Portal) -> str:
    async with portal.transaction() as session:
        owner = await factories.customer(session)
        account = await canary_world.plant(session, portal.house, owner)
    return await portal.sign_in(account)


def test_2000_generated_operations_meet_no_defect(
    settings: Settings,
    clock: StoppedClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts: Counter[str] = Counter()
    with asyncio.Runner() as runner:
        opened = open_portal(settings, clock)
        portal = runner.run(opened.__aenter__())
        token = runner.run(_sign_in(portal))

        @hypothesis_settings(
            max_examples=CASES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=schemathesis.graphql.from_file(printed_schema()).as_strategy())
        def send(case: schemathesis.Case[Any]) -> None:
            document = PAGE.sub(_reachable_page, str(case.body))
            # A case that signs out would leave the others signed out.
            bearer = None if "signOut" in document else token
            response = runner.run(portal.post(document, token=bearer))
            counts[f"{response.status_code}"] += 1
            errors = response.json().get("errors", [])
            codes = {error["extensions"]["code"] for error in errors}
            counts.update(codes)
            assert response.status_code < 500, (document, response.text)
            assert "INTERNAL" not in codes, (document, response.text)

        send()
        runner.run(opened.__aexit__(None, None, None))
    with capsys.disabled():
        print(f"\ngenerated operations by status and code: {dict(counts)}")  # noqa: T201
    assert counts["200"] + counts["400"] >= CASES
    assert counts["200"] >= 0.8 * CASES
