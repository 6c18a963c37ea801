"""Documents that reached the customer before there was a portal."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from backend.models.customers import CustomerNumber
from backend.models.documents import Document
from backend.models.outbox import OutboxMessage
from backend.services.imports import import_file
from tests import factories

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal

CONTENT = b"%PDF-1.7 a letter of long ago"


async def _deliver(portal: Portal, folder: Path, **extra: str) -> Document:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        await factories.user_account(session, anna)
        sach = await factories.institution(session)
        session.add(CustomerNumber(institution_id=sach.id, number="S1", customer_id=anna.id))
    entry = {
        "id": "SACH-1", "customer_number": "S1", "contract_number": None, "kind": "LETTER",
        "date": "2016-03-02", "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "subject": "Beitragsrechnung", "official_decision": False, "file": "1.pdf",
        "sender": "Musterland Sachversicherung AG",
    }  # fmt: skip
    (folder / "1.pdf").write_bytes(CONTENT)
    (folder / "manifest.json").write_text(json.dumps([entry | extra]), encoding="utf-8")
    report = await import_file(portal.house, folder / "manifest.json", institution_key="sach")
    assert (report.accepted, list(report.findings)) == (1, [])
    async with portal.transaction() as session:
        return (await session.scalars(select(Document))).one()


async def _count_notices(portal: Portal) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count(OutboxMessage.id))) or 0


async def test_what_was_delivered_before_is_filed_under_its_day_read_and_not_announced(
    portal: Portal, tmp_path: Path
) -> None:
    document = await _deliver(portal, tmp_path, delivered_on="2016-03-04")
    assert document.received_at == datetime(2016, 3, 3, 23, tzinfo=UTC)
    assert not document.is_unread
    assert await _count_notices(portal) == 0


async def test_F24_a_new_document_is_unread_and_announced(portal: Portal, tmp_path: Path) -> None:
    document = await _deliver(portal, tmp_path)
    assert document.received_at == portal.clock.now()
    assert document.is_unread
    assert await _count_notices(portal) == 1
