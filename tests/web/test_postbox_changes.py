"""The stream that tells an open page that its postbox changed, on both databases."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.models.customers import CustomerNumber
from backend.models.documents import Document
from backend.models.sign_in import UserSession
from backend.services import sessions
from backend.services.postbox_changes import look_at_postboxes
from backend.web import postbox_streams
from tests import factories
from tests.event_streams import PATH, EventStream, listening
from tests.security.statements import statements_of
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.customers import Customer
    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

ROOT = Path(__file__).parents[2]
VIEWER = "{ viewer { session { idleExpiresAt } } }"
LOCK = "mutation { lockUserAccount { __typename } }"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often: no test waits a second."""
    monkeypatch.setattr(postbox_streams, "LOOK_EVERY_SECONDS", 0.02)


async def _customer(portal: Portal, name: str = "Anna") -> tuple[Customer, UserAccount]:
    async with portal.transaction() as session:
        customer = await factories.customer(session, name)
        return customer, await factories.user_account(session, customer)


async def _deliver(portal: Portal, owner: Customer, **values: Any) -> Document:
    async with portal.transaction() as session:
        received_at = values.pop("received_at", portal.clock.now())
        return await factories.document(session, owner, received_at, **values)


async def _looks(portal: Portal, count: int = 3) -> None:
    """Wait until the streams were looked at some more times."""
    with statements_of(portal) as statements:
        async with asyncio.timeout(30):
            while sum("FROM user_session" in one for one in statements) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_F23_a_letter_is_told_to_its_owner_and_to_nobody_else(portal: Portal) -> None:
    anna, anna_account = await _customer(portal)
    _, jonas_account = await _customer(portal, "Jonas")
    anna_token = await portal.sign_in(anna_account)
    jonas_token = await portal.sign_in(jonas_account)
    async with listening(portal, anna_token) as hers, listening(portal, jonas_token) as his:
        assert hers.status == his.status == 200
        assert hers.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert hers.headers["cache-control"] == "no-store, no-transform"
        await _deliver(portal, anna)
        assert await hers.next_event() == "change"
        await _deliver(portal, anna)
        assert await hers.next_event() == "change"
        await _looks(portal)
        assert hers.waiting() == []
        assert his.waiting() == []


async def test_F84_an_answer_and_what_is_read_on_another_device_are_told(portal: Portal) -> None:
    anna, account = await _customer(portal)
    letter = await _deliver(portal, anna)
    token = await portal.sign_in(account)
    async with listening(portal, token) as stream:
        async with portal.transaction() as session:
            await factories.answer(session, anna, portal.clock.now())
        assert await stream.next_event() == "change"
        async with portal.transaction() as session:
            await session.execute(
                update(Document)
                .where(Document.id == letter.id)
                .values(first_opened_at=portal.clock.now())
            )
        assert await stream.next_event() == "change"


async def test_what_arrives_later_is_told_when_it_shows_and_paper_never(portal: Portal) -> None:
    anna, account = await _customer(portal)
    token = await portal.sign_in(account)
    async with listening(portal, token) as stream:
        await _deliver(portal, anna, is_paper_only=True)
        await _deliver(portal, anna, received_at=portal.clock.now() + timedelta(minutes=1))
        await _looks(portal)
        assert stream.waiting() == []
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
        assert await stream.next_event() == "change"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"origin": "https://evil.example"}, 403), ({"sec-fetch-site": "cross-site"}, 403)],
)
async def test_signed_out_and_foreign_pages_are_refused(
    portal: Portal, headers: dict[str, str], status: int
) -> None:
    async with listening(portal, None, headers) as stream:
        assert stream.status == status
        assert stream.is_over
    assert len(portal.app.state.postbox_streams) == 0


async def test_an_ended_session_ends_its_stream_and_no_other(portal: Portal) -> None:
    anna, account = await _customer(portal)
    ended, kept = await portal.sign_in(account), await portal.sign_in(account)
    async with listening(portal, ended) as first, listening(portal, kept) as second:
        await portal.execute("mutation { signOut { isSignedOut } }", token=ended)
        assert await first.next_event() == "end"
        assert await first.next_event() == ""
        await _deliver(portal, anna)
        assert await second.next_event() == "change"
    async with listening(portal, ended) as again:
        assert again.status == 401


async def test_F72_locking_the_account_ends_every_stream(portal: Portal) -> None:
    _, account = await _customer(portal)
    tokens = [await portal.sign_in(account) for _ in range(2)]
    async with listening(portal, tokens[0]) as first, listening(portal, tokens[1]) as second:
        await portal.execute(LOCK, token=tokens[0])
        for stream in (first, second):
            assert await stream.next_event() == "end"
            assert await stream.next_event() == ""


async def test_a_renewed_token_takes_the_stream_of_the_old_one(portal: Portal) -> None:
    anna, account = await _customer(portal)
    token = await portal.sign_in(account)
    async with listening(portal, token) as stream:
        async with portal.transaction() as session:
            row = (await session.scalars(select(UserSession))).one()
            renewed = await sessions.renew_token(session, session_id=row.id)
        assert await stream.next_event() == ""
    assert renewed is not None
    async with listening(portal, renewed) as stream:
        await _deliver(portal, anna)
        assert await stream.next_event() == "change"


async def test_neither_a_stream_nor_what_it_asks_for_keeps_a_session_alive(portal: Portal) -> None:
    _, account = await _customer(portal)
    token = await portal.sign_in(account)
    before = await portal.execute(VIEWER, token=token)
    async with listening(portal, token) as stream:
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=14))
        by_itself = {"Kundenportal-Unattended": "1"}
        assert await portal.execute(VIEWER, token=token, headers=by_itself) == before
        await _looks(portal)
        assert not stream.is_over
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
        assert await stream.next_event() == "end"
    assert await portal.execute(VIEWER, token=token) == {"viewer": None}


