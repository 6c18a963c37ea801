"""GET /health, and operations that come while the server is still starting."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
from sqlalchemy.exc import OperationalError

from backend.app import create_app
from backend.web.late_graphql import LateGraphQL
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from backend.settings import Settings
    from backend.web.graphql import GraphQLEndpoint
    from tests.portal import Portal

WHO = {"query": "{ portal { groupName } }"}


async def test_a_portal_that_serves_is_healthy(portal: Portal) -> None:
    await portal.execute("{ viewer { id } }")
    answer = await portal.client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "up", "graphql": "up"}


async def test_a_database_that_is_down_is_told(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_sessions: object) -> None:
        raise OperationalError("BEGIN", {}, OSError("no route to host"))

    await portal.execute("{ viewer { id } }")
    monkeypatch.setattr("backend.database.reading", fail)
    answer = await portal.client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "degraded", "database": "down", "graphql": "up"}


async def test_an_operation_that_comes_too_early_waits_until_graphql_is_there(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_build = asyncio.Event()
    build = LateGraphQL._build  # held back here

    async def wait_and_build(self: LateGraphQL) -> GraphQLEndpoint:
        await may_build.wait()
        return await build(self)

    monkeypatch.setattr(LateGraphQL, "_build", wait_and_build)
    app = create_app(settings)
    async with app.router.lifespan_context(app), _client(app) as client:
        operation = asyncio.create_task(client.post("/graphql", json=WHO))
        health = await client.get("/health")
        assert (health.status_code, health.json()["graphql"]) == (200, "starting")
        assert not operation.done()
        may_build.set()
        assert (await operation).json() == {"data": {"portal": {"groupName": "Musterland"}}}


async def test_a_schema_that_cannot_be_built_is_told_and_masked(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "persisted-documents.json").write_text("no JSON", encoding="utf-8")
    app = create_app(settings, spa=tmp_path)
    async with app.router.lifespan_context(app), _client(app) as client:
        operation = await client.post("/graphql", json=WHO)
        assert operation.status_code == 500
        assert "JSON" not in operation.text
        health = await client.get("/health")
    assert health.status_code == 503
    assert health.json() == {"status": "degraded", "database": "up", "graphql": "down"}


def _client(app: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="https://portal.test")
