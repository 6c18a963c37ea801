"""No other site can make a customer's browser act here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import Response

from backend.models.sign_in import UserSession
from backend.web import session_cookie
from tests import factories
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from tests.portal import Portal

OURS = "https://portal.test"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://portal.test",
        "https://portal.test:8443",
        "https://portal.test.evil.example",
        "https://evil-portal.test",
        "https://sub.portal.test",
        "null",
        "",
        "https://PORTAL.test/",
    ],
)
async def test_a_foreign_origin_is_refused(portal: Portal, origin: str) -> None:
    response = await portal.post("{ portal { today } }", headers={"Origin": origin})
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "ORIGIN"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_a_request_from_another_site_is_refused(portal: Portal, site: str) -> None:
    headers = {"Origin": OURS, "Sec-Fetch-Site": site}
    response = await portal.post("{ portal { today } }", headers=headers)
    assert response.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": OURS},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": OURS, "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_our_own_pages_and_apps_are_answered(portal: Portal, headers: dict[str, str]) -> None:
    response = await portal.post("{ portal { isSandbox } }", headers=headers)
    assert response.json() == {"data": {"portal": {"isSandbox": False}}}


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_forged_sign_out_changes_nothing(portal: Portal, headers: dict[str, str]) -> None:
    async with portal.transaction() as session:
        account = await factories.user_account(session, await factories.customer(session))
    token = await portal.sign_in(account)
    cookie = {"Cookie": f"{session_cookie.COOKIE}={token}"}
    sign_out = "mutation { signOut { isSignedOut } }"
    assert (await portal.post(sign_out, headers=headers | cookie)).status_code == 403
    async with portal.transaction() as session:
        stored = await session.get(UserSession, 1)
        assert stored is not None
        assert stored.ended_at is None


async def test_get_never_reaches_a_mutation(portal: Portal) -> None:
    response = await portal.client.get(
        "/graphql", params={"query": "mutation { signOut { isSignedOut } }"}
    )
    assert response.status_code in (404, 405)


async def test_a_form_cannot_speak_graphql(portal: Portal) -> None:
    response = await portal.client.post(
        "/graphql", data={"query": "{ portal { today } }"}, headers={"Origin": OURS}
    )
    assert response.status_code == 415


async def test_no_answer_invites_other_origins(portal: Portal) -> None:
    preflight = await portal.client.options(
        "/graphql",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    answer = await portal.post("{ portal { today } }")
    for response in (preflight, answer):
        assert not [name for name in response.headers if name.startswith("access-control-")]


def test_the_cookie_stays_with_host_and_site() -> None:
    response = Response()
    session_cookie.set_cookie(response, "token")
    parts = {part.strip() for part in response.headers["set-cookie"].split(";")}
    assert parts == {"__Host-session=token", "HttpOnly", "Path=/", "SameSite=strict", "Secure"}
