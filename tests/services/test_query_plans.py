"""What the hot pages ask of the database: an index for each growing table, never a full scan.

The statements are those that a real request sends, caught on their way.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import event, insert, select, text

from backend.clock import BERLIN
from backend.feeds.acknowledgement_records import AcknowledgedOutcome, Acknowledgement
from backend.ids import encode_id
from backend.models.customers import Customer as CustomerModel
from backend.models.customers import CustomerNumber
from backend.models.receipts import ReceiptKind
from backend.models.security_events import SecurityEventKind
from backend.models.user_accounts import UserAccount
from backend.services.acknowledgements import acknowledge
from backend.services.outbox_delivery import transmit_submissions
from backend.services.personal_details_records import apply_due_changes
from backend.services.postbox_changes import look_at_postboxes
from backend.services.receipts import Submission, issue_receipt
from backend.services.security_events import record_event
from backend.services.submission_watch import reroute_overdue
from backend.services.tree_heads import publish_tree_head
from backend.services.upload_inspection import BATCH, inspect_uploads
from tests import factories
from tests.adding import DELETE, add_bank_file, camt
from tests.changing_details import DETAILS, move, resident
from tests.core_answers import settle, submissions
from tests.services import feed_files as feeds
from tests.submitting import BY_HTTP, CaughtCore, connect, submitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.contracts import InsuranceContract, SavingsAccount
    from backend.models.customers import Customer
    from tests.portal import Portal

# Tables that grow with the number of customers, and the names under which plans may show them.
GROWING = (
    "account_transaction",
    "approval",
    "answered_request",
    "bank_account",
    "consent_decision",
    "contract",
    "conversation",
    "customer",
    "customer_number",
    "delivery_decision",
    "device",
    "document",
    "document_word",
    "message",
    "message_attachment",
    "notice",
    "outbox_message",
    "partner",
    "passkey",
    "personal_details_change",
    "personal_details_evidence",
    "print_order",
    "receipt",
    "receipt_entry",
    "security_event",
    "self_added_account",
    "self_added_contract",
    "self_added_document",
    "self_added_statement",
    "self_added_transaction",
    "sepa_mandate",
    "subject_part",
    "submission",
    "submission_step",
    "upload",
    "user_account",
    "user_session",
)

DASHBOARD = """{ viewer { displayName noticeFailedAt session { idleExpiresAt }
  contracts(first: 50) { totalCount pageInfo { hasNextPage } nodes { id number productName status
    institution { name } ... on InsuranceContract { lineOfBusiness premium { amount }
      insuredPersons directDebit { mandateReference } premiumBankAccount { maskedIban } } } }
  savingsAccounts { id iban balance { amount } holders payoutAccount { maskedIban } }
  postbox { unreadCount documents(first: 5) { ... on DocumentConnection {
    totalCount nodes { subject isUnread contract { number } paperOrderedAt
      notices { state } decisionDates { objectionEndsOn } } } } }
  endings { kind endsOn contract { number } }
  consents { state } deliveryPreferences { channel } } }"""
TRANSACTIONS = """query ($id: ID!, $after: String, $filter: TransactionFilter) { node(id: $id) {
  ... on SavingsAccount { transactions(first: 100, after: $after, filter: $filter) {
    totalCount pageInfo { endCursor } nodes { balanceAfter { amount } } } } } }"""
OWN_ADDITIONS = """{ viewer { selfAdded { contractCount documentCount accountCount transactionCount
  contracts { documents { id } } accounts { id balanceHistory { date } transactions(first: 2) {
    totalCount pageInfo { endCursor } nodes { balanceAfter { amount } } } } } } }"""
OWN_PAGE = """query ($id: ID!, $after: String, $filter: TransactionFilter) { node(id: $id) {
  ... on AccountWithTransactions { transactions(after: $after, filter: $filter) { totalCount
    nodes { balanceAfter { amount } } } } } }"""
POSTBOX = """query ($after: String, $filter: DocumentFilter, $orderBy: DocumentOrder!) { viewer {
  postbox { unreadCount documents(first: 20, after: $after, filter: $filter, orderBy: $orderBy) {
    ... on DocumentConnection { totalCount pageInfo { endCursor } nodes { id } } } } } }"""
SECURITY = """query ($after: String) { viewer { passkeys { id } devices { id } sessions { id }
  pendingApprovals { id } securityEvents(first: 1, after: $after) { totalCount
    pageInfo { endCursor } nodes { kind } } } }"""
UPLOAD = "query ($id: ID!) { node(id: $id) { ... on Upload { state } } }"
RECEIPTS = """query ($after: String) { viewer { receipts(first: 2, after: $after) { totalCount
  pageInfo { endCursor } nodes { id subject downloadUrl } } } }"""

SUBMISSIONS = """query ($after: String) { viewer { submissions(first: 2, after: $after) {
  totalCount pageInfo { endCursor } nodes { subject steps { state } receipt { id } } } } }"""

Caught = list[tuple[str, Any]]


@pytest.fixture
def caught(portal: Portal) -> Iterator[Caught]:
    """Statements that read, with their values, as the driver gets them."""
    statements: Caught = []
    engine = portal.house.sessions.kw["bind"].sync_engine

    def catch(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append((statement, values))

    event.listen(engine, "before_cursor_execute", catch)
    yield statements
    event.remove(engine, "before_cursor_execute", catch)


async def _many_customers(portal: Portal) -> tuple[str, SavingsAccount]:
    """Write some customers and return one's token. Nothing is analysed: SQLite plans as in a house
    that never did, and does not scan because a table happens to be small.
    """
    async with portal.transaction() as session:
        for number in range(15):
            person = await factories.customer(session, f"N{number}")
            user = await factories.user_account(session, person)
            insurance = await factories.insurance_contract(session, person)
            account = await factories.savings_account(session, person)
            session.add(
                CustomerNumber(
                    institution_id=insurance.institution_id,
                    number=str(number),
                    customer_id=person.id,
                )
            )
            await _many_rows(session, person, account, insurance)
    return await portal.sign_in(user), account


async def _many_rows(
    session: AsyncSession,
    person: Customer,
    account: SavingsAccount,
    insurance: InsuranceContract,
) -> None:
    day = date(2026, 1, 1)
    transaction = await factories.transaction(session, account, "1.00", day)
    document = await factories.document(
        session, person, datetime(2026, 1, 1, tzinfo=BERLIN), contract_id=insurance.id
    )
    for row, unique in ((transaction, "entry_key"), (document, "external_id")):
        values = {
            column.key: getattr(row, column.key)
            for column in type(row).__table__.columns
            if column.key != "id"
        }
        copies = [
            values | {unique: f"{values[unique]}-{number}"} | _unique_object(values, number)
            for number in range(40)
        ]
        await session.execute(insert(type(row)), copies)


def _unique_object(values: dict[str, Any], number: int) -> dict[str, str]:
    return {"object_key": f"{values['object_key']}-{number}"} if "object_key" in values else {}


async def _explain(portal: Portal, statement: str, values: Any) -> list[str]:
    async with portal.transaction() as session:
        connection = await session.connection()
        return await connection.run_sync(_plan_of, statement, values)


def _plan_of(connection: Connection, statement: str, values: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row[3] for row in rows]
    # These tables are tiny: what counts is what the planner does when scanning is out of the way.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]


async def _assert_indexed(portal: Portal, caught: Caught) -> list[str]:
    """Assert that no statement scans a growing table; return all lines of the plans."""
    assert caught
    lines: list[str] = []
    for statement, values in list(caught):
        names = {name: name for name in GROWING}
        names |= {
            alias: table
            for table, alias in re.findall(r"(\w+) AS (\w+)", statement)
            if table in GROWING
        }
        plan = await _explain(portal, statement, values)
        lines += plan
        scans = [
            line
            for line in plan
            if any(re.search(rf"(?:^SCAN|Seq Scan on(?: \w+)?) {name}\b", line) for name in names)
        ]
        assert scans == [], (statement, plan)
    return lines


async def test_the_dashboard_finds_everything_by_index(portal: Portal, caught: Caught) -> None:
    token, _ = await _many_customers(portal)
    caught.clear()
    await portal.execute(DASHBOARD, token=token)
    lines = await _assert_indexed(portal, caught)
    assert any("ix_partner_customer_id_role_contract_id" in line for line in lines)
    assert any("ix_document_unread" in line for line in lines)


@pytest.mark.parametrize(
    "conditions", [None, {"search": "miete"}, {"minAmount": "0.00", "from": "2026-01-02"}]
)
async def test_a_page_of_transactions_reads_the_index_in_order(
    portal: Portal, caught: Caught, conditions: dict[str, str] | None
) -> None:
    token, account = await _many_customers(portal)
    variables: dict[str, Any] = {"id": encode_id("Contract", account.id), "filter": conditions}
    caught.clear()
    first = await portal.execute(TRANSACTIONS, variables, token=token)
    after = first["node"]["transactions"]["pageInfo"]["endCursor"]
    await portal.execute(TRANSACTIONS, variables | {"after": after}, token=token)
    lines = await _assert_indexed(portal, caught)
    assert any("ix_account_transaction_order" in line for line in lines)


async def test_F9_own_additions_are_found_by_index(portal: Portal, caught: Caught) -> None:
    token, _ = await _many_customers(portal)
    async with portal.transaction() as session:
        for owner in (await session.scalars(select(CustomerModel))).all():
            contract = await factories.self_added_contract(session, owner)
            await factories.self_added_document(session, portal.house, contract, owner)
            account = await factories.self_added_account(session, owner)
            for day in range(1, 29):
                await factories.self_added_transaction(session, account, "1.00", date(2026, 1, day))
    caught.clear()
    found = await portal.execute(OWN_ADDITIONS, token=token)
    (seen,) = found["viewer"]["selfAdded"]["accounts"]
    after = seen["transactions"]["pageInfo"]["endCursor"]
    variables = {"id": seen["id"], "after": after, "filter": {"search": "miete"}}
    await portal.execute(OWN_PAGE, variables, token=token)
    await add_bank_file(portal, token, camt((feeds.statement(), [feeds.entry("1.00", "X")])))
    await portal.execute(DELETE, token=token)
    lines = await _assert_indexed(portal, caught)
    assert any("ix_self_added_transaction_order" in line for line in lines)
    assert any("ix_self_added_contract_customer_id" in line for line in lines)


async def test_the_newest_transactions_are_not_sorted_again(portal: Portal, caught: Caught) -> None:
    token, account = await _many_customers(portal)
    caught.clear()
    await portal.execute(TRANSACTIONS, {"id": encode_id("Contract", account.id)}, token=token)
    [(statement, values)] = [
        (statement, values)
        for statement, values in caught
        if "account_transaction" in statement and "LIMIT" in statement
    ]
    plan = await _explain(portal, statement, values)
    if portal.house.settings.database.startswith("sqlite"):
        assert not any("TEMP B-TREE" in line for line in plan), plan


@pytest.mark.parametrize("order", ["NEWEST_FIRST", "OLDEST_FIRST"])
@pytest.mark.parametrize(
    "conditions",
    [
        None,
        {"direction": "INCOMING"},
        {"isUnread": True},
        {"from": "2026-01-02", "subject": "x"},
        {"subject": "hreib", "isArchived": False},
        {"search": "miete hund"},
    ],
)
async def test_a_page_of_the_postbox_reads_the_index_in_order(
    portal: Portal, caught: Caught, conditions: dict[str, Any] | None, order: str
) -> None:
    token, _ = await _many_customers(portal)
    caught.clear()
    variables = {"filter": conditions, "orderBy": order}
    await portal.execute(POSTBOX, variables, token=token)
    lines = await _assert_indexed(portal, caught)
    assert any("ix_document_" in line for line in lines)
    if portal.house.settings.database.startswith("sqlite") and conditions is None:
        assert not any("TEMP B-TREE" in line for line in lines), lines


@pytest.mark.parametrize("counted_by_index", [0, 3_000])
async def test_what_many_subjects_have_is_found_by_index(
    portal: Portal,
    caught: Caught,
    monkeypatch: pytest.MonkeyPatch,
    counted_by_index: int,
) -> None:
    monkeypatch.setattr("backend.services.postbox_terms._FEW", 0)
    monkeypatch.setattr("backend.services.postbox_terms._MANY", counted_by_index)
    token, _ = await _many_customers(portal)
    caught.clear()
    variables = {"filter": {"subject": "hreib"}, "orderBy": "NEWEST_FIRST"}
    await portal.execute(POSTBOX, variables, token=token)
    lines = await _assert_indexed(portal, caught)
    assert any("ix_document_" in line for line in lines)


async def test_looking_for_changes_is_a_few_look_ups_for_each_session(
    portal: Portal, caught: Caught
) -> None:
    await _many_customers(portal)
    async with portal.transaction() as session:
        accounts = (await session.scalars(select(UserAccount))).all()
    for account in accounts:
        await portal.sign_in(account)
    caught.clear()
    async with portal.transaction() as session:
        looks = await look_at_postboxes(
            session,
            session_ids=range(1, len(accounts)),
            clock=portal.clock,
            policy=portal.house.policy,
        )
    assert len(looks) == len(accounts) - 1
    assert len(caught) == 1
    lines = await _assert_indexed(portal, caught)
    used = {name for line in lines for name in re.findall(r"ix_\w+", line)}
    assert used >= {"ix_message_unread", "ix_conversation_in_order"}
    assert used & {"ix_document_postbox", "ix_document_unread"}


async def test_filtering_by_a_contract_uses_an_index(portal: Portal, caught: Caught) -> None:
    token, account = await _many_customers(portal)
    contract = {"contract": encode_id("Contract", account.id)}
    caught.clear()
    variables = {"filter": contract, "orderBy": "NEWEST_FIRST"}
    await portal.execute(POSTBOX, variables, token=token)
    await _assert_indexed(portal, caught)


async def test_sessions_approvals_and_the_security_log_are_found_by_index(
    portal: Portal, caught: Caught
) -> None:
    token, _ = await _many_customers(portal)
    async with portal.transaction() as session:
        for owner in (await session.scalars(select(UserAccount.id))).all():
            for kind in (SecurityEventKind.SIGNED_IN, SecurityEventKind.SIGN_IN_FAILED):
                record_event(session, kind, user_account_id=owner, clock=portal.clock)
    for _ in range(2):
        await portal.execute(
            'mutation { changePhoneNumber(input: {phoneNumber: "0151 23456789"}) { __typename } }',
            token=token,
        )
    caught.clear()
    first = await portal.execute(SECURITY, token=token)
    assert len(first["viewer"]["pendingApprovals"]) == 2
    assert first["viewer"]["securityEvents"]["totalCount"] == 2
    after = first["viewer"]["securityEvents"]["pageInfo"]["endCursor"]
    await portal.execute(SECURITY, {"after": after}, token=token)
    lines = await _assert_indexed(portal, caught)
    assert any("ix_security_event_in_order" in line for line in lines)


async def test_files_in_quarantine_are_found_by_index(portal: Portal, caught: Caught) -> None:
    token, _ = await _many_customers(portal)
    async with portal.transaction() as session:
        owners = (await session.scalars(select(UserAccount.customer_id))).all()
        rows = [
            await factories.upload(session, owner, number)
            for owner in owners
            for number in range(9)
        ]
    caught.clear()
    await portal.execute(UPLOAD, {"id": encode_id("Upload", rows[0].id)}, token=token)
    assert await inspect_uploads(portal.house) == BATCH
    lines = await _assert_indexed(portal, caught)
    assert any("ix_upload_quarantine" in line for line in lines)


async def test_receipts_and_their_proofs_are_found_by_index(portal: Portal, caught: Caught) -> None:
    token, _ = await _many_customers(portal)
    async with portal.transaction() as session:
        for owner in (await session.scalars(select(UserAccount.customer_id))).all():
            for number in range(3):
                await issue_receipt(
                    session,
                    portal.house,
                    kind=ReceiptKind.APPROVED_OPERATION,
                    customer_id=owner,
                    submission=Submission.of_values("Test", {"number": number}),
                )
    await publish_tree_head(portal.house)
    caught.clear()
    first = await portal.execute(RECEIPTS, token=token)
    found = first["viewer"]["receipts"]
    after = found["pageInfo"]["endCursor"]
    await portal.execute(RECEIPTS, {"after": after}, token=token)
    answer = await portal.client.get(
        found["nodes"][0]["downloadUrl"], headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    lines = await _assert_indexed(portal, caught)
    assert any("ix_receipt_in_order" in line for line in lines)


async def test_submissions_are_found_by_index(portal: Portal, caught: Caught) -> None:
    token, _ = await _many_customers(portal)
    async with portal.transaction() as session:
        owners = (await session.scalars(select(UserAccount.customer_id))).all()
    rows = [await submitted(portal, owner) for owner in owners for _ in range(3)]
    caught.clear()
    found = (await portal.execute(SUBMISSIONS, token=token))["viewer"]["submissions"]
    await portal.execute(SUBMISSIONS, {"after": found["pageInfo"]["endCursor"]}, token=token)
    answer = Acknowledgement(rows[0].uid, AcknowledgedOutcome.CONFIRMED)
    async with portal.transaction() as session:
        await acknowledge(session, portal.house, institution_key="sach", answer=answer)
    assert await reroute_overdue(portal.house)
    lines = await _assert_indexed(portal, caught)
    for index in (
        "ix_submission_in_order",
        "ix_submission_due",
        "ix_submission_step_submission_id",
    ):
        assert any(index in line for line in lines), index


async def test_M2_what_waits_for_a_core_system_is_found_by_index(
    portal: Portal, caught: Caught
) -> None:
    connect(portal, BY_HTTP)
    await _many_customers(portal)
    async with portal.transaction() as session:
        customers = (await session.scalars(select(CustomerModel.id))).all()
    for customer_id in customers:
        for _ in range(3):
            await submitted(portal, customer_id)
    caught.clear()
    while await transmit_submissions(replace(portal.house, core=CaughtCore())):
        pass
    lines = await _assert_indexed(portal, caught)
    assert any("ix_submission_in_order" in line for line in lines)
    # Not by all that wait for the institution: after an outage those are many.
    assert not any("ix_submission_waiting" in line for line in lines)
    assert any("ix_outbox_message_due" in line for line in lines)


async def test_F88_personal_details_and_their_changes_are_found_by_index(
    portal: Portal, caught: Caught
) -> None:
    await _many_customers(portal)
    anna = await resident(portal)
    _, token = await move(portal, anna)
    [submission] = await submissions(portal)
    caught.clear()
    await portal.execute(DETAILS, token=token)
    await settle(portal, submission)
    await apply_due_changes(portal.house.sessions, portal.clock)
    lines = await _assert_indexed(portal, caught)
    assert any("ix_personal_details_change_due" in line for line in lines)


async def test_a_scan_of_a_growing_table_would_be_noticed(portal: Portal, caught: Caught) -> None:
    async with portal.transaction() as session:
        await session.execute(text("SELECT id FROM document AS d WHERE sender = 'x'"))
    with pytest.raises(AssertionError, match="sender"):
        await _assert_indexed(portal, caught)
