"""The link of a recovery: the worker finds out whose the address is and sends it, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.models.recoveries import Recovery
from backend.models.security_events import SecurityEventKind
from backend.models.user_accounts import UserAccount
from backend.services import outbox
from backend.services.security_events import record_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.services.outbox import Outbox

LINK_PATH = "/zugang-wiederherstellen"


class MailingHouse(Protocol):
    """What sending a link needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


async def send_recovery_link(house: MailingHouse, asked: Mapping[str, str]) -> None:
    """Send the link to an address that has a user account, and nothing to any other (X19).

    Done twice it is sent once; a recovery that a newer one has closed gets no mail any more.
    """
    async with database.writing(house.sessions) as session:
        found = (
            await session.execute(
                select(Recovery, UserAccount)
                .join(UserAccount, UserAccount.email_address == Recovery.email_address)
                .where(Recovery.id == int(asked["recovery"]), Recovery.user_account_id.is_(None))
            )
        ).one_or_none()
        if found is None:
            return
        recovery, account = found
        recovery.user_account_id = account.id
        recovery.account_version = account.version
        record_event(
            session,
            SecurityEventKind.RECOVERY_STARTED,
            user_account_id=account.id,
            clock=house.clock,
        )
        await outbox.enqueue_worded_mail(
            session,
            house.outbox,
            "recovery",
            email_address=account.email_address,
            locale=recovery.locale,
            link=f"{house.outbox.public_url}{LINK_PATH}#{asked['link']}",
            minutes=asked["minutes"],
        )
