"""Running random histories against one open portal; hypothesis itself knows no event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from hypothesis import HealthCheck, given, settings

from backend.settings import Settings
from tests.portal import open_portal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

    from backend.clock import StoppedClock
    from tests.portal import Portal

T = TypeVar("T")


def live_histories(
    live: Callable[[Portal, T], Awaitable[None]],
    histories: SearchStrategy[T],
    *,
    examples: int,
    database_url: str,
    folder: Path,
    clock: StoppedClock,
) -> None:
    """Let so many histories happen, one after the other; `live` fails where a rule is broken."""
    with asyncio.Runner() as runner:
        opened = open_portal(
            Settings(
                data_dir=folder / "data",
                database_url=database_url,
                public_url="https://portal.test",
                worker_in_process=False,
            ),
            clock,
        )
        portal = runner.run(opened.__aenter__())

        @settings(
            max_examples=examples,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(history=histories)
        def the_rule_holds(history: T) -> None:
            async def run() -> None:
                await live(portal, history)

            runner.run(run())

        the_rule_holds()
        runner.run(opened.__aexit__(None, None, None))
