"""Atomic steps of approving: each finds an approval that still waits, or says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from backend import database
from backend.clock import berlin_today
from backend.errors import ApprovalMethodUnavailableError, PasskeyRefusedError
from backend.models.approvals import Approval, ApprovalState
from backend.models.security_events import SecurityEventKind
from backend.services import tans
from backend.services.approvals import belongs_to, why_not
from backend.services.challenges import counting_guess
from backend.services.security_events import record_event

if TYPE_CHECKING:
    from sqlalchemy import ColumnExpressionArgument
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.errors import DomainError
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse


async def update_open(
    session: AsyncSession,
    house: SignInHouse,
    viewer: Viewer,
    approval_id: int,
    *conditions: ColumnExpressionArgument[bool],
    **values: object,
) -> Approval:
    """Change an approval that still waits, in one atomic statement, and return it.

    Raises: why there is none, see `why_not`.
    """
    statement = (
        update(Approval)
        .where(
            *belongs_to(viewer, approval_id),
            Approval.state == ApprovalState.OPEN,
            Approval.expires_at > house.clock.now(),
            *conditions,
        )
        .values(values)
        .returning(Approval)
        .execution_options(synchronize_session=False)
    )
    approval: Approval | None = (await session.scalars(statement)).one_or_none()
    if approval is None:
        raise await _why_not(session, house, viewer, approval_id)
    return approval


async def count_guess(house: SignInHouse, viewer: Viewer, approval_id: int) -> Approval:
    """Count a guess in a transaction of its own: it outlives the refusal that may follow."""
    statement = counting_guess(
        Approval,
        *belongs_to(viewer, approval_id),
        Approval.tan_hash.is_not(None),
        attempts=most_attempts(house),
        clock=house.clock,
    )
    async with database.writing(house.sessions) as session:
        approval: Approval | None = (await session.scalars(statement)).one_or_none()
        if approval is None:
            raise await _why_not(session, house, viewer, approval_id)
        await tans.count_tan_guess(session, house, user_account_id=viewer.id)
    return approval


async def use_nonce(house: SignInHouse, viewer: Viewer, approval_id: int) -> Approval:
    """Use the nonce up and count the attempt; both outlive the refusal that may follow."""
    async with database.writing(house.sessions) as session:
        try:
            return await update_open(
                session,
                house,
                viewer,
                approval_id,
                Approval.nonce.is_not(None),
                Approval.nonce_used_at.is_(None),
                Approval.attempts < most_attempts(house),
                nonce_used_at=house.clock.now(),
                attempts=Approval.attempts + 1,
            )
        except ApprovalMethodUnavailableError as error:
            raise PasskeyRefusedError from error


async def _why_not(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, approval_id: int
) -> DomainError:
    return await why_not(
        session,
        viewer=viewer,
        approval_id=approval_id,
        clock=house.clock,
        attempts=most_attempts(house),
    )


async def note_refusal(house: SignInHouse, approval: Approval, *, conflicted: bool = False) -> None:
    """Write a refused yes into the log and close what can't be approved any more."""
    closing = None
    if conflicted:
        closing = ApprovalState.CONFLICTED
    elif approval.attempts >= most_attempts(house):
        closing = ApprovalState.EXHAUSTED
    async with database.writing(house.sessions) as session:
        if closing is not None:
            await session.execute(
                update(Approval)
                .where(Approval.id == approval.id, Approval.state == ApprovalState.OPEN)
                .values(state=closing, used_at=house.clock.now(), secret=None)
            )
        record_approval(session, house, approval, SecurityEventKind.APPROVAL_REFUSED)


def record_approval(
    session: AsyncSession, house: SignInHouse, approval: Approval, kind: SecurityEventKind
) -> None:
    """Write what became of an approval into the security log, in the summary's words."""
    record_event(
        session,
        kind,
        user_account_id=approval.user_account_id,
        clock=house.clock,
        detail=approval.summary,
    )


def most_attempts(house: SignInHouse) -> int:
    """Return how often one approval may be tried."""
    return house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
