"""Headers of every answer, and the name under which the portal answers at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from backend.settings import Settings
from backend.web.graphiql import POLICY
from backend.web.security_headers import headers_of
from tests.portal import Portal, open_portal
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    import httpx

    from backend.clock import StoppedClock

POLICY_OF_EVERYTHING = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types kundenportal kundenportal-pdf",
}


def _policy(response: httpx.Response) -> set[str]:
    return set(response.headers["content-security-policy"].split("; "))


async def _answers(portal: Portal) -> list[httpx.Response]:
    return [
        await portal.post("{ portal { today } }"),
        await portal.post("{ nothing }"),
        await portal.client.get("/health"),
        await portal.client.get("/"),
        await portal.client.get("/unsupported.html"),
        await portal.client.get("/assets/absent.js"),
        await portal.client.get("/", headers={"Host": "evil.example"}),
    ]


async def test_every_answer_carries_the_headers(portal: Portal) -> None:
    for response in await _answers(portal):
        assert _policy(response) == POLICY_OF_EVERYTHING
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cross-origin-opener-policy"] == "same-origin"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert response.headers["permissions-policy"].startswith("camera=(self), ")
        assert response.headers["strict-transport-security"].startswith("max-age=63072000")


def test_no_part_of_the_policy_allows_inline_code_or_other_hosts() -> None:
    policy = headers_of(Settings())["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_without_https_no_browser_is_told_to_insist_on_it() -> None:
    assert "Strict-Transport-Security" not in headers_of(Settings())


async def test_answers_of_the_schema_are_never_stored(portal: Portal) -> None:
    for query in ("{ portal { today } }", "{ nothing }"):
        assert (await portal.post(query)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["evil.example", "portal.test:81", "portal.test.evil.example", "", "127.0.0.1"]
)
async def test_no_other_name_is_answered(portal: Portal, host: str) -> None:
    response = await portal.client.get("/", headers={"Host": host})
    assert response.status_code == 421
    assert response.text == "This portal is reached at https://portal.test\n"
    answer = await portal.client.post("/graphql", json={"query": "{a}"}, headers={"Host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize("host", ["portal.test", "PORTAL.test", "portal.test:443"])
async def test_our_name_is_answered_however_it_is_written(portal: Portal, host: str) -> None:
    response = await portal.client.get("/unsupported.html", headers={"Host": host})
    assert response.status_code == 200


async def test_a_probe_may_ask_for_health_by_address(portal: Portal) -> None:
    response = await portal.client.get("/health", headers={"Host": "10.0.0.7:8000"})
    assert response.status_code == 200


async def test_the_explorer_exists_in_the_sandbox_only_and_has_a_policy_of_its_own(
    settings: Settings, clock: StoppedClock, portal: Portal
) -> None:
    assert (await portal.client.get("/graphiql")).status_code == 404
    assert (await portal.client.get("/graphiql.html")).status_code == 404
    sandbox = structs.replace(settings, sandbox=True, public_url="http://localhost:8000")
    spa = settings.data_dir / "no-spa"
    spa.mkdir(parents=True, exist_ok=True)
    (spa / "graphiql.html").write_text("<!doctype html>", encoding="utf-8")
    async with open_portal(sandbox, clock) as opened:
        page = await opened.client.get("/graphiql")
        other = await opened.client.get("/health")
    assert page.text == "<!doctype html>"
    assert page.headers["content-security-policy"] == POLICY
    wider = set(POLICY.split("; ")) - POLICY_OF_EVERYTHING
    assert wider == {"style-src 'self' 'unsafe-inline'", "font-src 'self' data:"}
    assert _policy(other) == POLICY_OF_EVERYTHING
