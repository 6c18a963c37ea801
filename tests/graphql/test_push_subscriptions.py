"""Notices in browsers: asked for, sent beside the mail, ended with their session (X3)."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, update

from backend.models.deletions import DeletionReason
from backend.models.notices import Notice, NoticeChannel
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.print_orders import PrintOrder
from backend.models.push_subscriptions import PushSubscription
from backend.models.user_accounts import Locale, UserAccount
from backend.services.claim_notices import tell_customer
from backend.services.outbox_delivery import deliver_mails, deliver_pushes
from backend.services.push_subscriptions import MOST, forget_ended_subscriptions
from backend.services.user_account_deletion import begin_deletion, finish_deletions
from tests.noticing import reader
from tests.pushing import (
    FIREFOX,
    SUBSCRIBE,
    SUBSCRIPTIONS,
    UNSUBSCRIBE,
    FakeBrowser,
    PushService,
    from_base64url,
    push_service,
    web_push,
)
from tests.signing_in import CaughtMail

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.noticing import Reader
    from tests.portal import Portal

PUSH_KEY = "{ portal { pushKey } }"
SIGN_OUT = "mutation { signOut { isSignedOut } }"


@asynccontextmanager
async def _served(portal: Portal) -> AsyncIterator[PushService]:
    """Let the portal under test send to a push service on this machine."""
    before = portal.app.state.house
    async with (
        push_service() as service,
        web_push(before.settings, portal.clock, service.url) as sender,
    ):
        portal.app.state.house = replace(before, push=sender)
        yield service
        portal.app.state.house = before


async def _subscribe(portal: Portal, browser: FakeBrowser, token: str) -> dict[str, Any]:
    data = await portal.execute(SUBSCRIBE, browser.given, token=token)
    answer: dict[str, Any] = data["subscribeToPush"]
    return answer


async def _subscriptions(portal: Portal, token: str) -> list[dict[str, Any]]:
    data = await portal.execute(SUBSCRIPTIONS, token=token)
    found: list[dict[str, Any]] = data["viewer"]["pushSubscriptions"]
    return found


async def _push(portal: Portal) -> None:
    await deliver_pushes(portal.app.state.house)


async def _rows(portal: Portal) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count(PushSubscription.id))) or 0


async def _pushed(portal: Portal) -> list[OutboxMessage]:
    async with portal.transaction() as session:
        pushes = select(OutboxMessage).where(OutboxMessage.topic == OutboxTopic.PUSH)
        return list(await session.scalars(pushes.order_by(OutboxMessage.id)))


async def _push_notices(anna: Reader, name: str) -> list[dict[str, Any]]:
    notices = (await anna.letters())[name]["notices"]
    return [notice for notice in notices if notice["channel"] == "PUSH"]


async def test_X3_the_portal_tells_its_key_and_keeps_it(portal: Portal) -> None:
    first = await portal.execute(PUSH_KEY)
    assert await portal.execute(PUSH_KEY) == first
    assert len(from_base64url(first["portal"]["pushKey"])) == 65


async def test_X3_without_push_services_none_is_offered(portal: Portal, tmp_path: Path) -> None:
    anna = await reader(portal, tmp_path)
    async with web_push(portal.house.settings, portal.clock) as sender:
        portal.app.state.house = replace(portal.house, push=sender)
        assert await portal.execute(PUSH_KEY) == {"portal": {"pushKey": None}}
        answer = await _subscribe(portal, FakeBrowser(), await anna.token())
    assert answer["__typename"] == "InvalidInput"
    assert await _rows(portal) == 0


async def test_X3_asking_again_is_the_same_subscription_and_ending_twice_is_done(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    token, browser = await anna.token(), FakeBrowser()
    first = await _subscribe(portal, browser, token)
    assert await _subscribe(portal, browser, token) == first
    other = await _subscribe(portal, FakeBrowser(FIREFOX + "other"), await anna.token())
    assert first == {
        "__typename": "PushSubscription",
        "id": first["id"],
        "deviceName": None,
        "isCurrent": True,
    }
    shown = await _subscriptions(portal, token)
    assert [(one["id"], one["isCurrent"]) for one in shown] == [
        (other["id"], False),
        (first["id"], True),
    ]
    for _ in range(2):
        ended = await portal.execute(UNSUBSCRIBE, {"id": first["id"]}, token=token)
        assert ended["unsubscribeFromPush"]["subscriptions"] == [{"id": other["id"]}]
    assert await _rows(portal) == 1


async def test_X3_another_customers_browser_stays_and_answers_as_none(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    bert = await reader(portal, tmp_path, "leben", email_address="bert@example.org")
    browser = FakeBrowser()
    hers = await _subscribe(portal, browser, await anna.token())
    token = await bert.token()
    foreign = await portal.execute(UNSUBSCRIBE, {"id": hers["id"]}, token=token)
    absent = await portal.execute(UNSUBSCRIBE, {"id": "nonsense"}, token=token)
    assert foreign == absent
    assert await _rows(portal) == 1
    # The same browser may show the notices of both.
    his = await _subscribe(portal, browser, token)
    assert his["id"] != hers["id"]
    assert [one["id"] for one in await _subscriptions(portal, token)] == [his["id"]]
    assert await _rows(portal) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"endpoint": "https://evil.example/abc"},
        {"endpoint": "http://127.0.0.1/abc"},
        {"auth": "AAAA"},
        {"auth": "ä"},
        {"p256dh": "no key"},
    ],
)
async def test_X3_what_no_browser_says_is_refused(
    portal: Portal, tmp_path: Path, given: dict[str, str]
) -> None:
    anna = await reader(portal, tmp_path)
    variables = FakeBrowser().given
    variables["input"] |= given
    data = await portal.execute(SUBSCRIBE, variables, token=await anna.token())
    (problem,) = data["subscribeToPush"]["fields"]
    assert problem["path"] == ["endpoint"]
    assert "E-Mails" in problem["message"]
    assert await _rows(portal) == 0


async def test_X3_what_is_stored_of_a_browser_is_sealed(portal: Portal, tmp_path: Path) -> None:
    anna = await reader(portal, tmp_path)
    browser = FakeBrowser(FIREFOX + "canary")
    await _subscribe(portal, browser, await anna.token())
    async with portal.transaction() as session:
        (row,) = await session.scalars(select(PushSubscription))
    assert b"canary" not in row.sealed
    assert "canary" not in row.endpoint_hash
    assert browser.auth not in row.sealed


async def test_X3_only_so_many_browsers_show_notices(portal: Portal, tmp_path: Path) -> None:
    anna = await reader(portal, tmp_path)
    answers = [
        await _subscribe(portal, FakeBrowser(f"{FIREFOX}{number}"), await anna.token())
        for number in range(MOST + 1)
    ]
    shown = await _subscriptions(portal, await anna.token())
    assert {one["id"] for one in shown} == {one["id"] for one in answers[1:]}


@pytest.mark.parametrize(
    ("locale", "title", "sender"),
    [
        (Locale.DE, "Neue Nachricht in Ihrem Postfach", "Kundenportal Musterland"),
        (Locale.EN, "New message in your postbox", "Customer portal Musterland"),
    ],
)
async def test_F24_F25_X3_a_letter_shows_in_the_browser_beside_the_mail_and_says_nothing(
    portal: Portal, tmp_path: Path, locale: Locale, title: str, sender: str
) -> None:
    anna = await reader(portal, tmp_path)
    async with portal.transaction() as session:
        await session.execute(update(UserAccount).values(locale=locale))
    async with _served(portal) as service:
        browser = service.browser()
        await _subscribe(portal, browser, await anna.token())
        await anna.deliver("Kuendigung")
        pending = await _push_notices(anna, "Kuendigung")
        await _push(portal)
        mail = CaughtMail()
        await deliver_mails(replace(portal.house, mail=mail))
    (taken,) = service.taken
    content = browser.read(taken.body).decode()
    assert json.loads(content) == {"title": title, "text": sender, "page": "postbox"}
    for secret in ("Anna", "Beispiel", "Kuendigung", "Sachversicherung"):
        assert secret not in content
    assert [notice["state"] for notice in pending] == ["PENDING"]
    (notice,) = await _push_notices(anna, "Kuendigung")
    assert notice == pending[0] | {
        "state": "ANNOUNCED",
        "announcedAt": portal.clock.now().isoformat(),
    }
    assert len(mail.sent) == 1
    assert [message.payload for message in await _pushed(portal)] == [b""]


async def test_X3_news_about_a_claim_opens_the_overview(portal: Portal, tmp_path: Path) -> None:
    anna = await reader(portal, tmp_path)
    async with _served(portal) as service:
        browser = service.browser()
        await _subscribe(portal, browser, await anna.token())
        async with portal.transaction() as session:
            await tell_customer(session, portal.house.outbox, anna.account.customer_id)
        await _push(portal)
    (taken,) = service.taken
    assert json.loads(browser.read(taken.body)) == {
        "title": "Neues in Ihrem Kundenportal",
        "text": "Kundenportal Musterland",
        "page": "overview",
    }


@pytest.mark.parametrize("status", [404, 410])
async def test_X3_a_browser_that_is_gone_is_forgotten_and_the_mail_goes_out(
    portal: Portal, tmp_path: Path, status: int
) -> None:
    anna = await reader(portal, tmp_path)
    async with _served(portal) as service:
        service.answers.append((status, {}))
        await _subscribe(portal, service.browser(), await anna.token())
        await anna.deliver("Brief")
        await _push(portal)
        mail = CaughtMail()
        await deliver_mails(replace(portal.house, mail=mail))
        await anna.deliver("Zweiter")
        await _push(portal)
    assert len(service.taken) == 1
    assert await _rows(portal) == 0
    assert len(mail.sent) == 1
    (notice,) = await _push_notices(anna, "Brief")
    assert (notice["state"], notice["failure"]) == ("FAILED", "REFUSED")
    assert await _push_notices(anna, "Zweiter") == []
    async with portal.transaction() as session:
        # Only a mail that fails goes out on paper.
        assert (await session.scalars(select(PrintOrder))).all() == []
    assert (await anna.look())["noticeFailedAt"] is None
    (message,) = await _pushed(portal)
    assert (message.dead_at, message.last_error) == (
        None,
        f"not sent: the browser takes no messages any more ({status})",
    )


async def test_X3_a_busy_push_service_is_asked_again_when_it_says(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    async with _served(portal) as service:
        service.answers += [(429, {"Retry-After": "600"}), (500, {})]
        await _subscribe(portal, service.browser(), await anna.token())
        await anna.deliver("Brief")
        await _push(portal)
        (waiting,) = await _pushed(portal)
        assert waiting.available_at == portal.clock.now() + timedelta(seconds=600)
        portal.clock.travel_to(portal.clock.now() + timedelta(seconds=599))
        await _push(portal)
        assert len(service.taken) == 1
        for _ in range(2):
            portal.clock.travel_to(portal.clock.now() + timedelta(seconds=61))
            await _push(portal)
    assert len(service.taken) == 3
    (notice,) = await _push_notices(anna, "Brief")
    assert notice["state"] == "ANNOUNCED"


async def test_X3_what_no_push_service_takes_for_days_is_given_up(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    async with _served(portal) as service:
        await _subscribe(portal, service.browser(), await anna.token())
        await anna.deliver("Brief")
        portal.clock.travel_to(portal.clock.now() + timedelta(days=3))
        await _push(portal)
    assert service.taken == []
    (notice,) = await _push_notices(anna, "Brief")
    assert (notice["state"], notice["failure"]) == ("FAILED", "GIVEN_UP")
    assert await _rows(portal) == 1


async def test_X3_after_signing_out_nothing_is_shown_not_even_what_waits(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    async with _served(portal) as service:
        token, browser = await anna.token(), service.browser()
        await _subscribe(portal, browser, token)
        await anna.deliver("Wartet")
        await portal.execute(SIGN_OUT, token=token)
        await anna.deliver("Danach")
        await _push(portal)
        assert service.taken == []
        (notice,) = await _push_notices(anna, "Wartet")
        assert (notice["state"], notice["failure"]) == ("FAILED", "REFUSED")
        assert await _push_notices(anna, "Danach") == []
        async with portal.transaction() as session:
            await forget_ended_subscriptions(session)
        assert await _rows(portal) == 0


async def test_X3_a_session_that_expires_goes_on_showing_notices(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    async with _served(portal) as service:
        await _subscribe(portal, service.browser(), await anna.token())
        portal.clock.travel_to(portal.clock.now() + timedelta(days=30))
        async with portal.transaction() as session:
            await forget_ended_subscriptions(session)
        await anna.deliver("Brief")
        await _push(portal)
    assert len(service.taken) == 1


async def test_X3_the_next_session_of_a_browser_takes_its_notices_over(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    before, now = await anna.token(), await anna.token()
    browser = FakeBrowser()
    first = await _subscribe(portal, browser, before)
    assert (await _subscribe(portal, browser, now))["id"] == first["id"]
    await portal.execute(SIGN_OUT, token=before)
    assert [one["id"] for one in await _subscriptions(portal, now)] == [first["id"]]
    await portal.execute(SIGN_OUT, token=now)
    assert await _subscriptions(portal, await anna.token()) == []


async def test_X3_M6_a_deletion_takes_browsers_and_waiting_notices_along(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await reader(portal, tmp_path)
    async with _served(portal) as service:
        await _subscribe(portal, service.browser(), await anna.token())
        await anna.deliver("Brief")
        async with portal.transaction() as session:
            await begin_deletion(
                session,
                portal.house,
                customer_id=anna.account.customer_id,
                reason=DeletionReason.CUSTOMER_SERVICE,
                actor="test",
            )
        await finish_deletions(portal.house)
        await _push(portal)
    assert service.taken == []
    assert await _rows(portal) == 0
    assert await _pushed(portal) == []
    async with portal.transaction() as session:
        pushes = select(Notice).where(Notice.channel == NoticeChannel.PUSH)
        assert (await session.scalars(pushes)).all() == []
