"""Deleting a user account: everything goes, nothing of anybody else, whatever happens meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from sqlalchemy import func, select

from backend.models.contracts import Contract, Partner, PartyRole
from backend.models.customers import Customer, CustomerNumber, FormerCustomer
from backend.models.deletions import AccountDeletion
from backend.models.documents import Document
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.sign_in import AttemptCounter
from backend.models.tables import Base
from backend.models.user_accounts import UserAccount
from backend.ports import KeyDestroyedError
from backend.services import customers, outbox
from backend.services.attempts import Limit, count_first
from backend.services.audit import verify_audit
from backend.services.customer_rows import rows_of
from backend.services.user_account_deletion import finish_deletions
from tests import factories
from tests.leaving import all_rows, decide, delete_account, deliver
from tests.security import canary_world
from tests.signing_in import CaughtMail, mail_payloads, person

if TYPE_CHECKING:
    from tests.leaving import Rows
    from tests.portal import Portal

# Rows that say nothing about customers: what the house did, what it owes, what it is.
_OF_THE_HOUSE = {
    "account_deletion",
    "applied_deletion",
    "attempt_counter",
    "audit_entry",
    "claims_key",
    "consent_text",
    "core_nonce",
    "form",
    "form_word",
    "import_finding",
    "import_run",
    "institution",
    "outbox_message",
    "receipt_entry",
    "receipt_tree_head",
    "registration",
    "retained_record",
}


async def _plant(portal: Portal) -> UserAccount:
    async with portal.transaction() as session:
        owner = await factories.customer(session, "Bea", "Beispiel")
        account = await canary_world.plant(session, portal.house, owner)
    async with portal.transaction() as session:
        found = await session.get_one(UserAccount, account.id)
        found.email_address, found.phone_number = "bea@example.org", "+4915112345699"
        return found


def test_M6_every_table_is_either_a_customers_or_known_to_be_the_houses() -> None:
    """A new table is deleted with its customer by its foreign keys, or it has to be named here."""
    theirs = {table.name for table in rows_of([1], [1])}
    assert {table.name for table in Base.metadata.sorted_tables} == theirs | _OF_THE_HOUSE
    assert theirs.isdisjoint(_OF_THE_HOUSE)


def test_M6_no_table_of_the_house_names_a_customer_by_the_way() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if table.name in _OF_THE_HOUSE
        and ("customer" in column.name or "user_account" in column.name)
    }
    assert named == {"account_deletion.customer_uid"}


async def test_M6_F7_nothing_of_the_customer_is_left_in_any_table(portal: Portal) -> None:
    async with portal.transaction() as session:
        await factories.user_account(session, await factories.customer(session))
        await factories.claims_key(session)
    before = await all_rows(portal)
    account = await _plant(portal)
    await delete_account(portal, account)
    after = await all_rows(portal)
    for table in ("audit_entry", "applied_deletion", "outbox_message", "retained_record"):
        before.pop(table)
        after.pop(table)
    assert after == before


async def test_M6_the_keyset_is_destroyed_and_the_objects_are_gone(portal: Portal) -> None:
    account = await _plant(portal)
    async with portal.transaction() as session:
        customer = await session.get_one(Customer, account.customer_id)
        assert await session.scalar(select(func.count()).select_from(Document))
    assert [info.key async for info in portal.house.objects.list()]
    await delete_account(portal, account)
    with pytest.raises(KeyDestroyedError):
        await portal.house.keys.load(customer.uid)
    assert [info.key async for info in portal.house.objects.list()] == []


async def test_M6_the_journal_says_when_it_began_and_ended(portal: Portal) -> None:
    account = await person(portal)
    await delete_account(portal, account)
    (entry,) = await portal.house.journal.list_after(0, limit=10)
    assert entry.begun_at == entry.finished_at == portal.clock.now()
    async with portal.transaction() as session:
        verified = await verify_audit(session)
    assert (verified.intact, verified.fault) == (2, None)


async def test_F6_nobody_signs_in_from_the_moment_it_was_decided(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    await decide(portal, account)
    assert await portal.execute("{ viewer { displayName } }", token=token) == {"viewer": None}
    async with portal.transaction() as session:
        locked = await session.get_one(UserAccount, account.id)
        assert (locked.email_address, locked.password_hash) != (
            account.email_address,
            account.password_hash,
        )


async def test_M6_others_keep_every_byte_and_joint_contracts_lose_the_party_only(
    portal: Portal,
) -> None:
    async with portal.transaction() as session:
        jonas = await factories.customer(session, "Jonas")
        await factories.user_account(session, jonas)
    alone = await all_rows(portal)
    anna = await person(portal)
    async with portal.transaction() as session:
        leaving = await session.get_one(Customer, anna.customer_id)
        joint = await factories.savings_account(session, jonas, leaving)
        await factories.transaction(session, joint, "5.00", date(2026, 1, 2))
        await factories.document(session, jonas, portal.clock.now(), contract_id=joint.id)
        own = await factories.insurance_contract(session, leaving)
        await factories.partner(session, own, jonas, role=PartyRole.INSURED, sequence=1)
        letter = await factories.document(session, jonas, portal.clock.now(), contract_id=own.id)
    before = await all_rows(portal)
    await delete_account(portal, anna)
    after = await all_rows(portal)
    assert after["customer"] == alone["customer"]
    assert after["user_account"] == alone["user_account"]
    for table in ("account_transaction", "bank_account", "sepa_mandate"):
        assert after[table] == before[table]
    assert _without(after["contract"], "source_digest") == _without(
        [row for row in before["contract"] if row["id"] == joint.id], "source_digest"
    )
    assert after["partner"] == [
        row
        for row in before["partner"]
        if row["contract_id"] == joint.id and row["customer_id"] == jonas.id
    ]
    # What only pointed to a contract that went points nowhere, and is else as it was.
    assert after["document"] == [
        row | ({"contract_id": None} if row["id"] == letter.id else {})
        for row in before["document"]
    ]


async def test_M6_a_person_whose_number_was_linked_goes_with_the_customer(portal: Portal) -> None:
    account = await person(portal)
    async with portal.transaction() as session:
        known = await factories.customer(session, "Anna", "Beispiel")
        sender = await factories.institution(session)
        session.add(
            CustomerNumber(institution_id=sender.id, number="S100001", customer_id=known.id)
        )
        await portal.house.keys.create(known.uid)
        await factories.document(session, known, portal.clock.now())
        await session.flush()
        await customers.link_customer_number(
            session, customer_id=account.customer_id, institution_key="sach", number="S100001"
        )
        assert await session.scalar(select(func.count()).select_from(Customer)) == 1
        assert await session.scalar(select(FormerCustomer.uid)) == known.uid
    await delete_account(portal, account)
    with pytest.raises(KeyDestroyedError):
        await portal.house.keys.load(known.uid)
    journalled = {entry.customer_uid for entry in await portal.house.journal.list_after(0, limit=9)}
    assert len(journalled) == 2
    assert known.uid in journalled


async def test_M6_what_waits_for_the_customer_is_not_sent_and_others_get_theirs(
    portal: Portal,
) -> None:
    anna, berta = await person(portal), await person(portal, "berta@example.org")
    async with portal.transaction() as session:
        for account in (anna, berta):
            await outbox.enqueue_worded_mail(
                session,
                portal.house.outbox,
                "notice",
                email_address=account.email_address,
                locale=account.locale,
            )
            await outbox.enqueue_sms(
                session,
                portal.house.outbox,
                phone_number="+4915112345678" if account is anna else "+4915112345000",
                text="123456",
                expires_at=portal.clock.now(),
            )
    await delete_account(portal, anna)
    mails = [(mail["email_address"], mail["subject"]) for mail in await mail_payloads(portal)]
    assert mails == [
        ("berta@example.org", "Neues Dokument in Ihrem Postfach"),
        ("anna@example.org", "Ihr Benutzerkonto ist gelöscht"),
    ]
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxMessage)) == 3


async def test_M6_a_message_that_names_the_customer_by_id_goes_to_nobody_else(
    portal: Portal,
) -> None:
    anna, berta = await person(portal), await person(portal, "berta@example.org")
    async with portal.transaction() as session:
        for account in (anna, berta):
            payload = {"customer": str(account.customer_id), "subject": "Neues"}
            await outbox.enqueue(session, portal.house.outbox, OutboxTopic.PRODUCT_MAIL, payload)
    await delete_account(portal, anna)
    async with portal.transaction() as session:
        (waiting,) = await session.scalars(
            select(OutboxMessage).where(OutboxMessage.topic == OutboxTopic.PRODUCT_MAIL)
        )
        content = await outbox.open_payload(
            portal.house.sealer, message_id=waiting.message_id, payload=waiting.payload
        )
    assert content["customer"] == str(berta.customer_id)


async def test_M6_a_delivered_certificate_leaves_nothing_in_the_outbox(portal: Portal) -> None:
    await delete_account(portal, await person(portal))
    house = structs.replace(portal.house, mail=CaughtMail())
    assert len(await deliver(house)) == 1
    async with portal.transaction() as session:
        assert (await session.scalars(select(OutboxMessage.payload))).all() == [b""]


async def test_F8_deleting_twice_sends_one_certificate(portal: Portal) -> None:
    account = await person(portal)
    await delete_account(portal, account)
    assert await finish_deletions(portal.house) == 0
    assert len(await mail_payloads(portal)) == 1
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(AccountDeletion)) == 0


async def test_M6_a_contract_that_a_customer_is_only_insured_in_stays_with_its_holder(
    portal: Portal,
) -> None:
    jonas = await person(portal)
    async with portal.transaction() as session:
        insured = await session.get_one(Customer, jonas.customer_id)
        anna = await factories.customer(session)
        contract = await factories.insurance_contract(session, anna)
        await factories.partner(session, contract, insured, role=PartyRole.INSURED, sequence=1)
    await delete_account(portal, jonas)
    async with portal.transaction() as session:
        assert (await session.scalars(select(Contract.id))).all() == [contract.id]
        assert (await session.scalars(select(Partner.customer_id))).all() == [anna.id]


def _without(rows: list[dict[str, Any]], column: str) -> Rows | list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != column} for row in rows]


async def test_M6_what_was_counted_against_the_account_goes_with_it(portal: Portal) -> None:
    """SQLite gives its id to the next account, which would inherit the attempts."""
    account = await _plant(portal)
    theirs = Limit("tan", str(account.id), 3, timedelta(hours=1))
    others = Limit("tan", str(account.id + 1), 3, timedelta(hours=1))
    await count_first(portal.house.sessions, theirs, others, clock=portal.clock)
    await delete_account(portal, account)
    async with portal.transaction() as session:
        left = set(await session.scalars(select(AttemptCounter.scope)))
    assert left == {others.scope}
