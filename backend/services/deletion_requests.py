"""Deletion through customer service: one employee asks for it, another one confirms (F6)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, select

from backend.clock import berlin_today
from backend.errors import DomainError, NotFoundError
from backend.models.customers import Customer
from backend.models.deletions import DeletionReason, DeletionRequest
from backend.models.user_accounts import UserAccount
from backend.services import customers
from backend.services.audit import append_audit
from backend.services.deletion_work import OpeningHouse
from backend.services.outbox import enqueue_worded_mail
from backend.services.user_account_deletion import begin_deletion
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.policy import Policy


class RequestingHouse(OpeningHouse, Protocol):
    """What customer service's deletions need of the portal's wiring."""

    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102


class SamePersonError(DomainError):
    """Whoever asked for a deletion does not confirm it (four eyes)."""


class AlreadyRequestedError(DomainError):
    """A deletion of this customer waits already; `request_id` says which."""

    def __init__(self, request_id: int) -> None:
        super().__init__(str(request_id))
        self.request_id = request_id


class WaitingRequest(Value):
    """A request that waits to be confirmed; the customer is named by uid only."""

    id: int
    customer_uid: str
    requested_by: str
    requested_at: datetime
    expires_at: datetime


async def request_deletion(
    session: AsyncSession, house: RequestingHouse, *, institution_key: str, number: str
) -> DeletionRequest:
    """Ask for the deletion of the user account of the customer behind a number; tells the customer.

    Raises:
        NotFoundError: nobody with this number has a user account.
        AlreadyRequestedError: it waits to be confirmed.
    """
    customer = await customers.find_by_number(
        session, institution_key=institution_key, number=number
    )
    if customer is None:
        raise NotFoundError
    account = await session.scalar(
        select(UserAccount).where(UserAccount.customer_id == customer.id)
    )
    if account is None:
        raise NotFoundError
    await forget_old_requests(session, clock=house.clock)
    waiting = await session.scalar(
        select(DeletionRequest.id).where(DeletionRequest.customer_id == customer.id)
    )
    if waiting is not None:
        raise AlreadyRequestedError(waiting)
    days = house.policy.deletion.request_days.on(berlin_today(house.clock))
    now = house.clock.now()
    request = DeletionRequest(
        customer_id=customer.id,
        requested_by=house.actor,
        requested_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(request)
    await session.flush()
    await enqueue_worded_mail(
        session,
        house.outbox,
        "deletion_requested",
        email_address=account.email_address,
        locale=account.locale,
    )
    await _note(session, house, "user_account.deletion_requested", customer.uid, request.id)
    return request


async def confirm_deletion(
    session: AsyncSession, house: RequestingHouse, *, request_id: int
) -> None:
    """Begin the deletion that somebody else asked for.

    Raises:
        NotFoundError: no such request, or it is too old, or the user account is gone.
        SamePersonError: the one who asked must not confirm.
    """
    found = (
        await session.execute(
            select(DeletionRequest, Customer.uid)
            .join(Customer, Customer.id == DeletionRequest.customer_id)
            .where(DeletionRequest.id == request_id, DeletionRequest.expires_at > house.clock.now())
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError
    request, uid = found
    if request.requested_by == house.actor:
        raise SamePersonError
    await _note(session, house, "user_account.deletion_confirmed", uid, request.id)
    await begin_deletion(
        session,
        house,
        customer_id=request.customer_id,
        reason=DeletionReason.CUSTOMER_SERVICE,
        actor=house.actor,
    )
    await session.delete(request)
    await session.flush()


async def list_requests(session: AsyncSession, *, clock: Clock) -> Sequence[WaitingRequest]:
    """Return the requests that can be confirmed, oldest first."""
    rows = await session.execute(
        select(
            DeletionRequest.id,
            Customer.uid,
            DeletionRequest.requested_by,
            DeletionRequest.requested_at,
            DeletionRequest.expires_at,
        )
        .join(Customer, Customer.id == DeletionRequest.customer_id)
        .where(DeletionRequest.expires_at > clock.now())
        .order_by(DeletionRequest.id)
    )
    return [WaitingRequest(*row) for row in rows]


async def forget_old_requests(session: AsyncSession, *, clock: Clock) -> None:
    """Delete what nobody confirmed in time."""
    await session.execute(delete(DeletionRequest).where(DeletionRequest.expires_at <= clock.now()))


async def _note(
    session: AsyncSession, house: RequestingHouse, action: str, customer_uid: str, request_id: int
) -> None:
    await append_audit(
        session,
        actor=house.actor,
        action=action,
        subject=customer_uid,
        detail={"request": request_id},
        clock=house.clock,
    )