async def test_a_request_of_a_person_keeps_the_session_and_its_stream(portal: Portal) -> None:
    _, account = await _customer(portal)
    token = await portal.sign_in(account)
    async with listening(portal, token) as stream:
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=14))
        await portal.execute(VIEWER, token=token)
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=2))
        await _looks(portal)
        assert stream.waiting() == []
        assert not stream.is_over


async def test_one_query_looks_at_the_postboxes_of_all_who_listen(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await _customer(portal, f"N{number}") for number in range(12)]
    tokens = [await portal.sign_in(account) for _, account in people]
    async with AsyncExitStack() as stack:
        streams: list[EventStream] = [
            await stack.enter_async_context(listening(portal, token)) for token in tokens * 2
        ]
        looked_at: list[int] = []
        look_at = look_at_postboxes

        async def counted(session: AsyncSession, **named: Any) -> Any:
            looked_at.append(len(named["session_ids"]))
            return await look_at(session, **named)

        monkeypatch.setattr("backend.web.postbox_streams.look_at_postboxes", counted)
        with statements_of(portal) as statements:
            while len(looked_at) < 4:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert set(looked_at) == {len(people)}
        # BEGIN aside; the last look may be under way.
        queries = [one for one in statements if "FROM" in one]
        assert len(looked_at) - 1 <= len(queries) <= len(looked_at)
        assert [event for stream in streams for event in stream.waiting()] == []


async def test_streams_are_few_for_a_session_and_bounded_for_the_process(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, account = await _customer(portal)
    token = await portal.sign_in(account)
    most = postbox_streams.MOST_STREAMS_OF_A_SESSION
    async with AsyncExitStack() as stack:
        streams = await asyncio.gather(
            *(stack.enter_async_context(listening(portal, token)) for _ in range(most + 4))
        )
        assert sorted(stream.status for stream in streams) == [200] * most + [429] * 4
        refused = next(stream for stream in streams if stream.status == 429)
        assert refused.headers["retry-after"] == "60"
        other = await portal.sign_in(account)
        monkeypatch.setattr(postbox_streams, "MOST_STREAMS", most)
        async with listening(portal, other) as stream:
            assert stream.status == 429
    assert len(portal.app.state.postbox_streams) == 0
    async with listening(portal, token) as stream:
        assert stream.status == 200


async def test_who_hangs_up_is_forgotten_and_nobody_looks_any_more(portal: Portal) -> None:
    _, account = await _customer(portal)
    token = await portal.sign_in(account)
    for _ in range(30):
        async with listening(portal, token) as stream:
            assert stream.status == 200
    streams = portal.app.state.postbox_streams
    assert len(streams) == 0
    assert streams._of_session == {}
    await asyncio.wait_for(streams._task, 5)
    with statements_of(portal) as statements:
        await asyncio.sleep(0.1)
    assert statements == []


async def test_a_silent_stream_has_a_heartbeat(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postbox_streams, "HEARTBEAT_SECONDS", 0.02)
    _, account = await _customer(portal)
    async with listening(portal, await portal.sign_in(account)) as stream:
        await stream.heartbeat()
        assert stream.waiting() == []


async def test_a_database_that_fails_for_a_moment_ends_no_stream(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, account = await _customer(portal)
    async with listening(portal, await portal.sign_in(account)) as stream:
        look_at = look_at_postboxes
        failed = asyncio.Event()

        async def fail_once(*arguments: Any, **named: Any) -> Any:
            if not failed.is_set():
                failed.set()
                raise OSError("gone")
            return await look_at(*arguments, **named)

        monkeypatch.setattr("backend.web.postbox_streams.look_at_postboxes", fail_once)
        await failed.wait()
        await _deliver(portal, anna)
        assert await stream.next_event() == "change"


async def test_the_end_of_the_server_ends_streams_without_signing_anybody_out(
    portal: Portal,
) -> None:
    _, account = await _customer(portal)
    async with listening(portal, await portal.sign_in(account)) as stream:
        portal.app.state.postbox_streams.end_all()
        assert await stream.next_event() == ""


async def test_a_head_request_opens_no_stream(portal: Portal) -> None:
    _, account = await _customer(portal)
    token = await portal.sign_in(account)
    answer = await portal.client.head(PATH, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert len(portal.app.state.postbox_streams) == 0


async def test_F23_a_letter_that_a_worker_process_imports_is_told(
    portal: Portal, tmp_path: Path
) -> None:
    # The worker's clock is the machine's: the letter must not lie in the portal's future.
    portal.clock.travel_to(datetime.now(UTC) + timedelta(minutes=5))
    anna, account = await _customer(portal)
    inbox = tmp_path / "inbox" / "sach"
    async with portal.transaction() as session:
        sender = await factories.institution(session)
        session.add(CustomerNumber(institution_id=sender.id, number="100001", customer_id=anna.id))
    async with listening(portal, await portal.sign_in(account)) as stream:
        process = _worker(portal, inbox.parent)
        try:
            feeds.manifest_file(inbox, feeds.letter())
            assert await stream.next_event() == "change"
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 30)
    async with portal.transaction() as session:
        assert (await session.scalars(select(Document.subject))).all() == ["Ihre Rechnung"]


def _worker(portal: Portal, inbox: Path) -> subprocess.Popen[bytes]:
    settings = portal.house.settings
    return subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "worker"],
        env=os.environ
        | {
            "KUNDENPORTAL_DATA_DIR": str(settings.data_dir),
            "KUNDENPORTAL_DATABASE_URL": settings.database,
            "KUNDENPORTAL_IMPORT_DIR": str(inbox),
            "PYTHONPATH": str(ROOT),
        },
    )
