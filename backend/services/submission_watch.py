"""The watchdog over submissions: whatever is not answered in time takes another way (M2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import bindparam, select

from backend import database
from backend.clock import BERLIN
from backend.models.institutions import Institution
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.submissions import SETTLED, Submission, SubmissionState
from backend.models.user_accounts import Locale
from backend.services.outbox import enqueue_worded_mail
from backend.services.submission_order import let_next_leave
from backend.services.submission_states import advance, lock_submission
from backend.services.submissions import SubmittingHouse
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.database import Sessions
    from backend.group import Group

_BATCH = 50
# Longer than the first repetitions take: whoever looks wants to see what does not mend itself.
_PATIENCE = timedelta(minutes=10)
_OPEN = tuple(state for state in SubmissionState if state not in SETTLED)
_UNANSWERED = (SubmissionState.RECEIVED, SubmissionState.TRANSMITTED)
_OVERDUE = (
    select(Submission.uid)
    .where(Submission.state.in_(_UNANSWERED), Submission.due_at <= bindparam("now"))
    .order_by(Submission.due_at, Submission.id)
    .limit(_BATCH)
)
_GIVEN_UP = (
    select(Submission.uid)
    .join(OutboxMessage, OutboxMessage.message_id == Submission.uid)
    .where(
        OutboxMessage.topic == OutboxTopic.CORE_EVENT,
        OutboxMessage.delivered_at.is_(None),
        OutboxMessage.dead_at.is_not(None),
        Submission.state == SubmissionState.RECEIVED,
    )
    .limit(_BATCH)
)


class WatchingHouse(SubmittingHouse, Protocol):
    """What watching needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102


class OpenSubmission(Value):
    """A submission without an answer, and why; nothing of its content."""

    uid: str
    kind: str
    institution_key: str
    state: str
    created_at: datetime
    due_at: datetime
    is_stuck: bool
    why: str


async def reroute_overdue(house: WatchingHouse) -> int:
    """Ask the service desk about what the core system has not answered in time or won't take.

    From then on the portal does not transmit it any more; a late answer still counts.
    """
    async with database.reading(house.sessions) as session:
        overdue = await session.scalars(_OVERDUE, {"now": house.clock.now()})
        found = dict.fromkeys([*overdue, *await session.scalars(_GIVEN_UP)])
    for uid in found:
        async with database.writing(house.sessions) as session:
            await _reroute(session, house, uid)
    return len(found)


async def tell_desk_it_is_settled(
    session: AsyncSession, house: SubmittingHouse, submission: Submission, institution_key: str
) -> None:
    """Tell the service desk, which was asked before, that the core system has answered late."""
    await _mail_desk(session, house, submission, institution_key, "submission_settled")


async def list_open(session: AsyncSession, *, group: Group, now: datetime) -> list[OpenSubmission]:
    """Return every submission without an answer, the oldest first, each with its explanation."""
    rows = await session.execute(
        select(Submission, Institution.key, OutboxMessage)
        .join(Institution, Institution.id == Submission.institution_id)
        .outerjoin(OutboxMessage, OutboxMessage.message_id == Submission.uid)
        .where(Submission.state.in_(_OPEN))
        .order_by(Submission.id)
    )
    return [_explained(*row, group=group, now=now) for row in rows]


def _explained(
    submission: Submission,
    key: str,
    message: OutboxMessage | None,
    *,
    group: Group,
    now: datetime,
) -> OpenSubmission:
    is_late = submission.created_at + _PATIENCE < now
    match submission.state:
        case SubmissionState.REROUTED:
            at = submission.rerouted_at or now
            address = group.contact_of(key).email
            why = f"the service desk ({address}) was asked on {_told(at)} and has not answered"
            is_stuck = True
        case SubmissionState.TRANSMITTED:
            since, due = _told(submission.transmitted_at or now), _told(submission.due_at)
            why = f"the core system has it since {since}; it answers by {due}"
            is_stuck = submission.due_at <= now
        case _:
            why, is_stuck = _why_it_waits(key, message, group), is_late
    return OpenSubmission(
        uid=submission.uid,
        kind=submission.kind.name,
        institution_key=key,
        state=submission.state.name,
        created_at=submission.created_at,
        due_at=submission.due_at,
        is_stuck=is_stuck,
        why=why,
    )


def _why_it_waits(key: str, message: OutboxMessage | None, group: Group) -> str:
    core = group.core_of(key)
    if core is None:
        return "this institution has no core system; the service desk is asked next"
    if core.channel == "files":
        return "it waits for the next batch of files"
    if message is None or message.delivered_at is not None:
        return "nothing transmits it; the service desk is asked at the deadline"
    if message.dead_at is not None:
        return f"given up: {message.last_error}; the service desk is asked next"
    if message.last_error is None:
        return "it is about to be transmitted"
    return (
        f"attempt {message.attempts} failed: {message.last_error};"
        f" again at {_told(message.available_at)}"
    )


def _told(at: datetime) -> str:
    return f"{at.astimezone(BERLIN):%Y-%m-%d %H:%M}"


async def _reroute(session: AsyncSession, house: SubmittingHouse, uid: str) -> None:
    submission, now = await lock_submission(session, uid), house.clock.now()
    if submission is None:
        return  # its customer has left meanwhile
    has_waited = submission.state is SubmissionState.RECEIVED
    if not advance(session, submission, SubmissionState.REROUTED, at=now):
        return  # answered meanwhile
    if has_waited:
        await let_next_leave(session, submission, now=now)
    key = await session.scalar(
        select(Institution.key).where(Institution.id == submission.institution_id)
    )
    await _mail_desk(session, house, submission, key or "", "submission_rerouted")


async def _mail_desk(
    session: AsyncSession, house: SubmittingHouse, submission: Submission, key: str, words: str
) -> None:
    """Write to the service desk: a reference and what to do, nothing about the customer."""
    names: Sequence[str] = [one.name for one in house.group.institutions if one.key == key]
    await enqueue_worded_mail(
        session,
        house.outbox,
        words,
        email_address=house.group.contact_of(key).email,
        locale=Locale.DE,
        institution=names[0] if names else key,
        kind=word(f"submission.{submission.kind.value}", Locale.DE),
        reference=submission.uid,
        received=f"{submission.created_at.astimezone(BERLIN):%d.%m.%Y, %H:%M}",
    )
