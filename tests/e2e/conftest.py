"""Fixtures: one sandbox and one Chromium for the run; a fresh browser profile for each visit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.e2e.browsing import Visits, running_browser
from tests.e2e.newcomer import create_newcomer
from tests.e2e.sandbox import Sandbox, running_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Picture the pages first: other tests open letters, which changes what the pages show."""
    items.sort(key=lambda item: "test_every_page" not in item.nodeid)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox with the demo world, and one customer who holds nothing yet."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox") / "data") as running:
        # Before the browser: Playwright keeps this thread's event loop for itself.
        asyncio.run(create_newcomer(running.data_dir))
        yield running


@pytest.fixture(scope="session")
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    """The machine's Chromium, started after the sandbox."""
    assert sandbox.url
    with running_browser() as running:
        yield running


@pytest.fixture
def visit(sandbox: Sandbox, browser: Browser) -> Iterator[Visits]:
    """Open pages; at the end, nothing may have asked another host or complained."""
    visits = Visits(browser, sandbox)
    yield visits
    assert visits.close() == []
