"""The worker: named jobs, each repeated on its own, in the server's process or beside it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
from backend.services.account_locks import tell_locked_accounts
from backend.services.acknowledgements import forget_old_nonces
from backend.services.activation_codes import forget_old_codes
from backend.services.answered_requests import forget_old_answers
from backend.services.approvals import forget_old_approvals
from backend.services.attempts import forget_old_attempts
from backend.services.challenges import forget_old_challenges
from backend.services.claim_documents import forget_old_claim_documents
from backend.services.claim_opening import open_claims
from backend.services.claims_keys import tend_claims_keys
from backend.services.core_files import write_core_files
from backend.services.deletion_requests import forget_old_requests
from backend.services.document_index import index_documents
from backend.services.documents import delete_orphans
from backend.services.nightly_wipe import wipe_at_night
from backend.services.outbox import forget_expired_payloads
from backend.services.outbox_delivery import (
    deliver_mails,
    deliver_product_mails,
    deliver_pushes,
    deliver_sms,
    file_agreements,
    print_documents,
    send_recovery_links,
    transmit_submissions,
    write_recovery_letters,
)
from backend.services.personal_details_records import apply_due_changes
from backend.services.push_subscriptions import forget_ended_subscriptions
from backend.services.recovery import forget_old_recoveries
from backend.services.recovery_letters import forget_old_letters
from backend.services.registration import forget_old_registrations
from backend.services.retained_records import delete_expired
from backend.services.security_events import forget_nobodys_events
from backend.services.submission_watch import reroute_overdue
from backend.services.tree_heads import publish_tree_head
from backend.services.upload_inspection import inspect_uploads
from backend.services.uploads import forget_old_uploads
from backend.services.user_account_deletion import finish_deletions
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

    from backend.house import House

_log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0
_GRACE_SECONDS = 15.0


class Job(Value):
    """Work that comes up again and again.

    `run` does a bounded part of it and returns how much it did: with work left it is called
    again at once, else after `every_seconds`, or when something was put into the outbox.
    """

    name: str
    run: Callable[[House], Awaitable[int]]
    every_seconds: float
    starts_with_outbox: bool = False


async def forget_what_is_over(house: House) -> int:
    """Delete what no rule looks at any more: counters, challenges, what nobody finished."""
    async with database.writing(house.sessions) as session:
        await forget_old_attempts(session, clock=house.clock)
        await forget_old_challenges(session, clock=house.clock)
        await forget_old_approvals(session, clock=house.clock)
        await forget_old_registrations(session, clock=house.clock)
        await forget_old_codes(session, clock=house.clock)
        await forget_old_recoveries(session, clock=house.clock)
        await forget_old_letters(session, clock=house.clock)
        await forget_ended_subscriptions(session)
        await forget_nobodys_events(session, clock=house.clock)
        await forget_old_uploads(session, clock=house.clock)
        await forget_old_claim_documents(session, clock=house.clock)
        await forget_expired_payloads(session, clock=house.clock)
        await forget_old_requests(session, clock=house.clock)
        await forget_old_answers(session, clock=house.clock)
        await forget_old_nonces(session, now=house.clock.now())
    return 0


async def import_feeds(house: House) -> int:
    """Import the feeds that wait in the watched folder or under the watched prefix."""
    if house.settings.import_dir is None and not house.settings.import_s3_prefix:
        return 0
    # Readers of feeds take time and memory that a server without a watched place need not spend.
    from backend.services.import_watch import import_waiting  # noqa: PLC0415

    return await import_waiting(house)


async def take_bounces(house: House) -> int:
    """Read which notices came back to the trustee's mailbox."""
    if house.settings.bounce_maildir is None:
        return 0
    # As above.
    from backend.services.bounces import take_waiting  # noqa: PLC0415

    return await take_waiting(house)


async def apply_personal_details(house: House) -> int:
    """Write confirmed personal details into contracts once their first day has come."""
    return await apply_due_changes(house.sessions, house.clock)


