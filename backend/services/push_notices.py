"""Notices in browsers: beside the mail, never instead of it, and just as silent about content."""

from __future__ import annotations

import enum
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from backend import database
from backend.models.outbox import OutboxTopic
from backend.push_port import PushEndedError
from backend.services.outbox import enqueue
from backend.services.push_subscriptions import (
    PushHouse,
    find_subscription,
    forget_subscription,
    list_subscriptions,
    open_target,
)
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.database import Sessions
    from backend.models.user_accounts import UserAccount
    from backend.services.outbox import Outbox

# What a device did not show by then is no news: the mail has told it.
KEPT = timedelta(days=3)


class PushPage(enum.Enum):
    """What a notice opens when it is pressed; the service worker knows the pages by these names."""

    POSTBOX = "postbox"
    MESSAGES = "messages"
    OVERVIEW = "overview"


class PushingHouse(PushHouse, Protocol):
    """What sending notices to browsers needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102


async def enqueue_pushes(
    session: AsyncSession, outbox: Outbox, *, account: UserAccount, page: PushPage
) -> Sequence[str]:
    """Show in each browser that asked for it that there is news; return the messages' ids (X3).

    They say nothing about it (F25), and whether they get through changes nothing about the mail.
    """
    text = "overview" if page is PushPage.OVERVIEW else "postbox"
    content = {
        "title": word(f"push.{text}", account.locale),
        "text": word("push.sender", account.locale, group=outbox.group.name),
        "page": page.value,
    }
    expires_at = outbox.clock.now() + KEPT
    return [
        await enqueue(
            session,
            outbox,
            OutboxTopic.PUSH,
            {
                "customer": str(account.customer_id),
                "subscription": subscription.uid,
                "content": json.dumps(content, ensure_ascii=False),
                "topic": page.value,
            },
            expires_at=expires_at,
        )
        for subscription in await list_subscriptions(session, user_account_id=account.id)
    ]


async def push_notice(house: PushingHouse, payload: dict[str, str]) -> None:
    """Send a notice to its browser; one that takes nothing any more is forgotten.

    Raises:
        PushEndedError: the customer, the browser or the operator has ended it.
        DeliveryDeferredError, DeliveryRefusedError: not now, or never.
        CipherError, KeyStoreUnavailableError: nothing can be opened.
    """
    uid = payload["subscription"]
    async with database.reading(house.sessions) as session:
        subscription = await find_subscription(session, uid)
    if subscription is None:
        raise PushEndedError("notices to this browser were ended")
    target = await open_target(house.cipher, subscription)
    try:
        await house.push.send(
            target, payload["content"].encode(), topic=payload["topic"], keep=KEPT
        )
    except PushEndedError:
        async with database.writing(house.sessions) as session:
            await forget_subscription(session, uid)
        raise
