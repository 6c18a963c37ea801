"""The worker: jobs run side by side, survive failures and stop in good order."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import func, select

from backend.models.sign_in import AttemptCounter, Challenge
from backend.services.attempts import Limit, count_first
from backend.services.outbox_delivery import deliver_sms
from backend.services.passkey_sign_in import start_sign_in
from backend.worker import Job, forget_what_is_over, run_worker, worker_beside
from tests.signing_in import CaughtSms, ask_for_tan, person

if TYPE_CHECKING:
    from backend.house import House
    from tests.portal import Portal


async def test_a_tan_leaves_the_house_without_polling(portal: Portal) -> None:
    class Signalling(CaughtSms):
        async def send(self, phone_e164: str, text: str, idempotency_key: str) -> None:
            await super().send(phone_e164, text, idempotency_key)
            arrived.set()

    arrived = asyncio.Event()
    sms = Signalling()
    await person(portal)
    jobs = [Job("sms", deliver_sms, every_seconds=3600, starts_with_outbox=True)]
    async with worker_beside(replace(portal.house, sms=sms), jobs):
        await asyncio.sleep(0.1)  # it has found nothing and waits
        await ask_for_tan(portal)
        await asyncio.wait_for(arrived.wait(), 10)
    assert len(sms.sent) == 1


async def test_a_failing_job_neither_ends_the_worker_nor_stops_others(portal: Portal) -> None:
    runs = 0
    stop = asyncio.Event()

    async def fail(_: House) -> int:
        raise RuntimeError

    async def count(_: House) -> int:
        nonlocal runs
        runs += 1
        if runs == 3:
            stop.set()
        return 1

    jobs = [Job("fails", fail, every_seconds=0.01), Job("counts", count, every_seconds=0.01)]
    await asyncio.wait_for(run_worker(portal.house, stop, jobs), 10)
    assert runs == 3


async def test_stopping_lets_what_was_begun_finish(portal: Portal) -> None:
    async def work(_: House) -> int:
        begun.set()
        await asyncio.sleep(0.05)
        finished.append(True)
        return 0

    begun = asyncio.Event()
    finished: list[bool] = []
    async with worker_beside(portal.house, [Job("works", work, every_seconds=60)]):
        await begun.wait()
    assert finished == [True]


async def test_counters_and_challenges_do_not_pile_up(portal: Portal) -> None:
    await count_first(
        portal.house.sessions,
        Limit("test", "anna", 5, timedelta(days=1)),
        clock=portal.clock,
    )
    await start_sign_in(portal.house, client_address="192.0.2.7")
    portal.clock.travel_to(portal.clock.now() + timedelta(days=2))
    await forget_what_is_over(portal.house)
    async with portal.transaction() as session:
        for table in (AttemptCounter, Challenge):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