async def delete_orphaned_objects(house: House) -> int:
    """Delete objects that were written before their row, which then never came."""
    await delete_orphans(house.sessions, house.objects)
    return 0


async def delete_expired_records(house: House) -> int:
    """Delete locked records whose time is over."""
    return await delete_expired(house, today=berlin_today(house.clock))


JOBS = (
    Job("sms", deliver_sms, every_seconds=1, starts_with_outbox=True),
    Job("mails", deliver_mails, every_seconds=1, starts_with_outbox=True),
    Job("pushes", deliver_pushes, every_seconds=1, starts_with_outbox=True),
    Job("agreements", file_agreements, every_seconds=1, starts_with_outbox=True),
    Job("uploads", inspect_uploads, every_seconds=1, starts_with_outbox=True),
    Job("claims", open_claims, every_seconds=1, starts_with_outbox=True),
    Job("claims_keys", tend_claims_keys, every_seconds=600),
    Job("recoveries", send_recovery_links, every_seconds=1, starts_with_outbox=True),
    Job("recovery_letters", write_recovery_letters, every_seconds=1, starts_with_outbox=True),
    Job("submissions", transmit_submissions, every_seconds=1, starts_with_outbox=True),
    Job("core_files", write_core_files, every_seconds=5, starts_with_outbox=True),
    Job("personal_details", apply_personal_details, every_seconds=600),
    Job("overdue_submissions", reroute_overdue, every_seconds=10),
    Job("tree_heads", publish_tree_head, every_seconds=60),
    Job("prints", print_documents, every_seconds=5, starts_with_outbox=True),
    Job("product_mails", deliver_product_mails, every_seconds=2, starts_with_outbox=True),
    Job("deletions", finish_deletions, every_seconds=1, starts_with_outbox=True),
    Job("retention", delete_expired_records, every_seconds=3600),
    Job("wipe", wipe_at_night, every_seconds=1800),
    Job("locks", tell_locked_accounts, every_seconds=10),
    Job("search_index", index_documents, every_seconds=5),
    Job("imports", import_feeds, every_seconds=2),
    Job("bounces", take_bounces, every_seconds=30),
    Job("orphans", delete_orphaned_objects, every_seconds=3600),
    Job("forget", forget_what_is_over, every_seconds=600),
)


async def run_worker(house: House, stop: asyncio.Event, jobs: Sequence[Job] = JOBS) -> None:
    """Repeat all jobs until `stop` is set; what has been begun is finished."""
    async with asyncio.TaskGroup() as tasks:
        for job in jobs:
            tasks.create_task(_repeat(job, house, stop), name=f"worker:{job.name}")


@asynccontextmanager
async def worker_beside(house: House, jobs: Sequence[Job] = JOBS) -> AsyncGenerator[None]:
    """Run the worker in the background of a server, stopped in good order with it."""
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(house, stop, jobs))
    try:
        yield
    finally:
        stop.set()
        # Cancelled when it takes too long: a lease brings back what it could not finish.
        with suppress(TimeoutError):
            await asyncio.wait_for(worker, _GRACE_SECONDS)


async def _repeat(job: Job, house: House, stop: asyncio.Event) -> None:
    failures = 0
    while not stop.is_set():
        if job.starts_with_outbox:
            house.work_waits.clear()
        try:
            done = await job.run(house)
            failures = 0
        except Exception as error:  # noqa: BLE001  # the worker outlives any failure of a job
            done = 0
            failures += 1
            _log.error("job_failed", extra={"job": job.name, "failures": failures}, exc_info=error)
        if not done:
            pause = min(_LONGEST_PAUSE, job.every_seconds * 2 ** min(failures, 10))
            pause = max(pause, job.every_seconds)
            nudge = house.work_waits if job.starts_with_outbox and not failures else None
            await _pause(pause, stop, nudge)


async def _pause(seconds: float, *events: asyncio.Event | None) -> None:
    """Wait for the first of the events, or some seconds."""
    waits = [asyncio.ensure_future(event.wait()) for event in events if event is not None]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
