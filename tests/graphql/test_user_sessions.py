"""The list of sessions and the security log over GraphQL (X4, X18)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from backend.models.security_events import SecurityEvent
from backend.worker import forget_what_is_over
from tests.approving import (
    approve,
    approve_with_tan,
    ask,
    ask_for_password,
    send,
    send_tan,
)
from tests.signing_in import (
    SIGN_OUT,
    WHO_AM_I,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    confirm,
    last_tan,
    person,
    sign_in_with_passkey,
    wrong,
)

if TYPE_CHECKING:
    from tests.portal import Portal

SESSIONS = "{ viewer { sessions { id deviceName signedInAt lastUsedAt isCurrent } } }"
EVENTS = """query ($first: Int! = 20, $after: String) { viewer {
  securityEvents(first: $first, after: $after) { totalCount
    pageInfo { hasNextPage endCursor } nodes { kind occurredAt deviceName detail } } } }"""
END_OTHERS = """mutation { endOtherSessions { __typename
  ... on SessionsEnded { endedCount } ... on Refusal { message } } }"""
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"


async def _sessions(portal: Portal, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await portal.execute(SESSIONS, token=token))["viewer"][
        "sessions"
    ]
    return found


async def _events(portal: Portal, token: str, **variables: object) -> dict[str, Any]:
    data = await portal.execute(EVENTS, variables, token=token)
    found: dict[str, Any] = data["viewer"]["securityEvents"]
    return found


async def _kinds(portal: Portal, token: str) -> list[str]:
    return [event["kind"] for event in (await _events(portal, token))["nodes"]]


async def _sign_in(portal: Portal, user_agent: str = FIREFOX) -> str:
    portal.client.headers["User-Agent"] = user_agent
    challenge = (await ask_for_tan(portal))["challenge"]
    tan = await last_tan(portal)
    signed_in, _ = await confirm(portal, challenge, tan, transport="BEARER")
    token: str = signed_in["bearerToken"]
    return token


async def test_X18_sessions_are_listed_with_device_and_times(portal: Portal) -> None:
    await person(portal)
    first = await _sign_in(portal)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=2))
    second = await _sign_in(portal, "Musterland-App/1.0")
    listed = await _sessions(portal, second)
    assert listed == [
        {
            "id": listed[0]["id"],
            "deviceName": None,
            "signedInAt": "2026-11-21T11:02:00+00:00",
            "lastUsedAt": "2026-11-21T11:02:00+00:00",
            "isCurrent": True,
        },
        {
            "id": listed[1]["id"],
            "deviceName": "Firefox · Windows",
            "signedInAt": "2026-11-21T11:00:00+00:00",
            "lastUsedAt": "2026-11-21T11:00:00+00:00",
            "isCurrent": False,
        },
    ]
    assert [one["isCurrent"] for one in await _sessions(portal, first)] == [False, True]


async def test_X18_sessions_that_are_over_are_not_listed(portal: Portal) -> None:
    account = await person(portal)
    await portal.sign_in(account)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=15))
    ended = await portal.sign_in(account)
    await portal.execute(SIGN_OUT, token=ended)
    token = await portal.sign_in(account)
    assert [one["isCurrent"] for one in await _sessions(portal, token)] == [True]


async def test_X18_one_session_is_ended_without_an_approval(portal: Portal) -> None:
    account = await person(portal)
    lost = await _sign_in(portal)
    token = await portal.sign_in(account)
    wanted = next(one for one in await _sessions(portal, token) if not one["isCurrent"])
    ended = await send(portal, "endSession", {"session": wanted["id"]}, token=token)
    assert ended == {"__typename": "UserSession", "deviceName": "Firefox · Windows"}
    assert await portal.execute(WHO_AM_I, token=lost) == {"viewer": None}
    again = await send(portal, "endSession", {"session": wanted["id"]}, token=token)
    assert again["__typename"] == "NotFound"
    event = (await _events(portal, token))["nodes"][0]
    assert (event["kind"], event["detail"]) == ("SESSION_ENDED", "Firefox · Windows")


async def test_X18_ending_this_session_signs_out(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    current = (await _sessions(portal, token))[0]["id"]
    response = await portal.post(
        "mutation ($id: ID!) { endSession(input: {session: $id}) { __typename } }",
        {"id": current},
        token=token,
    )
    assert response.json() == {"data": {"endSession": {"__typename": "UserSession"}}}
    assert response.headers["set-cookie"].startswith('__Host-session=""; ')
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}


async def test_X18_another_customers_session_can_not_be_ended(portal: Portal) -> None:
    berta = await portal.sign_in(await person(portal, "berta@example.org"))
    foreign = (await _sessions(portal, berta))[0]["id"]
    token = await portal.sign_in(await person(portal))
    answers = [
        await send(portal, "endSession", {"session": text}, token=token)
        for text in (foreign, "VXNlclNlc3Npb246OTk5OQ", "nonsense")
    ]
    assert answers == [answers[0]] * 3
    assert answers[0]["__typename"] == "NotFound"
    assert (await portal.execute(WHO_AM_I, token=berta))["viewer"] is not None


async def test_X18_all_other_sessions_end_at_once(portal: Portal) -> None:
    account = await person(portal)
    others = [await portal.sign_in(account) for _ in range(3)]
    foreign = await portal.sign_in(await person(portal, "berta@example.org"))
    token = await portal.sign_in(account)
    assert await portal.execute(END_OTHERS, token=token) == {
        "endOtherSessions": {"__typename": "SessionsEnded", "endedCount": 3}
    }
    for other in others:
        assert await portal.execute(WHO_AM_I, token=other) == {"viewer": None}
    for kept in (token, foreign):
        assert (await portal.execute(WHO_AM_I, token=kept))["viewer"] is not None
    refused = await portal.execute(END_OTHERS)
    assert refused["endOtherSessions"]["__typename"] == "NotSignedIn"


async def test_X4_the_log_tells_what_happened_newest_first(portal: Portal) -> None:
    await person(portal)
    await ask_for_tan(portal, password="falsch")
    token = await _sign_in(portal)
    await add_passkey(portal, token, authenticator_for(portal))
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    await approve_with_tan(portal, token, approval, wrong(tan))
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    token = (await approve_with_tan(portal, token, approval, tan))["bearerToken"]
    page = await _events(portal, token)
    assert page["totalCount"] == 6
    assert [(event["kind"], event["detail"]) for event in page["nodes"]] == [
        ("APPROVAL_GIVEN", "Ihr Passwort ändern"),
        ("PASSWORD_CHANGED", None),
        ("APPROVAL_REFUSED", "Ihr Passwort ändern"),
        ("PASSKEY_ADDED", "Mein Telefon"),
        ("SIGNED_IN", None),
        ("SIGN_IN_FAILED", None),
    ]
    assert page["nodes"][0] == {
        "kind": "APPROVAL_GIVEN",
        "occurredAt": "2026-11-21T11:01:00+00:00",
        "deviceName": "Firefox · Windows",
        "detail": "Ihr Passwort ändern",
    }


async def test_X4_the_log_tells_changes_of_address_phone_and_passkey(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    added = await add_passkey(portal, token, authenticator_for(portal))
    approval = await ask(portal, "removePasskey", {"passkey": added["id"]}, token=token)
    token = (await approve(portal, token, approval["id"]))["bearerToken"]
    approval = await ask(portal, "changePhoneNumber", {"phoneNumber": "+436641234567"}, token=token)
    approved = await approve(portal, token, approval["id"])
    token = approved["bearerToken"]
    given = {"challenge": approved["outcome"]["challenge"], "tan": await last_tan(portal)}
    await send(portal, "confirmPhoneNumber", given, token=token)
    assert await _kinds(portal, token) == [
        "PHONE_NUMBER_CHANGED", "APPROVAL_GIVEN", "APPROVAL_GIVEN", "PASSKEY_REMOVED",
        "PASSKEY_ADDED",
    ]  # fmt: skip


async def test_X4_failed_sign_ins_of_every_kind_are_in_the_log(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    challenge = (await ask_for_tan(portal))["challenge"]
    await confirm(portal, challenge, wrong(await last_tan(portal)))
    device.user_handle = bytes(32)
    await sign_in_with_passkey(portal, device)
    await portal.execute(SIGN_OUT, token=await portal.sign_in(account))
    assert await _kinds(portal, token) == [
        "SESSION_ENDED", "SIGN_IN_FAILED", "SIGN_IN_FAILED", "PASSKEY_ADDED",
    ]  # fmt: skip


async def test_X4_the_log_is_paged_by_place_and_holds_nobody_elses(portal: Portal) -> None:
    account = await person(portal)
    await person(portal, "berta@example.org")
    for number in range(7):
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=2))
        await ask_for_tan(portal, password=f"falsch {number}")
        await ask_for_tan(portal, "berta@example.org", "falsch")
        await ask_for_tan(portal, "nobody@example.org", "falsch")
    token = await portal.sign_in(account)
    seen: list[str] = []
    after = None
    while True:
        page = await _events(portal, token, first=3, after=after)
        seen += [event["occurredAt"] for event in page["nodes"]]
        assert page["totalCount"] == 7
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"2026-11-21T11:{minute:02}:00+00:00" for minute in range(14, 0, -2)]


async def test_X4_a_refused_cursor_is_a_clients_fault(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    answer = (await portal.post(EVENTS, {"after": "bm9uc2Vuc2U"}, token=token)).json()
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_failed_sign_ins_of_nobody_are_forgotten_after_a_day(portal: Portal) -> None:
    await person(portal)
    await ask_for_tan(portal, password="falsch")
    await ask_for_tan(portal, "nobody@example.org", "falsch")
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=25))
    await forget_what_is_over(portal.house)
    async with portal.transaction() as session:
        owners = (await session.scalars(select(SecurityEvent.user_account_id))).all()
        assert await session.scalar(select(func.count()).select_from(SecurityEvent)) == 1
    assert owners != [None]
