"""Resolve consents and delivery preferences."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.services import consents, delivery
from backend.services.consents import Consent
from backend.services.delivery import DeliveryPreference


async def list_consents(info: Info) -> Sequence[Consent]:
    """List every purpose with the viewer's decision."""
    async with info.context.transaction() as session:
        return await consents.list_consents(session, customer_id=info.context.signed_in.customer_id)


async def list_delivery_preferences(info: Info) -> Sequence[DeliveryPreference]:
    """List how letters reach the viewer."""
    async with info.context.transaction() as session:
        return await delivery.list_delivery_preferences(
            session,
            customer_id=info.context.signed_in.customer_id,
            today=info.context.today,
            policy=info.context.house.policy,
        )


async def find_consent(session: AsyncSession, context: Context, consent_id: int) -> Consent | None:
    """Find a consent for `node`."""
    return await consents.find_consent(
        session, customer_id=context.signed_in.customer_id, consent_id=consent_id
    )
