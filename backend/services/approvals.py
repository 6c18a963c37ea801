"""Approvals: storing a sensitive operation until the customer says yes to exactly this one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import delete, exists, select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import (
    ApprovalExpiredError,
    ApprovalMethodUnavailableError,
    ApprovalUsedUpError,
    ConflictError,
    NotFoundError,
)
from backend.models.approvals import Approval, ApprovalMethod, ApprovalState
from backend.models.user_accounts import Passkey, UserAccount
from backend.services.approval_operations import OperationInput, canonical_input
from backend.services.attempts import Limit, count_attempts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.errors import DomainError
    from backend.models.user_accounts import Locale
    from backend.services.approval_operations import Operation
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

_I = TypeVar("_I", bound=OperationInput)


async def open_approval(
    house: SignInHouse,
    operation: Operation[_I],
    given: _I,
    *,
    viewer: Viewer,
    locale: Locale,
    secret: str | None = None,
) -> Approval:
    """Store an operation for the customer to approve, bound to this session (F22, M3).

    Good for 10 minutes, once. `secret` is kept beside it until the execution and no longer.

    Raises:
        ApprovalMethodUnavailableError: this session has no way to approve it.
        TooManyAttemptsError: the account asked for too many approvals in an hour.
    """
    now = house.clock.now()
    rules = house.policy.approvals
    today = berlin_today(house.clock)
    async with database.writing(house.sessions) as session:
        version = await operation.load_version(session, viewer.id)
        allows_passkey, allows_tan = await _ways_of(session, viewer)
        approval = Approval(
            user_account_id=viewer.id,
            user_session_id=viewer.session_id,
            operation=operation.name,
            input=canonical_input(given, secret),
            expected_version=version,
            secret=secret,
            summary=operation.summarise(given, locale),
            locale=locale,
            state=ApprovalState.OPEN,
            allows_passkey=allows_passkey and ApprovalMethod.PASSKEY in operation.methods,
            allows_tan=allows_tan and ApprovalMethod.TAN in operation.methods,
            attempts=0,
            created_at=now,
            expires_at=now + timedelta(minutes=rules.minutes.on(today)),
        )
        if not approval.methods:
            raise ApprovalMethodUnavailableError
        limit = Limit(
            "approvals", str(viewer.id), rules.opened_per_hour.on(today), timedelta(hours=1)
        )
        await count_attempts(session, limit, clock=house.clock)
        session.add(approval)
        await session.flush()
    return approval


async def find_approval(
    session: AsyncSession, *, viewer: Viewer, approval_id: int
) -> Approval | None:
    """Return an approval if this very session opened it; else None, foreign and absent alike."""
    statement = select(Approval).where(*belongs_to(viewer, approval_id))
    return (await session.scalars(statement)).one_or_none()


async def list_pending_approvals(
    session: AsyncSession, *, viewer: Viewer, clock: Clock, attempts: int
) -> Sequence[Approval]:
    """Return what this session still waits to approve, the newest first."""
    statement = (
        select(Approval)
        .where(
            Approval.user_session_id == viewer.session_id,
            Approval.state == ApprovalState.OPEN,
            Approval.attempts < attempts,
            Approval.expires_at > clock.now(),
        )
        .order_by(Approval.id.desc())
    )
    return (await session.scalars(statement)).all()


def belongs_to(viewer: Viewer, approval_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an approval is this one, of this account and session."""
    return (
        Approval.id == approval_id,
        Approval.user_account_id == viewer.id,
        Approval.user_session_id == viewer.session_id,
    )


async def why_not(
    session: AsyncSession, *, viewer: Viewer, approval_id: int, clock: Clock, attempts: int
) -> DomainError:
    """Return why an approval can't be given (this way)."""
    approval = await find_approval(session, viewer=viewer, approval_id=approval_id)
    if approval is None:
        return NotFoundError()
    if approval.state is ApprovalState.CONFLICTED:
        return ConflictError()
    if approval.used_at is not None or approval.attempts >= attempts:
        return ApprovalUsedUpError()
    if approval.expires_at <= clock.now():
        return ApprovalExpiredError()
    return ApprovalMethodUnavailableError()


async def load_account_version(session: AsyncSession, user_account_id: int) -> int:
    """Lock a user account until the transaction ends and return its version."""
    return (
        await session.scalars(
            select(UserAccount.version).where(UserAccount.id == user_account_id).with_for_update()
        )
    ).one()


async def close_approvals_of(session: AsyncSession, *, user_account_id: int, clock: Clock) -> None:
    """Let nothing be approved any more of what an account still waits for."""
    await session.execute(
        update(Approval)
        .where(Approval.user_account_id == user_account_id, Approval.state == ApprovalState.OPEN)
        .values(state=ApprovalState.CONFLICTED, used_at=clock.now(), secret=None)
    )


async def forget_old_approvals(session: AsyncSession, *, clock: Clock) -> None:
    """Delete what was never approved, with its input; what was approved stays as evidence."""
    await session.execute(
        delete(Approval).where(
            Approval.state.in_(state for state in ApprovalState if state != ApprovalState.APPROVED),
            Approval.expires_at < clock.now() - timedelta(hours=1),
        )
    )


async def phone_number_for_tans(session: AsyncSession, viewer: Viewer) -> str | None:
    """Return where a TAN of this session may go; None if the number is newer than the session.

    Whoever changed the number here must not approve more with it (DOMAIN.md).
    """
    account = (await session.scalars(select(UserAccount).where(UserAccount.id == viewer.id))).one()
    changed_at = account.phone_number_changed_at
    if changed_at is not None and changed_at >= viewer.signed_in_at:
        return None
    return account.phone_number


async def _ways_of(session: AsyncSession, viewer: Viewer) -> tuple[bool, bool]:
    has_passkey = await session.scalar(select(exists().where(Passkey.user_account_id == viewer.id)))
    return bool(has_passkey), await phone_number_for_tans(session, viewer) is not None
