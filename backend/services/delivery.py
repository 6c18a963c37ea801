"""How letters reach a customer, by institution (F27-F31, F107)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, or_, select

from backend.models.consents import DeliveryChannel, DeliveryDecision
from backend.models.customers import CustomerNumber
from backend.models.institutions import Institution
from backend.models.user_accounts import UserAccount
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy


class DeliveryPreference(Value):
    """The channel for letters of one institution; `since` is None for paper by default.

    Where it `is_opt_in`, the postbox needs a consent, and PAPER means paper alone (F107).
    """

    institution_id: int
    channel: DeliveryChannel
    since: datetime | None
    is_opt_in: bool

    @property
    def is_paper_only(self) -> bool:
        """Whether letters must not be delivered digitally: nobody consented (F107)."""
        return self.is_opt_in and self.channel is DeliveryChannel.PAPER


_CUSTOMER = bindparam("customer_id", type_=UserAccount.customer_id.type)
_NEWEST = (
    select(func.max(DeliveryDecision.id))
    .where(DeliveryDecision.customer_id == _CUSTOMER)
    .group_by(DeliveryDecision.institution_id)
)
_KNOWN_TO = select(CustomerNumber.institution_id).where(CustomerNumber.customer_id == _CUSTOMER)
_PREFERENCES = (
    select(Institution.id, Institution.kind, DeliveryDecision.channel, DeliveryDecision.decided_at)
    .outerjoin(
        DeliveryDecision,
        (DeliveryDecision.institution_id == Institution.id) & DeliveryDecision.id.in_(_NEWEST),
    )
    .where(or_(Institution.id.in_(_KNOWN_TO), DeliveryDecision.id.is_not(None)))
    .order_by(Institution.id)
)
_REGISTERED_AT = select(UserAccount.created_at).where(UserAccount.customer_id == _CUSTOMER)


async def list_delivery_preferences(
    session: AsyncSession, *, customer_id: int, today: date, policy: Policy
) -> Sequence[DeliveryPreference]:
    """Return the channel for each institution that knows the customer.

    The newest decision counts. Without one, letters of kinds of institutions that the policy
    names are digital from registration on (F27); others stay on paper until the customer opts
    in (F107).
    """
    values = {"customer_id": customer_id}
    registered_at = await session.scalar(_REGISTERED_AT, values)
    digital = policy.postbox.digital_from_registration.on(today)
    opt_in = policy.postbox.opt_in.on(today)
    preferences = []
    for row in await session.execute(_PREFERENCES, values):
        channel, since = DeliveryChannel.PAPER, None
        if row.channel is not None:
            channel, since = row.channel, row.decided_at
        elif row.kind.name in digital:
            channel, since = DeliveryChannel.POSTBOX, registered_at
        is_opt_in = row.kind.name in opt_in
        preferences.append(DeliveryPreference(row.id, channel, since, is_opt_in))
    return preferences
