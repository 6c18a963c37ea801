"""The confirmation of a user agreement: a PDF in the postbox, made after the registration."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select

from backend.models.documents import Document
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.terms import AcceptedTerms
from backend.models.user_accounts import UserAccount
from backend.ports import StoreUnavailableError
from backend.services.agreement_confirmations import file_confirmation
from backend.services.documents import open_content
from backend.services.outbox import open_payload
from backend.services.outbox_delivery import file_agreements
from backend.worker import worker_beside
from tests.registering import TERMS, register
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from tests.portal import Portal

POSTBOX = """{ viewer { postbox { unreadCount documents(first: 5) { ... on DocumentConnection {
  nodes { subject sender kind direction isUnread downloadUrl institution { key } } } } } } }"""


async def _agreed(portal: Portal) -> dict[str, str]:
    async with portal.transaction() as session:
        waiting = (
            await session.scalars(
                select(OutboxMessage).where(OutboxMessage.topic == OutboxTopic.AGREEMENT)
            )
        ).one()
    return await open_payload(
        portal.house.sealer, message_id=waiting.message_id, payload=waiting.payload
    )


async def _content(portal: Portal) -> bytes:
    async with portal.transaction() as session:
        document = (await session.scalars(select(Document))).one()
    return b"".join([part async for part in await open_content(portal.house, document)])


async def test_F2_the_confirmation_lies_in_the_postbox(portal: Portal) -> None:
    token = await register(portal)
    assert await file_agreements(portal.house) == 1
    postbox = (await portal.execute(POSTBOX, token=token))["viewer"]["postbox"]
    assert postbox["unreadCount"] == 1
    (document,) = postbox["documents"]["nodes"]
    url = document.pop("downloadUrl")
    assert document == {
        "subject": "Bestätigung Ihres Nutzungsvertrags für das Kundenportal Musterland",
        "sender": "Musterland Lebensversicherung AG",
        "kind": "CONFIRMATION",
        "direction": "INCOMING",
        "isUnread": True,
        "institution": {"key": "leben"},
    }
    response = await portal.client.get(url, headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")
    assert await file_agreements(portal.house) == 0


async def test_F24_the_new_document_is_announced(portal: Portal) -> None:
    await register(portal)
    await file_agreements(portal.house)
    mail = (await mail_payloads(portal))[-1]
    assert mail["subject"] == "Neues Dokument in Ihrem Postfach"


async def test_F3_it_holds_both_texts_in_full_with_version_and_hash(portal: Portal) -> None:
    texts = (await portal.execute(TERMS, {"locale": "DE"}))["terms"]
    await register(portal)
    body = (await _agreed(portal))["body"]
    for text in texts:
        assert f"\n\n---\n\n{text['text']}" in body
        assert f"{text['title']}\nFassung 2026-01-01, SHA-256 {text['sha256']}" in body


@pytest.mark.parametrize(
    ("registered_on", "day", "last_day"),
    [
        ("2026-11-21T12:00:00+01:00", "21. November 2026 um 12:00", "7. Dezember 2026"),
        ("2026-12-11T23:30:00+01:00", "11. Dezember 2026 um 23:30", "28. Dezember 2026"),
    ],
)
async def test_F5_it_tells_the_right_of_withdrawal_and_its_last_day(
    portal: Portal, registered_on: str, day: str, last_day: str
) -> None:
    portal.clock.travel_to(datetime.fromisoformat(registered_on))
    await register(portal)
    body = (await _agreed(portal))["body"]
    assert f"am {day} Uhr" in body
    assert "binnen 14 Tagen ohne Angabe von Gründen" in body
    assert f"Wir nehmen Ihren Widerruf bis zum {last_day}, 24 Uhr an." in body
    assert "+49 ••• 678" in body
    assert "12345678" not in body


async def test_it_is_readable_by_screen_readers_and_for_long(portal: Portal) -> None:
    await register(portal)
    await file_agreements(portal.house)
    with pikepdf.open(io.BytesIO(await _content(portal))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        catalog: Any = pdf.Root
        assert str(catalog.Lang) == "de"
        assert bool(catalog.MarkInfo.Marked)
        assert len(pdf.pages) >= 4


async def test_filed_twice_it_is_there_once(portal: Portal) -> None:
    await register(portal)
    agreed = await _agreed(portal)
    await file_confirmation(portal.house, agreed)
    mails = len(await mail_payloads(portal))
    await file_confirmation(portal.house, agreed)
    async with portal.transaction() as session:
        assert len((await session.scalars(select(Document))).all()) == 1
    assert len(await mail_payloads(portal)) == mails


async def test_an_account_that_is_gone_by_then_gets_none(portal: Portal) -> None:
    await register(portal)
    agreed = await _agreed(portal)
    async with portal.transaction() as session:
        # The rows that point to it are of no interest here.
        for table in ("user_session", "security_event"):
            await session.execute(delete(_table(table)))
        await session.execute(delete(AcceptedTerms))
        await session.execute(delete(UserAccount))
    await file_confirmation(portal.house, agreed)
    async with portal.transaction() as session:
        assert (await session.scalars(select(Document))).all() == []


def _table(name: str) -> Any:
    return UserAccount.metadata.tables[name]


async def test_registering_does_not_wait_for_the_store_and_nothing_is_lost(
    portal: Portal,
) -> None:
    class Down:
        def __getattr__(self, name: str) -> Any:
            raise StoreUnavailableError

    await register(portal)
    assert await file_agreements(replace(portal.house, objects=Down())) == 1
    async with portal.transaction() as session:
        assert (await session.scalars(select(Document))).all() == []
    portal.clock.travel_to(portal.clock.now().replace(hour=23))
    assert await file_agreements(portal.house) == 1
    async with portal.transaction() as session:
        assert len((await session.scalars(select(Document))).all()) == 1


async def test_the_worker_files_it_without_being_asked(portal: Portal) -> None:
    token = await register(portal)
    async with worker_beside(portal.house), asyncio.timeout(30):
        # What a customer does who waits for it.
        while await _unread(portal, token) == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _unread(portal: Portal, token: str) -> int:
    count: int = (await portal.execute(POSTBOX, token=token))["viewer"]["postbox"]["unreadCount"]
    return count
