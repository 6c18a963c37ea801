"""After a deletion the core systems go on: what their next files bring is somebody new (F8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.clock import BERLIN
from backend.models.contracts import Contract, Partner
from backend.models.customers import Customer
from backend.models.documents import Document
from backend.models.imports import ImportFinding
from backend.services.imports import import_file
from backend.services.restored_deletions import reapply_deletions
from tests import factories
from tests.leaving import delete_account
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

TOMORROW = feeds.DAY + timedelta(days=1)


async def _register(portal: Portal, given_name: str = "Anna") -> UserAccount:
    """Give somebody whom a feed brought a user account."""
    async with portal.transaction() as session:
        found = await session.scalars(select(Customer).where(Customer.given_name == given_name))
        return await factories.user_account(session, found.one())


async def _customers(portal: Portal) -> Sequence[Customer]:
    async with portal.transaction() as session:
        return (await session.scalars(select(Customer).order_by(Customer.id))).all()


async def test_F8_M6_the_next_file_brings_a_new_person_whom_the_journal_leaves_alone(
    portal: Portal, tmp_path: Path
) -> None:
    await import_file(portal.house, feeds.gdv_file(tmp_path / "a.gdv", feeds.contract()))
    (before,) = await _customers(portal)
    await delete_account(portal, await _register(portal))
    assert await _customers(portal) == []

    newer = feeds.gdv_file(tmp_path / "b.gdv", feeds.contract(), as_of=TOMORROW)
    report = await import_file(portal.house, newer)
    assert (report.accepted, report.findings) == (1, [])
    (after,) = await _customers(portal)
    assert after.given_name == "Anna"
    assert after.uid != before.uid
    assert await reapply_deletions(portal.house, from_the_beginning=True) == 0
    assert [customer.uid for customer in await _customers(portal)] == [after.uid]

    # A letter to the number reaches the new person, with a key of their own.
    await import_file(portal.house, feeds.manifest_file(tmp_path / "letters", feeds.letter()))
    async with portal.transaction() as session:
        (document,) = await session.scalars(select(Document))
    assert (document.customer_id, document.key_owner) == (after.id, after.uid)


async def test_F8_M6_the_next_file_brings_the_party_of_a_joint_account_back(
    portal: Portal, tmp_path: Path
) -> None:
    jonas = feeds.holder("100002", first_name="Jonas", salutation="1", birth_date="1982-07-30")
    joint = feeds.account(holders=[feeds.holder(), jonas])
    await import_file(portal.house, feeds.accounts_file(tmp_path / "a.jsonl", joint))
    await delete_account(portal, await _register(portal))
    async with portal.transaction() as session:
        partners = (await session.scalars(select(Partner.given_name))).all()
        assert partners == ["Jonas"]
        assert (await session.scalars(select(Contract.source_digest))).all() == [None]

    at = datetime(2026, 11, 21, 6, tzinfo=BERLIN)
    again = feeds.accounts_file(tmp_path / "b.jsonl", joint | {"updated_at": at.isoformat()})
    await import_file(portal.house, again)
    async with portal.transaction() as session:
        people = await session.execute(
            select(Partner.given_name, Customer.uid)
            .join(Customer, Customer.id == Partner.customer_id)
            .order_by(Partner.sequence)
        )
        assert [row.given_name for row in people] == ["Anna", "Jonas"]
    assert await reapply_deletions(portal.house, from_the_beginning=True) == 0


async def test_M6_findings_of_imports_that_name_the_customer_go_and_others_stay(
    portal: Portal, tmp_path: Path
) -> None:
    stranger = feeds.letter("D-2", customer_number="999999")
    hers = feeds.letter("D-1", contract_number="HR77777")
    await import_file(portal.house, feeds.gdv_file(tmp_path / "a.gdv", feeds.contract("HR77777")))
    await import_file(portal.house, feeds.manifest_file(tmp_path / "m", hers, stranger))
    async with portal.transaction() as session:
        session.add(
            ImportFinding(
                import_run_id=1, line=7, record="contract HR77777", field=None, reason="odd"
            )
        )
    account = await _register(portal)
    async with portal.transaction() as session:
        before = {finding.record for finding in await session.scalars(select(ImportFinding))}
    assert before == {"document D-2", "contract HR77777"}
    await delete_account(portal, account)
    async with portal.transaction() as session:
        after = {finding.record for finding in await session.scalars(select(ImportFinding))}
    assert after == {"document D-2"}
