"""A customer who has a row in every table, with a canary in every text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import insert, select, update

from backend.models.contracts import FixedTermDeposit, PartyRole
from backend.models.conversations import Conversation, Message, MessageSender
from backend.models.documents import DocumentDirection, DocumentKind
from backend.models.insurance_details import Coverage, MotorDetails
from backend.models.submissions import SubmissionKind
from backend.models.tables import Amount, Base, UtcDateTime
from backend.models.uploads import UploadPurpose
from backend.services.documents import NewDocument, store_document
from backend.services.sealed_texts import seal_text
from backend.services.submissions import seal_refusal_reason, submit
from tests import factories

if TYPE_CHECKING:
    import enum
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.house import House
    from backend.models.customers import Customer
    from backend.models.user_accounts import UserAccount

# Even masked to its first four letters it is told from everything else.
CANARY = "CANA"
SINCE = datetime(2026, 1, 2, tzinfo=UTC)
TABLES = Base.metadata.tables
# Names under which content and keys are found, and the hash of the password: painted over, the
# customer could not read it.
_ADDRESSES = {
    ("customer", "uid"),
    ("document", "object_key"),
    ("document", "key_owner"),
    ("document", "uid"),
    ("document", "sha256"),
    ("conversation", "uid"),
    ("conversation", "key_owner"),
    ("message", "uid"),
    ("message", "key_owner"),
    ("claim", "idempotency_key"),
    ("claim_part", "object_key"),
    ("claim_part", "key_owner"),
    ("self_added_document", "object_key"),
    ("self_added_document", "key_owner"),
    ("self_added_document", "sha256"),
    ("submission", "uid"),
    ("submission", "key_owner"),
    ("user_account", "password_hash"),
}
# Where no receipt will be issued meanwhile.
_BEHIND_THE_LOG = 10**9
_ROWS = {"consent_decision": 3, "passkey": 3, "bank_account": 2}


async def plant(session: AsyncSession, house: House, owner: Customer) -> UserAccount:
    """Write everything that a customer can have and paint its texts."""
    before = {name: await _largest_id(session, table) for name, table in _with_ids()}
    password_hash = await house.password_hasher.hash(f"{CANARY}-password")
    account = await factories.user_account(session, owner, password_hash=password_hash)
    contract_id = await _plant_contracts(session, owner)
    for number in range(6):
        await _plant_document(session, house, owner, number)
    for number in range(14):
        await factories.document(
            session, owner, SINCE, subject=f"{number}", contract_id=contract_id
        )
    await _plant_conversation(session, house, owner)
    await _plant_submissions(session, house, owner)
    for purpose in UploadPurpose:
        await factories.upload(session, owner.id, purpose=purpose)
    await _plant_self_added(session, house, owner)
    await factories.claim(session, owner)
    await _fill_other_tables(session, before | {"customer": owner.id - 1})
    for name, table in _with_ids():
        if name in customer_tables() or name == "customer":
            largest = before[name] if name != "customer" else owner.id - 1
            await _paint(session, table, largest)
    await session.refresh(account)
    return account


async def _plant_contracts(session: AsyncSession, owner: Customer) -> int:
    for _ in range(4):
        contract = await factories.insurance_contract(
            session,
            owner,
            details=MotorDetails(licence_plate=f"{CANARY}-plate", model=f"{CANARY}-model"),
            coverages=[Coverage(name=f"{CANARY}-coverage")],
        )
        await factories.partner(session, contract, owner, role=PartyRole.INSURED, sequence=1)
    for _ in range(3):
        savings = await factories.savings_account(session, owner)
        for day in range(1, 28):
            await factories.transaction(session, savings, "1.00", date(2026, 3, day))
    values = await factories._contract_values(session, "bank")
    deposit = FixedTermDeposit(**values | {"line_code": "", "currency": "EUR"})
    session.add(deposit)
    await session.flush()
    await factories.partner(session, deposit, owner, role=PartyRole.ACCOUNT_HOLDER)
    return contract.id


async def _plant_conversation(session: AsyncSession, house: House, owner: Customer) -> None:
    with_whom = (await factories.institution(session)).id
    conversation = Conversation(
        uid=f"{owner.uid}c",
        customer_id=owner.id,
        institution_id=with_whom,
        subject=await _sealed(house, owner, f"conversation:{owner.uid}c"),
        key_owner=owner.uid,
        started_at=SINCE,
        last_message_at=SINCE,
    )
    session.add(conversation)
    await session.flush()
    message = Message(
        uid=f"{owner.uid}m",
        customer_id=owner.id,
        conversation_id=conversation.id,
        sender=MessageSender.INSTITUTION,
        case_handler="",
        text=await _sealed(house, owner, f"message:{owner.uid}m"),
        key_owner=owner.uid,
        sent_at=SINCE,
    )
    session.add(message)
    await session.flush()


async def _plant_submissions(session: AsyncSession, house: House, owner: Customer) -> None:
    for kind in SubmissionKind:
        submission = await submit(
            session,
            house,
            customer_id=owner.id,
            institution_id=(await factories.institution(session)).id,
            kind=kind,
            subject=f"{CANARY}-submission-subject-{owner.id}",
            payload={"iban": f"{CANARY}-submission-payload-{owner.id}"},
        )
        submission.refusal_reason = await seal_refusal_reason(
            house.cipher, submission, f"{CANARY}-submission-reason-{owner.id}"
        )
    await session.flush()


async def _sealed(house: House, owner: Customer, place: str) -> bytes:
    text = f"{CANARY}-{place.partition(':')[0]}-sealed-{owner.id}"
    return await seal_text(house.cipher, owner=owner.uid, place=place, text=text)


async def _plant_document(
    session: AsyncSession, house: House, owner: Customer, number: int
) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield f"%PDF-1.7 {CANARY}-content-{number}".encode()

    sender = await factories.institution(session)
    await store_document(
        session,
        house,
        new=NewDocument(
            institution_id=sender.id,
            customer_id=owner.id,
            customer_uid=owner.uid,
            contract_id=None,
            external_id=f"{CANARY}-{owner.id}-{number}",
            direction=DocumentDirection.INCOMING,
            kind=DocumentKind.LETTER,
            subject="",
            sender="",
            is_official_decision=False,
            document_date=SINCE.date(),
            received_at=SINCE + timedelta(days=1),
            media_type="application/pdf",
            file_name="letter.pdf",
        ),
        content=content(),
    )


async def _plant_self_added(session: AsyncSession, house: House, owner: Customer) -> None:
    contract = await factories.self_added_contract(session, owner)
    content = f"%PDF-1.7 {CANARY}-self-added".encode()
    await factories.self_added_document(session, house, contract, owner, content)
    for day in range(1, 5):
        account = await factories.self_added_account(session, owner)
        await factories.self_added_transaction(session, account, "1.00", date(2026, 3, day))
    # One more, so that a file outlives the contract that a test removes.
    await factories.self_added_contract(session, owner)


def customer_tables() -> set[str]:
    """Return the tables whose rows belong to a customer, however many steps away.

    A contract names nobody: its partners do.
    """
    found = {"customer", "contract"}
    while True:
        more = {
            table.name
            for table in TABLES.values()
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return found - {"customer"}
        found |= more


def _with_ids() -> list[tuple[str, sa.Table]]:
    return [(table.name, table) for table in Base.metadata.sorted_tables if "id" in table.c]


async def _largest_id(session: AsyncSession, table: sa.Table) -> int:
    return await session.scalar(select(sa.func.max(table.c.id))) or 0


async def _fill_other_tables(session: AsyncSession, before: dict[str, int]) -> None:
    """Write rows of every table that has none of this customer yet."""
    for name, table in _with_ids():
        if name not in customer_tables() or await _largest_id(session, table) > before[name]:
            continue
        for number in range(_ROWS.get(name, 1)):
            row = {
                column.name: await _value(session, column, number, before)
                for column in table.columns
                if not column.primary_key
            }
            await session.execute(insert(table).values(row))


async def _value(
    session: AsyncSession, column: sa.Column[Any], number: int, before: dict[str, int]
) -> object:
    for key in column.foreign_keys:
        other = key.column.table
        own = select(sa.func.min(other.c.id)).where(other.c.id > before.get(other.name, 0))
        return await session.scalar(own) or await session.scalar(select(sa.func.min(other.c.id)))
    kind = column.type
    if isinstance(kind, sa.Enum):
        members: Sequence[enum.Enum] = list(kind.enum_class or ())
        return members[number % len(members)]
    if isinstance(kind, sa.String):
        return f"{CANARY}-{column.table.name}-{column.name}-{number}"
    if column.nullable:
        return None
    if isinstance(kind, sa.LargeBinary):
        return f"{column.name}{number}".encode()
    for known, value in (
        (UtcDateTime, SINCE),
        (Amount, Decimal(1)),
        (sa.Boolean, False),
        (sa.Date, SINCE.date()),
        (sa.Integer, number + (_BEHIND_THE_LOG if column.name == "position" else 0)),
    ):
        if isinstance(kind, known):
            return value
    raise TypeError(f"{column}: say what a row holds here")


async def _paint(session: AsyncSession, table: sa.Table, after: int) -> None:
    painted: dict[str, Any] = {
        name: sa.literal(f"{CANARY}-{table.name}-{name}-") + sa.cast(table.c.id, sa.String)
        for name in texts_of(table.name)
    }
    if painted:
        await session.execute(update(table).where(table.c.id > after).values(painted))


def texts_of(table_name: str) -> set[str]:
    """Return the columns of a table that carry a canary."""
    return {
        column.name
        for column in TABLES[table_name].columns
        if isinstance(column.type, sa.String)
        and not isinstance(column.type, sa.Enum)
        and (table_name, column.name) not in _ADDRESSES
    }
