"""A deletion that is killed at any of its steps is finished by whoever comes next."""

from __future__ import annotations

import asyncio
import os
import signal
import traceback
import uuid
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from backend import database
from backend.app import open_house
from backend.models.customers import Customer
from backend.models.deletions import AccountDeletion, DeletionReason
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.models.outbox import OutboxMessage
from backend.models.retained_records import RetainedRecord
from backend.ports import KeyDestroyedError
from backend.services.documents import NewDocument, store_document
from backend.services.user_account_deletion import begin_deletion, finish_deletions
from tests import factories

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import StoppedClock
    from backend.house import House
    from backend.settings import Settings

# More than a deletion has; the test sees to it that the last ones were not reached.
_MOST_STEPS = 60


class _Countdown:
    """Kills this process with the n-th step, as a power cut would."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def dying(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = await work(*args, **kwargs)
            self.step()
            return result

        return dying


def _mine(house: House, countdown: _Countdown) -> None:
    """Let every step outside the main database, and every transaction in it, count."""
    for port, names in (
        (house.journal, ("begin", "finish")),
        (house.keys, ("destroy",)),
        (house.objects, ("delete",)),
    ):
        for name in names:
            setattr(port, name, countdown.around(getattr(port, name)))
    writing = database.writing

    @asynccontextmanager
    async def counted(sessions: database.Sessions) -> AsyncIterator[Any]:
        countdown.step()
        async with writing(sessions) as session:
            yield session
            countdown.step()  # all is written, nothing committed
        countdown.step()

    database.writing = counted


def _run_and_die(settings: Settings, clock: StoppedClock, steps: int) -> bool:
    """Finish deletions in a process that dies at a step; tell whether it died."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)

    async def run() -> None:
        async with open_house(settings, clock=clock) as house:
            _mine(house, _Countdown(steps))
            await finish_deletions(house)

    try:
        asyncio.run(run())
        os._exit(0)
    except BaseException:  # noqa: BLE001  # the child must never go on as a test
        traceback.print_exc()
        os._exit(1)


async def _plant(settings: Settings, clock: StoppedClock) -> str:
    """Decide the deletion of somebody with two documents, one of which the law keeps."""
    async with open_house(settings, clock=clock) as house:
        async with database.writing(house.sessions) as session:
            owner = await factories.customer(session)
            await factories.user_account(session, owner)
            await factories.insurance_contract(session, owner)
            for kind in (DocumentKind.LETTER, DocumentKind.ACCOUNT_STATEMENT):
                await _store(session, house, owner, kind)
        async with database.writing(house.sessions) as session:
            await begin_deletion(
                session,
                house,
                customer_id=owner.id,
                reason=DeletionReason.SELF_SERVICE,
                actor="customer",
            )
        return owner.uid


async def _store(session: AsyncSession, house: House, owner: Customer, kind: DocumentKind) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7"

    bank = await factories.institution(session, "bank")
    new = NewDocument(
        institution_id=bank.id,
        customer_id=owner.id,
        customer_uid=owner.uid,
        contract_id=None,
        external_id=uuid.uuid4().hex,
        direction=DocumentDirection.INCOMING,
        kind=kind,
        subject="",
        sender="",
        is_official_decision=False,
        document_date=date(2026, 3, 1),
        received_at=factories.CREATED,
        media_type="application/pdf",
        file_name="letter.pdf",
    )
    await store_document(session, house, new=new, content=content())


async def _finish_and_look(settings: Settings, clock: StoppedClock, uid: str, people: int) -> None:
    """Finish what was begun: nothing may be left but what the law keeps, and one certificate."""
    async with open_house(settings, clock=clock) as house:
        await finish_deletions(house)
        async with database.reading(house.sessions) as session:
            counts = [
                await session.scalar(select(func.count()).select_from(table))
                for table in (Customer, Document, AccountDeletion, RetainedRecord, OutboxMessage)
            ]
        # One locked statement and one mail each: none is lost, none is there twice.
        assert counts == [0, 0, 0, people, people]
        assert [info async for info in house.objects.list()] == []
        with pytest.raises(KeyDestroyedError):
            await house.keys.load(uid)
        entries = await house.journal.list_after(0, limit=1000)
        assert len(entries) == people
        assert entries[-1].customer_uid == uid


def test_M6_a_deletion_killed_at_any_step_is_finished_by_the_next(
    settings: Settings, clock: StoppedClock
) -> None:
    for steps in range(1, _MOST_STEPS):
        uid = asyncio.run(_plant(settings, clock))
        died = _run_and_die(settings, clock, steps)
        asyncio.run(_finish_and_look(settings, clock, uid, people=steps))
        if not died:
            assert steps > 15
            return
    raise AssertionError("a deletion has more steps than this test looks at")
