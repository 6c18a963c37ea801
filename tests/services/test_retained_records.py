"""Locked records: sealed for one purpose, shown to nobody, gone after their last day (X13)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from backend.models.consents import ConsentDecision, ConsentPurpose, ConsentState
from backend.models.customers import Customer
from backend.models.documents import DocumentDirection, DocumentKind
from backend.models.retained_records import RetainedKind, RetainedRecord
from backend.ports import CipherError
from backend.schema import schema
from backend.services.documents import NewDocument, store_document
from backend.services.retained_records import (
    Retained,
    count_retained,
    delete_expired,
    end_of_year,
    sealing_context,
    years_after,
)
from tests import factories
from tests.leaving import delete_account
from tests.signing_in import person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal


async def _records(portal: Portal) -> Sequence[RetainedRecord]:
    async with portal.transaction() as session:
        return (
            await session.scalars(select(RetainedRecord).order_by(RetainedRecord.retained_until))
        ).all()


async def _open(portal: Portal, record: RetainedRecord, **other: object) -> dict[str, object]:
    values = {
        "kind": record.kind,
        "institution_id": record.institution_id,
        "until": record.retained_until,
        "source": record.source,
    }
    context = sealing_context(Retained(**values | other))  # type: ignore[arg-type]
    content: dict[str, object] = json.loads(
        await portal.house.retention.unseal(record.payload, context)
    )
    return content


async def _with_statement(portal: Portal) -> UserAccount:
    account = await person(portal)

    async def content() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7 Kontoauszug"

    async with portal.transaction() as session:
        owner = await session.get_one(Customer, account.customer_id)
        bank = await factories.institution(session, "bank")
        new = NewDocument(
            institution_id=bank.id,
            customer_id=owner.id,
            customer_uid=owner.uid,
            contract_id=None,
            external_id="1",
            direction=DocumentDirection.INCOMING,
            kind=DocumentKind.ACCOUNT_STATEMENT,
            subject="Kontoauszug",
            sender=bank.name,
            is_official_decision=False,
            document_date=date(2026, 3, 1),
            received_at=portal.clock.now(),
            media_type="application/pdf",
            file_name="Auszug.pdf",
        )
        await store_document(session, portal.house, new=new, content=content())
    return account


async def test_X13_a_statement_is_kept_with_its_content_for_ten_years(portal: Portal) -> None:
    await delete_account(portal, await _with_statement(portal))
    (record,) = await _records(portal)
    assert (record.kind, record.retained_until) == (RetainedKind.ACCOUNTING, date(2036, 12, 31))
    content = await _open(portal, record)
    assert base64.b64decode(str(content["content"])) == b"%PDF-1.7 Kontoauszug"
    assert content["subject"] == "Kontoauszug"


async def test_X13_a_record_opens_for_its_own_purpose_only(portal: Portal) -> None:
    await delete_account(portal, await _with_statement(portal))
    (record,) = await _records(portal)
    for other in (
        {"kind": RetainedKind.HEALTH_BENEFIT},
        {"institution_id": 999},
        {"source": "0" * 64},
    ):
        with pytest.raises(CipherError):
            await _open(portal, record, **other)
    with pytest.raises(CipherError):  # nor by the key of the outbox
        await portal.house.sealer.unseal(record.payload, b"retained")


async def test_X13_movements_are_locked_by_calendar_year_and_old_ones_are_not(
    portal: Portal,
) -> None:
    account = await person(portal)
    async with portal.transaction() as session:
        owner = await session.get_one(Customer, account.customer_id)
        savings = await factories.savings_account(session, owner)
        for day in (date(2015, 12, 31), date(2016, 1, 1), date(2026, 1, 2), date(2026, 5, 4)):
            await factories.transaction(session, savings, "1.00", day)
        await factories.transaction(session, savings, "1.00", date(2026, 5, 5), is_pending=True)
    await delete_account(portal, account)
    records = await _records(portal)
    assert [record.retained_until for record in records] == [date(2026, 12, 31), date(2036, 12, 31)]
    years = [await _open(portal, record) for record in records]
    assert [len(list(year["transactions"])) for year in years] == [1, 2]  # type: ignore[call-overload]
    assert years[0]["people"] == [["Anna", "Beispiel", "1984-03-12"]]


@pytest.mark.parametrize(
    ("granted", "until"), [("2026-03-01", "2031-03-01"), ("2024-02-29", "2029-03-01"),
                           ("2021-11-21", "2026-11-21"), ("2021-11-20", None)]
)  # fmt: skip
async def test_X13_consent_to_calls_is_proved_for_five_years_from_its_last_grant(
    portal: Portal, granted: str, until: str | None
) -> None:
    account = await person(portal)
    async with portal.transaction() as session:
        for purpose in ConsentPurpose:
            for state in (ConsentState.GRANTED, ConsentState.NOT_GRANTED):
                session.add(
                    ConsentDecision(
                        customer_id=account.customer_id,
                        purpose=purpose,
                        state=state,
                        text_version="1",
                        decided_at=datetime.fromisoformat(f"{granted}T12:00:00+00:00"),
                    )
                )
    await delete_account(portal, account)
    records = await _records(portal)
    assert [record.retained_until.isoformat() for record in records] == ([until] if until else [])
    for record in records:
        content = await _open(portal, record)
        assert content["phone_numbers"] == [account.phone_number]
        assert len(list(content["decisions"])) == 2  # type: ignore[call-overload]


async def test_X13_after_its_last_day_a_record_is_deleted(portal: Portal) -> None:
    await delete_account(portal, await _with_statement(portal))
    async with portal.transaction() as session:
        (count,) = await count_retained(session)
    assert (count.kind, count.until, count.records) == (
        RetainedKind.ACCOUNTING,
        date(2036, 12, 31),
        1,
    )
    assert await delete_expired(portal.house, today=date(2036, 12, 31)) == 0
    assert await delete_expired(portal.house, today=date(2037, 1, 1)) == 1
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(RetainedRecord)) == 0


def test_X13_no_schema_shows_a_locked_record() -> None:
    """Only kinds and last days of what would be locked are told, before the deletion."""
    text = schema.as_str()
    assert "LockedRecords" in text
    fields = text.partition("type LockedRecords")[2].partition("}")[0]
    assert "payload" not in text
    assert "source" not in fields


def test_periods_end_with_the_year_or_on_the_day() -> None:
    assert end_of_year(date(2026, 1, 1), 10) == date(2036, 12, 31)
    assert years_after(datetime(2024, 2, 29, tzinfo=UTC).date(), 5) == date(2029, 3, 1)
