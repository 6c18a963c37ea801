"""Session fixation and theft: tokens are new at every sign-in and stand nowhere in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.tables import Base
from tests.signing_in import (
    WHO_AM_I,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    confirm,
    last_tan,
    person,
    sign_in_with_passkey,
)

if TYPE_CHECKING:
    from tests.portal import Portal

PRESET = "preset-by-an-attacker-0123456789abcdefghijk"


async def _database_as_text(portal: Portal) -> str:
    async with portal.transaction() as session:
        return repr(
            [(await session.execute(select(table))).all() for table in Base.metadata.sorted_tables]
        )


async def test_a_preset_cookie_never_becomes_signed_in(portal: Portal) -> None:
    await person(portal)
    cookie = {"Cookie": f"__Host-session={PRESET}"}
    asked = await ask_for_tan(portal)
    given = {"input": {"challenge": asked["challenge"], "tan": await last_tan(portal)}}
    response = await portal.post(
        "mutation ($input: ConfirmSignInInput!) { confirmSignIn(input: $input) { __typename } }",
        given,
        headers=cookie,
    )
    assert response.json()["data"]["confirmSignIn"]["__typename"] == "SignedIn"
    assert PRESET not in response.headers["set-cookie"]
    portal.client.cookies.clear()
    assert await portal.execute(WHO_AM_I, headers=cookie) == {"viewer": None}


async def test_signing_in_again_ends_the_session_that_asked(portal: Portal) -> None:
    account = await person(portal)
    old = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, old, device)
    asked = await ask_for_tan(portal)
    given = {
        "input": {
            "challenge": asked["challenge"],
            "tan": await last_tan(portal),
            "transport": "BEARER",
        }
    }
    data = await portal.execute(
        "mutation ($input: ConfirmSignInInput!) { confirmSignIn(input: $input)"
        " { ... on SignedIn { bearerToken } } }",
        given,
        token=old,
    )
    new = data["confirmSignIn"]["bearerToken"]
    assert new != old
    assert await portal.execute(WHO_AM_I, token=old) == {"viewer": None}
    assert await portal.execute(WHO_AM_I, token=new) == {"viewer": {"displayName": "Anna Beispiel"}}


async def test_a_stolen_database_holds_nothing_to_sign_in_with(portal: Portal) -> None:
    await person(portal)
    asked = await ask_for_tan(portal)
    tan = await last_tan(portal)
    signed_in, _ = await confirm(portal, asked["challenge"], tan, transport="BEARER")
    device = authenticator_for(portal)
    await add_passkey(portal, signed_in["bearerToken"], device)
    again = await sign_in_with_passkey(portal, device)
    stolen = await _database_as_text(portal)
    assert "anna@example.org" in stolen  # what is looked for would be found
    for secret in (asked["challenge"], signed_in["bearerToken"], again["bearerToken"]):
        assert secret not in stolen
    assert f"{tan} ist Ihre TAN" not in stolen


async def test_the_hash_of_a_token_is_no_token(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    async with portal.transaction() as session:
        table = Base.metadata.tables["user_session"]
        stored = await session.scalar(select(table.c.token_hash))
    assert stored != token
    assert await portal.execute(WHO_AM_I, token=stored) == {"viewer": None}
