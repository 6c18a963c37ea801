"""The support desk: told of every message for it by a mail without content (F125)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend.clock import BERLIN
from backend.models.support_requests import SupportRequest
from backend.models.user_accounts import Locale
from backend.services.outbox import enqueue_worded_mail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.group import Group
    from backend.models.conversations import Conversation, Message
    from backend.services.outbox import Outbox


class SupportHouse(Protocol):
    """What telling the support desk needs of the portal's wiring."""

    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


async def tell_support_desk(
    session: AsyncSession, house: SupportHouse, conversation: Conversation, message: Message
) -> None:
    """Mail the number of a conversation and what to do; nothing about the customer.

    Mail is neither encrypted nor deleted with the customer's key (decision 26). A house without a
    support desk any more still finds the message in the list of what waits.
    """
    if house.group.support is None:
        return
    await enqueue_worded_mail(
        session,
        house.outbox,
        "support_request",
        email_address=house.group.support.email,
        locale=Locale.DE,
        number=conversation.id,
        received=f"{message.sent_at.astimezone(BERLIN):%d.%m.%Y, %H:%M}",
    )


async def is_support_request(session: AsyncSession, conversation_id: int) -> bool:
    """Tell whether a conversation is one with the support desk."""
    found = await session.scalar(
        select(SupportRequest.id).where(SupportRequest.conversation_id == conversation_id)
    )
    return found is not None
