"""Leaving the portal: planting customers, deleting them, and searching what is left of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.deletions import DeletionReason
from backend.models.tables import Base
from backend.services.outbox_delivery import deliver_mails
from backend.services.user_account_deletion import begin_deletion, finish_deletions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import EmailMessage
    from pathlib import Path

    from backend.house import House
    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

Rows = dict[str, list[dict[str, Any]]]


async def decide(portal: Portal, account: UserAccount) -> None:
    """Decide that an account goes, as its customer would."""
    async with portal.transaction() as session:
        await begin_deletion(
            session,
            portal.house,
            customer_id=account.customer_id,
            reason=DeletionReason.SELF_SERVICE,
            actor="customer",
        )


async def delete_account(portal: Portal, account: UserAccount) -> None:
    """Delete an account to the end; its certificate waits in the outbox."""
    await decide(portal, account)
    assert await finish_deletions(portal.house) == 1


async def deliver(house: House) -> list[EmailMessage]:
    """Deliver all mails that wait and return them; the house must have a port that catches them."""
    while await deliver_mails(house):
        pass
    sent: list[EmailMessage] = house.mail.sent  # type: ignore[union-attr]
    return sent


async def all_rows(portal: Portal) -> Rows:
    """Return every row of every table."""
    async with portal.transaction() as session:
        return {
            table.name: [
                dict(row._mapping)
                for row in await session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
        }


def files_with(needles: Iterable[str], *places: Path) -> dict[str, list[str]]:
    """Return the files below some places whose bytes hold a needle, with what they hold."""
    sought = {needle: needle.encode() for needle in needles}
    found = {}
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                held = [needle for needle, raw in sought.items() if raw in content]
                if held:
                    found[str(path)] = held
    return found
