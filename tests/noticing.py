"""A customer who gets letters, and what the portal says of their notices."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.customers import CustomerNumber
from backend.models.print_orders import PrintOrder
from backend.services.imports import import_file
from tests import factories
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

ADDRESS = "anna@example.org"
DELIVERY = """{ viewer { noticeFailedAt postbox { documents(orderBy: OLDEST_FIRST) {
  ... on DocumentConnection { nodes { id subject receivedAt firstOpenedAt firstDownloadedAt
    paperOrderedAt downloadUrl
    notices { channel state emailAddress announcedAt failedAt failure }
    decisionDates { notifiedAt deemedAnnouncedOn firstRetrievedAt objectionEndsOn } } } } } } }"""
OPEN = "mutation ($id: ID!) { openDocument(input: {document: $id}) { __typename } }"


@dataclass(frozen=True)
class Reader:
    """Somebody with a user account, whom institutions know by a number."""

    portal: Portal
    account: UserAccount
    folder: Path

    async def token(self) -> str:
        """Sign in anew: tests travel further than a session lives."""
        return await self.portal.sign_in(self.account)

    async def deliver(self, name: str, *, institution_key: str = "sach", **values: Any) -> None:
        """Let a letter come in."""
        number = f"{institution_key}-{self.account.customer_id}"
        entry = feeds.letter(name, subject=name, customer_number=number, **values)
        path = await asyncio.to_thread(feeds.manifest_file, self.folder / name, entry)
        report = await import_file(self.portal.house, path, institution_key=institution_key)
        assert report.accepted == 1, report

    async def look(self) -> dict[str, Any]:
        """Return the viewer with all letters."""
        data = await self.portal.execute(DELIVERY, token=await self.token())
        viewer: dict[str, Any] = data["viewer"]
        return viewer

    async def letters(self) -> dict[str, dict[str, Any]]:
        """Return all letters by subject."""
        nodes = (await self.look())["postbox"]["documents"]["nodes"]
        return {node["subject"]: node for node in nodes}

    async def open(self, name: str) -> None:
        """Open a letter."""
        given = {"id": (await self.letters())[name]["id"]}
        opened = await self.portal.execute(OPEN, given, token=await self.token())
        assert opened == {"openDocument": {"__typename": "Document"}}

    async def fetch(self, name: str, suffix: str = "", method: str = "GET") -> int:
        """Fetch the content of a letter and return the status."""
        url = (await self.letters())[name]["downloadUrl"] + suffix
        headers = {"Authorization": f"Bearer {await self.token()}"}
        return (await self.portal.client.request(method, url, headers=headers)).status_code


async def reader(portal: Portal, folder: Path, *keys: str, email_address: str = ADDRESS) -> Reader:
    """Write a customer who is known to institutions."""
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        account = await factories.user_account(session, anna, email_address=email_address)
        for key in keys or ("sach",):
            institution = await factories.institution(session, key)
            session.add(
                CustomerNumber(
                    institution_id=institution.id,
                    number=f"{key}-{anna.id}",
                    customer_id=anna.id,
                )
            )
    return Reader(portal, account, folder)


async def print_orders(portal: Portal) -> Sequence[PrintOrder]:
    """Return what was ordered on paper."""
    async with portal.transaction() as session:
        return (await session.scalars(select(PrintOrder).order_by(PrintOrder.id))).all()
