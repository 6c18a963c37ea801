"""Choosing how the letters of an institution come, from the next one on (F27-F31, F107)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
from backend.errors import NotFoundError
from backend.models.consents import DeliveryChannel, DeliveryDecision
from backend.services.consent_decisions import lock_decisions
from backend.services.consent_texts import APP_COMMUNICATION, keep_text, require_shown
from backend.services.delivery import DeliveryPreference, list_delivery_preferences
from backend.services.institutions import load_institutions

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.dated_texts import DatedText
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse


async def choose_delivery_channel(
    house: SignInHouse,
    *,
    viewer: Viewer,
    institution_id: int,
    channel: DeliveryChannel,
    text_sha256: str | None,
) -> DeliveryPreference:
    """Choose the channel for an institution that knows the viewer (F28).

    Letters of a health fund come digitally once the viewer agrees to the text of the
    App-Kommunikation (F107); going back to paper needs nothing. What was delivered stays where it
    is. Choosing what holds already adds nothing to the log.

    Raises:
        NotFoundError: the institution does not know the viewer.
        InvalidInputError: the text is missing or not the one in force.
    """
    async with database.writing(house.sessions) as session:
        await lock_decisions(session, viewer.customer_id)
        present = await _preference(session, house, viewer, institution_id)
        if present.channel is channel:
            return present
        text = None
        if present.is_opt_in and channel is DeliveryChannel.POSTBOX:
            text = await _agreed_text(session, house, institution_id, text_sha256 or "")
            await keep_text(session, text)
        session.add(
            DeliveryDecision(
                customer_id=viewer.customer_id,
                institution_id=institution_id,
                channel=channel,
                text_version=None if text is None else text.version,
                text_sha256=None if text is None else text.sha256,
                user_session_id=viewer.session_id,
                decided_at=house.clock.now(),
            )
        )
        await session.flush()
        return await _preference(session, house, viewer, institution_id)


async def _preference(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, institution_id: int
) -> DeliveryPreference:
    preferences = await list_delivery_preferences(
        session,
        customer_id=viewer.customer_id,
        today=berlin_today(house.clock),
        policy=house.policy,
    )
    for preference in preferences:
        if preference.institution_id == institution_id:
            return preference
    raise NotFoundError


async def _agreed_text(
    session: AsyncSession, house: SignInHouse, institution_id: int, sha256: str
) -> DatedText:
    institution = (await load_institutions(session, [institution_id]))[institution_id]
    return require_shown(
        house,
        APP_COMMUNICATION,
        sha256,
        day=berlin_today(house.clock),
        institution=institution.name,
    )
