"""Taking submissions to core systems that are reached by HTTP: at least once, each under its id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.models.submissions import Submission, SubmissionState
from backend.ports import DeliveryDeferredError
from backend.services.core_events import event_of, load_addressed
from backend.services.submission_order import is_preceded, let_next_leave
from backend.services.submission_states import advance, lock_submission

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.core_ports import CoreSystems
    from backend.database import Sessions
    from backend.group import Group
    from backend.ports import DocumentCipher


class TransmittingHouse(Protocol):
    """What reaching core systems needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def cipher(self) -> DocumentCipher: ...  # noqa: D102
    @property
    def core(self) -> CoreSystems | None: ...  # noqa: D102


async def transmit(house: TransmittingHouse, uid: str) -> None:
    """Take a submission to its core system, unless something else has become of it (M2).

    Core systems that take files find it in the next batch, and without one the service desk is
    asked. What a customer changed before goes first, so that the last change wins.

    Raises:
        DeliveryDeferredError: not now, or an earlier one waits.
        DeliveryRefusedError: the core system wants no such event.
        KeyStoreUnavailableError, CipherError: nothing can be signed or opened.
    """
    async with database.reading(house.sessions) as session:
        submission = (
            await session.scalars(select(Submission).where(Submission.uid == uid))
        ).one_or_none()
        if submission is None or submission.state is not SubmissionState.RECEIVED:
            return
        (addressed,) = await load_addressed(session, [submission])
        core = house.group.core_of(addressed.institution_key)
        if core is None or core.url is None or house.core is None:
            return
        if await is_preceded(session, submission):
            raise DeliveryDeferredError("an earlier submission of this customer waits")
    event = json.dumps(await event_of(house.cipher, addressed), ensure_ascii=False)
    await house.core.transmit(core.url, event.encode(), uid)
    async with database.writing(house.sessions) as session:
        await note_transmitted(session, house, uid)


async def note_transmitted(session: AsyncSession, house: TransmittingHouse, uid: str) -> None:
    """Write down that the core system has a submission; an answer may have come before."""
    submission = await lock_submission(session, uid)
    if submission is None:
        return  # the customer has left meanwhile
    now = house.clock.now()
    if advance(session, submission, SubmissionState.TRANSMITTED, at=now):
        await let_next_leave(session, submission, now=now)
    else:
        submission.transmitted_at = submission.transmitted_at or now
